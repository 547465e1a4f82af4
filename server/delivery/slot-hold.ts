import mongoose, { type ClientSession, type Types } from 'mongoose'
import { type DeliveryCase, DeliveryCases, type DeliverySlot, DeliverySlots } from '../../models/delivery.ts'
import { now } from '../database/index.ts'

/**
 * Keeps a place in a delivery slot for an order while its customer pays. False when the slot is full or over; the
 * caller then abandons the transaction. A place that the order has already is kept or exchanged.
 */
export async function holdSlot(
  session: ClientSession,
  order: Types.ObjectId,
  slot: Types.ObjectId,
): Promise<boolean> {
  const held = await DeliveryCases.collection.findOne<DeliveryCase>({ order }, { session })
  if (held?.slot?.equals(slot) && held.state !== 'CANCELED') return true
  await releaseSlot(session, order)
  const { matchedCount } = await DeliverySlots.collection.updateOne(
    { _id: slot, $expr: { $lt: ['$taken', '$capacity'] }, begin: { $gt: now() } },
    { $inc: { taken: 1 } },
    { session },
  )
  if (!matchedCount) return false
  const at = now()
  await DeliveryCases.collection.updateOne(
    { order },
    {
      $set: { slot, state: 'SLOT_HELD', updatedAt: at },
      $setOnInsert: {
        _id: new mongoose.Types.ObjectId(),
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

/** Gives the place in the slot back, if one is only held. Repeating it changes nothing. */
export async function releaseSlot(session: ClientSession, order: Types.ObjectId): Promise<void> {
  const held = await DeliveryCases.collection.findOneAndUpdate(
    { order, state: 'SLOT_HELD' },
    { $set: { state: 'CANCELED', updatedAt: now() } },
    { session },
  )
  if (!held?.['slot']) return
  await DeliverySlots.collection.updateOne(
    { _id: held['slot'] as DeliverySlot['_id'], taken: { $gt: 0 } },
    { $inc: { taken: -1 } },
    { session },
  )
}
