import type { HalkbankSettings } from '../../../gateway-settings.ts'
import type { ConnectionReport } from '../../gateway.ts'
import { certificateAdvice } from '../banks/certificate.ts'
import { halkbankClient } from './client.ts'

/** The bank has no call that only says hello, so an order that cannot be there is asked for. */
export const NOBODYS_ORDER = '00000000-0000-0000-0000-000000000000'
const UNKNOWN_ORDER = 6

/** Tries name, password and address. Never throws. */
export async function testConnection(settings: HalkbankSettings): Promise<ConnectionReport> {
  const began = performance.now()
  const mode = new URL(settings.apiUrl).hostname === 'mpi.gov.tm' ? 'live' : 'test'
  const report = (ok: boolean, answer: string, advice: string): ConnectionReport => ({
    ok,
    mode,
    latencyMs: Math.round(performance.now() - began),
    answer,
    advice,
  })
  try {
    const { errorCode, errorMessage } = await halkbankClient(settings, 10_000).call('getOrderStatus', {
      orderId: NOBODYS_ORDER,
    })
    const answer = `${errorCode} ${errorMessage}`.trim()
    if (errorCode === UNKNOWN_ORDER || errorCode === 0) return report(true, answer, '')
    return report(
      false,
      answer,
      'Check HALKBANK_USERNAME and HALKBANK_PASSWORD in .env with the bank; it asks for a new password from time to time. Then start again',
    )
  } catch (error) {
    const advice =
      certificateAdvice(error) ??
      'Check the network and HALKBANK_API_URL, then try again; the bank may let in only addresses that it knows'
    return report(false, error instanceof Error ? error.message : String(error), advice)
  }
}
