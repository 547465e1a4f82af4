import type { Order } from '../../models/order.ts'
import { findOrder } from '../order/index.ts'
import { captureHeld, isHeld, paymentsOf, refundAll } from '../payment/index.ts'

/** Confirms fact and amount of the payment, taken or held; reads only, so it may be asked any number of times. */
export async function confirmPayment(orderId: string): Promise<'SUCCESS' | 'FAIL'> {
  const order = await findOrder(orderId)
  const payments = (await paymentsOf(order._id)).filter(({ flags }) => !flags.duplicate)
  const net = payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0)
  const held = payments.filter(isHeld).reduce((sum, { amount }) => sum + amount, 0)
  return net + held === order.totals.total - refundedByHand(order) ? 'SUCCESS' : 'FAIL'
}

/** What staff have given back already does not make the payment wrong. */
const refundedByHand = (order: Order): number => order.refunded

/** The last step: what is held is taken, and then all of it must be there. Null: nobody knows yet. */
export async function capturePayment(orderId: string): Promise<'SUCCESS' | 'FAIL' | null> {
  const { _id } = await findOrder(orderId)
  const outcome = await captureHeld(_id)
  if (outcome === 'waiting') return null
  return outcome === 'done' ? confirmPayment(orderId) : 'FAIL'
}

/**
 * Gives all money back, and lets go what is held. Null: not all of it is back yet; the saga asks again, and refunds
 * report themselves. FAIL: the gateway will not do it.
 */
export async function reversePayment(orderId: string): Promise<'SUCCESS' | 'FAIL' | null> {
  const order = await findOrder(orderId)
  const answers = { done: 'SUCCESS', refused: 'FAIL', waiting: null } as const
  return answers[await refundAll(order._id, 'the order was cancelled')]
}
