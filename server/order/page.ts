import { type Order, Orders } from '../../models/order.ts'
import { setCustomerStatus } from '../customer/index.ts'
import { now, transaction } from '../database/index.ts'
import { announceOrder } from './write.ts'

const seenEveryMs = 60_000

/**
 * The customer has opened the page: status WAITING_FOR_PAYMENT while the order is unpaid. The version stays: what
 * it protects, the contents, is as it was.
 */
export async function pageOpened(order: Order): Promise<void> {
  const at = now()
  if (order.page && at.getTime() - order.page.seenAt.getTime() > seenEveryMs) {
    await Orders.collection.updateOne({ _id: order._id }, { $set: { 'page.seenAt': at } })
  }
  if (order.page || order.state !== 'DRAFT') return
  const page = { openedAt: at, seenAt: at }
  await transaction(async (session) => {
    await Orders.collection.updateOne({ _id: order._id, page: null }, { $set: { page } }, { session })
    await setCustomerStatus(session, [order.customer], 'WAITING_FOR_PAYMENT')
  })
  announceOrder({ ...order, page })
}
