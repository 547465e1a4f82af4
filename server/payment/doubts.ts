import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import type { Payment } from '../../models/payment.ts'
import { publish } from '../broker/index.ts'
import { changeOrder, refreshStatus } from '../order/index.ts'
import { raiseTask } from '../shop/index.ts'

/** A second attempt at what is paid already: the order stays, and a person gives the money back. */
export async function duplicate(session: ClientSession, order: Order, payment: Payment): Promise<Order> {
  payment.flags = { ...payment.flags, duplicate: true }
  await raiseTask(
    {
      kind: 'payment.duplicate',
      subject: String(payment._id),
      order: order._id,
      summary: `${order.regNo} was paid twice. Refund attempt ${payment.attemptNo}.`,
      details: { paymentId: String(payment._id), amount: payment.captured, currency: payment.currency },
    },
    session,
  )
  return order
}

/** What came is not what was asked: a person decides. */
export function review(session: ClientSession, order: Order, payment: Payment): Promise<Order> {
  payment.flags = { ...payment.flags, conflict: true }
  const reason = `${payment.captured} ${payment.currency} came, ${order.totals.total} ${order.currency} were due (minor units)`
  return leaveToStaff(session, order, payment, reason)
}

/** Seats were paid for when their event had begun, as a code of a store can be: a person decides who still gets in. */
export const reviewSeats = (session: ClientSession, order: Order, payment: Payment): Promise<Order> =>
  leaveToStaff(session, order, payment, 'the money came when the event had begun')

async function leaveToStaff(
  session: ClientSession,
  order: Order,
  payment: Payment,
  reason: string,
): Promise<Order> {
  const changed = await changeOrder(order, { to: 'MANUAL_REVIEW', by: 'gateway', reason }, session)
  await askAbout(session, order, payment, reason)
  await publish(session, 'order.review', String(order._id), { orderId: String(order._id), reason })
  refreshStatus(session, order.customer)
  return changed
}

/** A person is asked about money that is not what was due, or came too late for what it was to pay. */
export const askAbout = (
  session: ClientSession,
  order: Order,
  payment: Payment,
  reason: string,
): Promise<void> =>
  raiseTask(
    {
      kind: 'payment.conflict',
      subject: String(payment._id),
      order: order._id,
      summary: `${order.regNo}: ${reason}. Accept it, or give it back.`,
      details: { paymentId: String(payment._id) },
    },
    session,
  )
