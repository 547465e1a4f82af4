import mongoose from 'mongoose'
import { Products, Stocks } from '../../models/store.ts'
import { TicketEvents, Tickets } from '../../models/ticket.ts'
import { now, transaction } from '../database/index.ts'
import { AppError, notFound, type StaffCaller } from '../http/index.ts'
import { audit } from '../shop/index.ts'
import { setSeats } from '../store/index.ts'
import type { TicketEventView } from './contract.ts'

export interface EventInput {
  startsAt: Date
  place: string
  capacity: number
}

/**
 * Says when and where the event of a ticket product is, and how many seats it has. The seats are the product's stock,
 * so they are held and sold like everything else; fewer than are sold and held already is refused.
 */
export async function setEvent(
  productId: string,
  { startsAt, place, capacity }: EventInput,
  staff: StaffCaller,
): Promise<TicketEventView> {
  const { _id, name, sku } = await ticketProduct(productId)
  await transaction(async (session) => {
    const { staffId: by, name: byName } = staff
    await TicketEvents.collection.updateOne(
      { product: _id },
      {
        $set: { startsAt, place, capacity, updatedAt: now() },
        $setOnInsert: { _id: new mongoose.Types.ObjectId(), createdAt: now() },
      },
      { session, upsert: true },
    )
    const taken = await setSeats(session, sku, capacity, by)
    if (taken !== null) {
      throw new AppError(
        'event.capacity',
        `${taken} seats are sold or held already: the event cannot have fewer.`,
        { status: 409, details: { taken } },
      )
    }
    const details = { startsAt, place, capacity }
    await audit({ by, byName, action: 'event.set', subject: name, details }, session)
  })
  return eventView(productId)
}

/** The event of a ticket product, and how full it is. */
export async function eventView(productId: string): Promise<TicketEventView> {
  const { _id, sku } = await ticketProduct(productId)
  const [event, stocks, sold, checkedIn] = await Promise.all([
    TicketEvents.findOne({ product: _id }).lean(),
    Stocks.find({ sku }).lean(),
    Tickets.countDocuments({ product: _id, state: { $ne: 'VOID' } }),
    Tickets.countDocuments({ product: _id, state: 'CHECKED_IN' }),
  ])
  if (!event) throw notFound('The event')
  const free = stocks.reduce((sum, { available }) => sum + available, 0)
  return {
    startsAt: event.startsAt.toISOString(),
    place: event.place,
    capacity: event.capacity,
    free,
    held: Math.max(0, event.capacity - free - sold),
    sold,
    checkedIn,
  }
}

async function ticketProduct(
  id: string,
): Promise<{ _id: mongoose.Types.ObjectId; name: string; sku: string }> {
  const product = await Products.findById(id, { kind: 1, name: 1, variants: 1 }).lean()
  if (product?.kind !== 'TICKET') throw notFound('The ticket')
  const [variant, ...more] = product.variants
  if (!variant || more.length) {
    throw new AppError(
      'event.variants',
      'A ticket has one kind of seat. Make another product for every other kind.',
      { status: 409 },
    )
  }
  return { _id: product._id, name: product.name, sku: variant.sku }
}
