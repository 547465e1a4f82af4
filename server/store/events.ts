import type { ClientSession, Types } from 'mongoose'
import { type TicketEvent, TicketEvents } from '../../models/ticket.ts'
import { now } from '../database/index.ts'

/**
 * The products that are tickets to what has begun already, or had at that moment: nobody can buy these any more. All
 * there are, or of some.
 */
export async function begunEvents(
  of?: Types.ObjectId[],
  session?: ClientSession,
  at: Date = now(),
): Promise<Types.ObjectId[]> {
  if (of && !of.length) return []
  const begun = { startsAt: { $lte: at }, ...(of && { product: { $in: of } }) }
  const events = await TicketEvents.collection
    .find<TicketEvent>(begun, { projection: { product: 1 }, ...(session && { session }) })
    .toArray()
  return events.map(({ product }) => product)
}
