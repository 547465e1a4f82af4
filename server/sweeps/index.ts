import { wakeSagas } from '../orchestra/index.ts'
import { reconcile } from '../payment/index.ts'
import { every } from './every.ts'
import { expireHolds, expireOrders, remind } from './expire.ts'

/**
 * What time alone brings about. There are no timers to lose: the truth is a date in a document, and these look for
 * what is due. Every worker runs them; whatever they do is one conditional update that only one of them wins.
 */
export function startSweeps(): () => Promise<void> {
  const stops = [
    every(1000, 'payments', reconcile),
    every(1000, 'sagas', wakeSagas),
    every(1000, 'holds', expireHolds),
    every(1000, 'orders', expireOrders),
    every(5000, 'reminders', remind),
  ]
  return async () => {
    await Promise.all(stops.map((stop) => stop()))
  }
}
