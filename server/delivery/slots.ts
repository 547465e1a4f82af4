import mongoose, { type ClientSession, type Types } from 'mongoose'
import { type DeliveryCase, DeliveryCases, DeliverySlots } from '../../models/delivery.ts'
import { now } from '../database/index.ts'

/**
 * Takes a place in a slot, by one conditional update. False: it is full, it has begun, or there is no such slot.
 * Prefer `holdSlot`, which also remembers who has the place.
 */
export async function takeSlot(session: ClientSession, slotId: string | Types.ObjectId): Promise<boolean> {
  if (!mongoose.isValidObjectId(slotId)) return false
  const { modifiedCount } = await DeliverySlots.collection.updateOne(
    {
      _id: new mongoose.Types.ObjectId(slotId),
      begin: { $gt: now() },
      $expr: { $lt: ['$taken', '$capacity'] },
    },
    { $inc: { taken: 1 } },
    { session },
  )
  return modifiedCount === 1
}

/** Gives a place back. Call it once for each place that was taken: `releaseSlot` and `cancelCase` see to that. */
export async function freeSlot(session: ClientSession, slotId: string | Types.ObjectId): Promise<void> {
  await DeliverySlots.collection.updateOne(
    { _id: new mongoose.Types.ObjectId(slotId), taken: { $gt: 0 } },
    { $inc: { taken: -1 } },
    { session },
  )
}

/**
 * Holds a place in a slot for an unpaid order; another place that it held goes back. Repeating it changes nothing.
 * False: the place is not to be had, and the caller must abandon the transaction or leave the order without a slot.
 */
export async function holdSlot(
  session: ClientSession,
  order: Types.ObjectId,
  slotId: string | Types.ObjectId,
): Promise<boolean> {
  const held = await heldBy(session, order)
  if (held && String(held.slot) === String(slotId)) return true
  await releaseSlot(session, order)
  if (!(await takeSlot(session, slotId))) return false
  const at = now()
  await DeliveryCases.collection.updateOne(
    { order },
    {
      $set: { state: 'SLOT_HELD', slot: new mongoose.Types.ObjectId(slotId), updatedAt: at },
      $setOnInsert: {
        courierName: '',
        tracking: '',
        trackingUrl: '',
        sentAt: null,
        deliveredAt: null,
        createdAt: at,
      },
    },
    { upsert: true, session },
  )
  return true
}

/** Gives back the place that an unpaid order holds, if it holds one. Repeating it changes nothing. */
export async function releaseSlot(session: ClientSession, order: Types.ObjectId): Promise<void> {
  const held = (await DeliveryCases.collection.findOneAndDelete(
    { order, state: 'SLOT_HELD' },
    { session },
  )) as DeliveryCase | null
  if (held?.slot) await freeSlot(session, held.slot)
}

const heldBy = (session: ClientSession, order: Types.ObjectId): Promise<DeliveryCase | null> =>
  DeliveryCases.collection.findOne<DeliveryCase>({ order, state: 'SLOT_HELD' }, { session })
