import type { ForeignAffairsBankSettings } from '../../../gateway-settings.ts'
import type { Words } from '../../../shop/contract.ts'
import { type ConnectionReport, Refused } from '../../gateway.ts'
import { certificateAdvice } from '../banks/certificate.ts'
import { checkNetwork, silence } from '../calls/call.ts'
import { orderProcessing } from './client.ts'

/** The bank has no call that only says hello, so an order that cannot be there is asked for. */
const NOBODYS_ORDER = '00000000-0000-0000-0000-000000000000'

/** Tries id, secret and addresses. Never throws. */
export async function testConnection(settings: ForeignAffairsBankSettings): Promise<ConnectionReport> {
  const began = performance.now()
  const mode = new URL(settings.apiUrl).hostname.endsWith('.tfeb.gov.tm') ? 'live' : 'test'
  const report = (ok: boolean, answer: Words, advice: Words): ConnectionReport => ({
    ok,
    mode,
    latencyMs: Math.round(performance.now() - began),
    answer,
    advice,
  })
  try {
    const { status } = await orderProcessing(settings, 10_000).call('GET', `/${NOBODYS_ORDER}`)
    return report(true, { key: 'ready.test.foreignAffairsBank.in', values: { status } }, '')
  } catch (error) {
    return report(false, silence(error), adviceFor(error))
  }
}

function adviceFor(error: unknown): Words {
  if (error instanceof Refused) return { key: 'ready.test.foreignAffairsBank.key' }
  return (
    certificateAdvice(error) ?? checkNetwork('FOREIGN_AFFAIRS_BANK_API_URL', 'FOREIGN_AFFAIRS_BANK_TOKEN_URL')
  )
}
