import mongoose, { type ClientSession, type Types } from 'mongoose'
import { type DeliveryCase, DeliveryCases } from '../../models/delivery.ts'
import { type Order, Orders } from '../../models/order.ts'
import type { DeliveryCaseState } from '../../models/states.ts'
import { now } from '../database/index.ts'
import { AppError } from '../http/index.ts'
import { findCourier } from './offers.ts'
import { freeSlot, takeSlot } from './slots.ts'

/**
 * Books the delivery of a paid order; the place in a slot that it held is its own now. A repeated call answers the
 * case that is there. Null: the slot was lost in the meantime and is not to be had again, or the case was canceled.
 */
export async function openCase(
  session: ClientSession,
  order: Pick<Order, '_id' | 'delivery'>,
): Promise<DeliveryCase | null> {
  const at = now()
  const known = await caseOf(session, order._id)
  if (known?.state === 'CANCELED') return null
  if (known && known.state !== 'SLOT_HELD') return known
  const courierName = order.delivery?.companyName ?? ''
  if (known) {
    return write(session, known, { state: 'BOOKED', courierName })
  }
  const slot = order.delivery?.slot ?? null
  if (slot && !(await takeSlot(session, slot))) return null
  const opened: DeliveryCase = {
    _id: new mongoose.Types.ObjectId(),
    order: order._id,
    slot,
    state: 'BOOKED',
    courierName,
    tracking: '',
    trackingUrl: '',
    sentAt: null,
    deliveredAt: null,
    createdAt: at,
    updatedAt: at,
  }
  await DeliveryCases.collection.insertOne(opened, { session })
  return opened
}

/** Calls a delivery off and gives its slot back, once. False: the goods are with the customer already. */
export async function cancelCase(session: ClientSession, orderId: Types.ObjectId): Promise<boolean> {
  const known = await caseOf(session, orderId)
  if (!known || known.state === 'CANCELED') return true
  if (known.state === 'DELIVERED') return false
  await write(session, known, { state: 'CANCELED' })
  if (known.slot) await freeSlot(session, known.slot)
  return true
}

export interface Parcel {
  courierName?: string | undefined
  tracking?: string | undefined
  /** Made from the courier's own address for tracking when absent. */
  trackingUrl?: string | undefined
}

/** The parcel is on its way; at a pickup point, it waits there. Repeating it corrects the tracking number. */
export async function markSent(
  session: ClientSession,
  orderId: Types.ObjectId,
  parcel: Parcel,
): Promise<DeliveryCase> {
  const order = await Orders.findById(orderId, { delivery: 1 }, { session }).lean()
  const known = await expectCase(session, orderId, ['BOOKED', 'IN_TRANSIT', 'READY_FOR_PICKUP'], 'be sent')
  const courierName = parcel.courierName?.trim() || known.courierName
  const tracking = parcel.tracking?.trim() ?? known.tracking
  return write(session, known, {
    state: order?.delivery?.type === 'pickup' ? 'READY_FOR_PICKUP' : 'IN_TRANSIT',
    courierName,
    tracking,
    trackingUrl: parcel.trackingUrl?.trim() || (await trackingAddress(courierName, tracking)),
    sentAt: known.sentAt ?? now(),
  })
}

/** The customer has the goods. */
export async function markDelivered(session: ClientSession, orderId: Types.ObjectId): Promise<DeliveryCase> {
  const from: DeliveryCaseState[] = ['BOOKED', 'IN_TRANSIT', 'READY_FOR_PICKUP', 'DELIVERED']
  const known = await expectCase(session, orderId, from, 'be delivered')
  if (known.state === 'DELIVERED') return known
  return write(session, known, { state: 'DELIVERED', deliveredAt: now() })
}

/** The delivery of an order, if there is one. */
export const findCase = (orderId: Types.ObjectId): Promise<DeliveryCase | null> =>
  DeliveryCases.collection.findOne<DeliveryCase>({ order: orderId })

/** Where a parcel can be followed: the courier's address with the number in place of `{tracking}`, or behind it. */
export async function trackingAddress(courierName: string, tracking: string): Promise<string> {
  const template = (await findCourier(courierName))?.trackingUrl ?? ''
  if (!template || !tracking) return ''
  const number = encodeURIComponent(tracking)
  return template.includes('{tracking}') ? template.replaceAll('{tracking}', number) : template + number
}

const caseOf = (session: ClientSession, order: Types.ObjectId): Promise<DeliveryCase | null> =>
  DeliveryCases.collection.findOne<DeliveryCase>({ order }, { session })

async function expectCase(
  session: ClientSession,
  order: Types.ObjectId,
  states: DeliveryCaseState[],
  doing: string,
): Promise<DeliveryCase> {
  const known = await caseOf(session, order)
  if (known && states.includes(known.state)) return known
  throw new AppError(
    'delivery.state',
    known
      ? `The delivery is ${known.state} and cannot ${doing} any more.`
      : `No delivery is booked for this order: it cannot ${doing}.`,
    { status: 409, reload: true },
  )
}

async function write(
  session: ClientSession,
  known: DeliveryCase,
  change: Partial<DeliveryCase>,
): Promise<DeliveryCase> {
  const set = { ...change, updatedAt: now() }
  await DeliveryCases.collection.updateOne({ _id: known._id }, { $set: set }, { session })
  return { ...known, ...set }
}
