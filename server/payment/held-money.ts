import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import type { Payment } from '../../models/payment.ts'
import { publish } from '../broker/index.ts'
import { now } from '../database/index.ts'
import { changeOrder, refreshStatus } from '../order/index.ts'
import { hasBegun } from './late-money.ts'
import { paid } from './paid.ts'

/**
 * A bank holds the money: that pays the order, and the saga's last step takes it. Money that is held for an order that
 * has no use of it, or another sum than was asked, is let go: the reconciler closes the attempt.
 */
export async function held(session: ClientSession, order: Order, payment: Payment): Promise<Order> {
  const { flags, amount, currency } = payment
  const covers = !flags.conflict && amount === order.totals.total && currency === order.currency
  const isWanted = order.state === 'AWAITING_PAYMENT' && !(await hasBegun(session, order, payment))
  if (isWanted && covers) {
    payment.flags = { ...flags, held: true }
    return paid(session, order, {})
  }
  const { conflict, ...rest } = flags
  payment.flags = rest
  if (conflict) payment.failureCode = 'held_another_amount'
  payment.expiresAt = now()
  payment.checkAt = now()
  return order
}

/** What was held is gone: its time is over, somebody let it go, or we did because the order is being undone. */
export async function lapsed(session: ClientSession, order: Order, payment: Payment): Promise<Order> {
  await tellHold(session, order, payment, 'released')
  if (order.state !== 'PAID' && order.state !== 'CONFIRMING') return order
  const orderId = String(order._id)
  const reason = 'the bank did not hold the money long enough'
  const changed = await changeOrder(order, { to: 'COMPENSATING', by: 'gateway', reason }, session)
  await publish(session, 'order.compensate', orderId, { orderId, reason, by: 'gateway' })
  refreshStatus(session, order.customer)
  return changed
}

/** The saga waits for this one; it need not wait for its next asking. */
export const tellHold = (
  session: ClientSession,
  order: Order,
  payment: Payment,
  outcome: 'captured' | 'released',
): Promise<void> =>
  publish(session, 'payment.hold', String(order._id), {
    orderId: String(order._id),
    paymentId: String(payment._id),
    outcome,
  })
