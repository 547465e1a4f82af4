import { type Order, Orders } from '../../models/order.ts'
import { Payments } from '../../models/payment.ts'
import { publish } from '../broker/index.ts'
import { now, transaction } from '../database/index.ts'
import { releaseSlot } from '../delivery/index.ts'
import { announceOrder, changeOrder, findOrder, refreshStatus, Stale } from '../order/index.ts'
import { shopSettings } from '../shop/index.ts'
import { releaseHolds } from '../store/index.ts'

const batch = 100

/*
 * Every sweep asks the database by its own clock whether the moment has come, again in the update itself, and writes
 * the order: so that a customer who confirms at the same moment and the sweep cannot both win.
 */

/** Gives back goods and slots that were held too long. An order that waits for money keeps what it holds. */
export async function expireHolds(): Promise<void> {
  const due = await Orders.collection
    .find<Order>({ state: 'DRAFT', holdsUntil: { $lte: now() } })
    .limit(batch)
    .toArray()
  for (const { _id } of due) {
    const released = await transaction(async (session) => {
      const over = await Orders.collection.findOneAndUpdate(
        { _id, state: 'DRAFT', $expr: { $lte: ['$holdsUntil', '$$NOW'] }, holdsUntil: { $ne: null } },
        { $set: { holdsUntil: null } },
        { session, returnDocument: 'after' },
      )
      if (!over) return null
      await releaseHolds(session, _id)
      await releaseSlot(session, _id)
      return over as unknown as Order
    })
    if (released) announceOrder(released)
  }
}

/** Ends unpaid orders whose deadline has passed, unless money may still be on its way. */
export async function expireOrders(): Promise<void> {
  const due = await Orders.collection
    .find<Order>({ state: { $in: ['DRAFT', 'AWAITING_PAYMENT'] }, deadline: { $lte: now() } })
    .limit(batch)
    .toArray()
  for (const { _id } of due) {
    const expired = await expire(_id).catch((error: unknown) => {
      // Somebody was at it in this very moment: the next sweep looks again.
      if (error instanceof Stale) return null
      throw error
    })
    if (expired) announceOrder(expired)
  }
}

const expire = (id: Order['_id']): Promise<Order | null> =>
  transaction(async (session) => {
    const order = await findOrder(id, session)
    const unpaid = order.state === 'DRAFT' || order.state === 'AWAITING_PAYMENT'
    if (!unpaid || !order.deadline || order.deadline > now()) return null
    const open = await Payments.collection.findOne({ order: id, open: true }, { session })
    if (open) return null
    const orderId = String(id)
    const changed = await changeOrder(
      order,
      { to: 'EXPIRED', by: 'timer', set: { holdsUntil: null } },
      session,
    )
    await releaseHolds(session, id)
    await releaseSlot(session, id)
    refreshStatus(session, order.customer)
    if (order.card || order.page) await publish(session, 'order.expired', orderId, { orderId })
    return changed
  })

/** One friendly word before a hold ends and nothing is paid. */
export async function remind(): Promise<void> {
  const { minutes } = await shopSettings()
  if (minutes.reminder <= 0) return
  const soon = new Date(now().getTime() + minutes.reminder * 60_000)
  const due = await Orders.collection
    .find<Order>({
      state: { $in: ['DRAFT', 'AWAITING_PAYMENT'] },
      holdsUntil: { $gt: now(), $lte: soon },
      remindedAt: null,
    })
    .limit(batch)
    .toArray()
  for (const { _id, holdsUntil } of due) {
    await transaction(async (session) => {
      const { modifiedCount } = await Orders.collection.updateOne(
        { _id, state: { $in: ['DRAFT', 'AWAITING_PAYMENT'] }, remindedAt: null, holdsUntil },
        { $set: { remindedAt: now() } },
        { session },
      )
      const orderId = String(_id)
      if (modifiedCount) await publish(session, 'order.reminder', orderId, { orderId })
    })
  }
}
