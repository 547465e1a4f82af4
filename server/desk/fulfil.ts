import mongoose, { type ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import { publish } from '../broker/index.ts'
import { transaction } from '../database/index.ts'
import { findCase, markDelivered, markSent, type Parcel } from '../delivery/index.ts'
import type { StaffCaller } from '../http/index.ts'
import { announceOrder, changeOrder, expectState, findOrder } from '../order/index.ts'
import { audit } from '../shop/index.ts'
import { handOver, markPicked, shipHolds } from '../store/index.ts'

/** The goods lie packed. */
export const packOrder = (orderId: string, staff: StaffCaller): Promise<Order> =>
  step(orderId, staff, 'order.pack', async (session, order) => {
    expectState(order, ['CONFIRMED', 'FULFILLING'], 'packing it')
    await markPicked(session, order._id, new mongoose.Types.ObjectId(staff.staffId))
    return order
  })

/** The parcel has left, with its tracking number: the customer hears of it. Repeating it corrects the number. */
export const sendOrder = (orderId: string, parcel: Parcel, staff: StaffCaller): Promise<Order> =>
  step(orderId, staff, 'order.send', async (session, order) => {
    expectState(order, ['CONFIRMED', 'FULFILLING'], 'sending it')
    await handOver(session, order._id)
    await shipHolds(session, order._id)
    if (await findCase(order._id)) await markSent(session, order._id, parcel)
    await publish(session, 'order.sent', orderId, { orderId })
    return order.state === 'CONFIRMED'
      ? changeOrder(order, { to: 'FULFILLING', by: staff.staffId }, session)
      : order
  })

/** The customer has the goods. */
export const deliverOrder = (orderId: string, staff: StaffCaller): Promise<Order> =>
  step(orderId, staff, 'order.deliver', async (session, order) => {
    if (order.state === 'DELIVERED') return order
    expectState(order, ['FULFILLING'], 'delivering it')
    if (await findCase(order._id)) await markDelivered(session, order._id)
    await publish(session, 'order.delivered', orderId, { orderId })
    return changeOrder(order, { to: 'DELIVERED', by: staff.staffId }, session)
  })

async function step(
  orderId: string,
  staff: StaffCaller,
  action: string,
  work: (session: ClientSession, order: Order) => Promise<Order>,
): Promise<Order> {
  const changed = await transaction(async (session) => {
    const order = await findOrder(orderId, session)
    const written = await work(session, order)
    await audit({ by: staff.staffId, byName: staff.name, action, subject: order.regNo }, session)
    return written
  })
  announceOrder(changed)
  return changed
}
