import { type Order, Orders } from '../../models/order.ts'
import { transaction } from '../database/index.ts'
import { AppError, type StaffCaller } from '../http/index.ts'
import {
  announceOrder,
  cardOf,
  expectState,
  expectVersion,
  findOrder,
  makeLink,
  publishCard,
} from '../order/index.ts'
import { settings } from '../settings.ts'
import { audit } from '../shop/index.ts'

/** Sends the order as a card into the thread it belongs to, as it is at this version. */
export async function sendCard(
  orderId: string,
  version: number | undefined,
  staff: StaffCaller,
): Promise<Order> {
  const order = await findOrder(orderId)
  expectState(order, ['DRAFT'], 'sending its card')
  if (version !== undefined) expectVersion(order, version)
  if (!order.lines.length) {
    throw new AppError('order.empty', 'Add a product first: an empty order has no card.', { status: 409 })
  }
  const card = cardOf(order)
  await transaction(async (session) => {
    // The version stays: what it protects, the contents, is as it was.
    const { matchedCount } = await Orders.collection.updateOne(
      { _id: order._id, version: order.version },
      { $set: { card } },
      { session },
    )
    if (!matchedCount) expectVersion(order, -1)
    const { staffId: by, name: byName } = staff
    await publishCard(session, order, by)
    await audit({ by, byName, action: 'order.card', subject: order.regNo }, session)
  })
  const sent = { ...order, card }
  announceOrder(sent)
  return sent
}

/** A fresh link for staff to copy. */
export async function copyLink(orderId: string, staff: StaffCaller): Promise<{ url: string }> {
  const order = await findOrder(orderId)
  const { staffId: by, name: byName } = staff
  const token = await transaction(async (session) => {
    await audit({ by, byName, action: 'order.link', subject: order.regNo }, session)
    return makeLink(order, session)
  })
  return { url: linkAddress(token) }
}

/** Where a link token leads: the shop's own address, which LINE's browser and any other opens. */
const linkAddress = (token: string): string => `${settings().publicUrl}/w/${token}`
