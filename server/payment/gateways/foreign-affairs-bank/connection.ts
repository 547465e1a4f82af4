import type { ForeignAffairsBankSettings } from '../../../gateway-settings.ts'
import { type ConnectionReport, Refused } from '../../gateway.ts'
import { certificateAdvice } from '../banks/certificate.ts'
import { orderProcessing } from './client.ts'

/** The bank has no call that only says hello, so an order that cannot be there is asked for. */
const NOBODYS_ORDER = '00000000-0000-0000-0000-000000000000'

/** Tries id, secret and addresses. Never throws. */
export async function testConnection(settings: ForeignAffairsBankSettings): Promise<ConnectionReport> {
  const began = performance.now()
  const mode = new URL(settings.apiUrl).hostname.endsWith('.tfeb.gov.tm') ? 'live' : 'test'
  const report = (ok: boolean, answer: string, advice: string): ConnectionReport => ({
    ok,
    mode,
    latencyMs: Math.round(performance.now() - began),
    answer,
    advice,
  })
  try {
    const { status } = await orderProcessing(settings, 10_000).call('GET', `/${NOBODYS_ORDER}`)
    return report(true, `let in, and answered ${status} for an order that is not there`, '')
  } catch (error) {
    return report(false, error instanceof Error ? error.message : String(error), adviceFor(error))
  }
}

function adviceFor(error: unknown): string {
  if (error instanceof Refused) {
    return 'Copy FOREIGN_AFFAIRS_BANK_CLIENT_ID and FOREIGN_AFFAIRS_BANK_CLIENT_SECRET anew from the bank, and leave FOREIGN_AFFAIRS_BANK_TOKEN_URL out if the bank gave you none. Then start again'
  }
  return (
    certificateAdvice(error) ??
    'Check the network, FOREIGN_AFFAIRS_BANK_API_URL and FOREIGN_AFFAIRS_BANK_TOKEN_URL, then try again'
  )
}
