import type { HalkbankSettings } from '../../../gateway-settings.ts'
import type { Words } from '../../../shop/contract.ts'
import type { ConnectionReport } from '../../gateway.ts'
import { certificateAdvice } from '../banks/certificate.ts'
import { silence } from '../calls/call.ts'
import { halkbankClient } from './client.ts'

/** The bank has no call that only says hello, so an order that cannot be there is asked for. */
export const NOBODYS_ORDER = '00000000-0000-0000-0000-000000000000'
const UNKNOWN_ORDER = 6

/** Tries name, password and address. Never throws. */
export async function testConnection(settings: HalkbankSettings): Promise<ConnectionReport> {
  const began = performance.now()
  const mode = new URL(settings.apiUrl).hostname === 'mpi.gov.tm' ? 'live' : 'test'
  const report = (ok: boolean, answer: Words, advice: Words): ConnectionReport => ({
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
    return report(false, answer, { key: 'ready.test.halkbank.key' })
  } catch (error) {
    const advice = certificateAdvice(error) ?? { key: 'ready.test.halkbank.network' }
    return report(false, silence(error), advice)
  }
}
