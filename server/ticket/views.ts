import type { Types } from 'mongoose'
import { type TicketEvent, TicketEvents, Tickets } from '../../models/ticket.ts'
import { codeOf, hashOf, inGroups } from './code.ts'
import type { TicketView } from './contract.ts'

/** The tickets of an order, in the order of its lines. Their codes only for who may use them. */
export async function ticketsOf(order: Types.ObjectId, withCodes: boolean): Promise<TicketView[]> {
  const tickets = await Tickets.find({ order }).sort({ line: 1, seat: 1 }).lean()
  const events = await eventsOf(tickets.map(({ product }) => product))
  return tickets.map(({ _id, name, seat, state, product, codeHash }) => {
    const event = events.get(String(product))
    // A shop that has changed its secret can no longer show old codes; those that were mailed still open the door.
    const code = codeOf(_id)
    const shown = withCodes && state !== 'VOID' && hashOf(code) === codeHash
    return {
      id: String(_id),
      name,
      seat,
      startsAt: event?.startsAt.toISOString() ?? null,
      place: event?.place ?? '',
      state,
      code: shown ? inGroups(code) : null,
    }
  })
}

async function eventsOf(products: Types.ObjectId[]): Promise<Map<string, TicketEvent>> {
  const events = await TicketEvents.find({ product: { $in: products } }).lean()
  return new Map(events.map((event) => [String(event.product), event]))
}
