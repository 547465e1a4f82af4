import { type Order, Orders } from '../../models/order.ts'
import { TicketEvents, Tickets } from '../../models/ticket.ts'
import type { Violation } from './verify.ts'

const confirmed = ['CONFIRMED', 'FULFILLING', 'DELIVERED']

/** 9. One ticket for each seat of a confirmed order, none that opens a door without one, never more than seats. */
export async function checkTickets(): Promise<Violation[]> {
  const found: Violation[] = []
  const orders = { 'lines.kind': 'TICKET', state: { $in: [...confirmed, 'CANCELED', 'EXPIRED'] } }
  for await (const order of Orders.find(orders as never)
    .lean<Order[]>()
    .cursor()) {
    const add = (problem: string) => found.push({ rule: 'tickets', subject: order.regNo, problem })
    const tickets = await Tickets.find({ order: order._id }).lean()
    const valid = tickets.filter(({ state }) => state === 'VALID').length
    if (!confirmed.includes(order.state) || (order.refunded > 0 && order.refunded >= order.totals.total)) {
      if (valid) add(`${valid} tickets still open the door`)
    }
    if (!confirmed.includes(order.state)) continue
    for (const { number, kind, product, quantity } of order.lines) {
      if (kind !== 'TICKET' || !product) continue
      const made = tickets.filter(({ line }) => line === number).length
      if (made !== quantity) add(`line ${number} has ${made} tickets for ${quantity} seats`)
    }
  }
  for await (const { product, place, capacity } of TicketEvents.find().lean().cursor()) {
    const sold = await Tickets.countDocuments({ product, state: { $ne: 'VOID' } })
    if (sold > capacity) {
      found.push({ rule: 'tickets', subject: place, problem: `${sold} tickets for ${capacity} seats` })
    }
  }
  return found
}
