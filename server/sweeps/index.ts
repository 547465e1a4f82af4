import { eraseOld } from '../conversation/index.ts'
import { wakeSagas } from '../orchestra/index.ts'
import { fetchMissed, poll, polledGateways, tellOfGatewaysOff } from '../payment/index.ts'
import { reconcileDue } from '../reconciliation/index.ts'
import { every } from './every.ts'
import { expireHolds, expireOrders, remind } from './expire.ts'

/**
 * What time alone brings about. There are no timers to lose: the truth is a date in a document, and these look for
 * what is due. Every worker runs them; whatever they do is one conditional update that only one of them wins.
 */
export function startSweeps(): () => Promise<void> {
  const stopping = new AbortController()
  const stops = [
    // Each by itself: a gateway that hangs keeps nobody from asking the others.
    ...polledGateways().map((name) => every(1000, `payments of ${name}`, () => poll(name))),
    every(60_000, 'missed events', fetchMissed),
    every(2000, 'gateways switched off', tellOfGatewaysOff),
    every(1000, 'sagas', wakeSagas),
    every(1000, 'holds', expireHolds),
    every(1000, 'orders', expireOrders),
    every(5000, 'reminders', remind),
    every(3_600_000, 'retention', eraseOld),
    every(1000, 'reconciliation', () => reconcileDue(stopping.signal)),
  ]
  return async () => {
    stopping.abort()
    await Promise.all(stops.map((stop) => stop()))
  }
}
