import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import { Payments } from '../../models/payment.ts'
import { Sagas } from '../../models/saga.ts'
import { publish } from '../broker/index.ts'
import { usernameOf } from '../customer/index.ts'
import { now } from '../database/index.ts'
import { AppError } from '../http/index.ts'
import { changeOrder, refreshStatus, wantedGoods } from '../order/index.ts'
import { finishTask, shopSettings } from '../shop/index.ts'
import { holdsAll, takeHolds } from '../store/index.ts'
import { paymentsOf } from './attempts.ts'

/** The order counts as paid: the customer is told, and the saga is asked to confirm it. */
export async function paid(
  session: ClientSession,
  order: Order,
  set: Partial<Order>,
  who: { by: string; reason?: string } = { by: 'gateway' },
): Promise<Order> {
  const orderId = String(order._id)
  const at = now()
  const changed = await changeOrder(
    order,
    { to: 'PAID', ...who, set: { ...set, paidAt: at, holdsUntil: null } },
    session,
  )
  refreshStatus(session, order.customer)
  await publish(session, 'order.paid', orderId, { orderId })
  await publish(session, 'order.process', orderId, {
    orderId,
    version: changed.version,
    userName: await usernameOf(session, order.customer),
    orderItems: orderItems(changed),
  })
  return changed
}

/**
 * A person has decided that what came is enough: the payment counts as the whole, and the goods are taken again.
 * Throws when they cannot be had any more, or when the saga has begun already: then only giving back is left.
 */
export async function acceptPayment(
  session: ClientSession,
  order: Order,
  by: string,
  reason: string,
): Promise<Order> {
  const wanted = wantedGoods(order)
  const { minutes } = await shopSettings()
  const until = new Date(now().getTime() + minutes.hold * 60_000)
  const begun = await Sagas.collection.findOne({ order: order._id }, { session })
  const there =
    (await holdsAll(session, order._id, wanted)) ||
    (await takeHolds(session, order._id, wanted, until)).length === 0
  if (begun || !there) {
    throw new AppError('review.too_late', 'The goods cannot be had any more. Give the money back.', {
      status: 409,
      reload: true,
    })
  }
  const payments = await paymentsOf(order._id, session)
  const came = payments
    .filter(({ flags }) => !flags.duplicate)
    .reduce((sum, { captured, refunded }) => sum + captured - refunded, 0)
  await Payments.collection.updateMany(
    { order: order._id, 'flags.conflict': true },
    { $set: { 'flags.conflict': false } },
    { session },
  )
  for (const { _id } of payments) await finishTask('payment.conflict', String(_id), null, session)
  // What was given for less, or kept beyond the price, shows as what it is: the total is what came.
  const totals = { ...order.totals, total: came }
  return paid(session, order, { totals }, { by, reason })
}

/** A total of nothing needs no payment: the order is paid as it stands. */
export const payNothing = (session: ClientSession, order: Order): Promise<Order> => paid(session, order, {})

/** The lines as the seeds' messages carry them. */
export const orderItems = (order: Order) =>
  order.lines.map(({ number, productNumber, name, quantity }) => ({
    id: number,
    productId: productNumber,
    productName: name,
    quantity,
  }))
