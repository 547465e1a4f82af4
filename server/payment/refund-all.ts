import type { Types } from 'mongoose'
import { paymentsOf } from './attempts.ts'
import { isDisputed } from './disputes.ts'
import { isHeld, release } from './holding.ts'
import { refund } from './refund.ts'
import { withdrawWaiting } from './refund-approval.ts'
import { pledged } from './refund-guards.ts'

/**
 * Gives back everything that an order's payments still hold, and lets go what a bank holds for it. A refusal is for a
 * person: it is not asked again here.
 */
export async function refundAll(
  order: Types.ObjectId,
  reason: string,
): Promise<'done' | 'waiting' | 'refused'> {
  for (const held of (await paymentsOf(order)).filter(isHeld)) await release(held)
  for (const payment of await paymentsOf(order)) await withdrawWaiting(payment)
  for (const payment of await paymentsOf(order)) {
    const rest = payment.captured - pledged(payment)
    if (rest <= 0) continue
    if (isDisputed(payment)) return 'refused'
    const opId = `all:${payment._id}:${payment.operations.length}`
    const wish = { opId, amount: rest, reason, by: 'saga', alone: null }
    const { operations, refunded } = await refund(String(payment._id), wish)
    // Refused because some of it had gone back already? Then there is a smaller rest to ask for.
    const seenMore = refunded > payment.refunded
    if (!seenMore && operations.some((op) => op.opId === opId && op.state === 'FAILED')) return 'refused'
  }
  const all = await paymentsOf(order)
  const back = all.every((payment) => !isHeld(payment) && payment.refunded >= payment.captured)
  return back ? 'done' : 'waiting'
}
