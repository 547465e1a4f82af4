import type { ClientSession, Types } from 'mongoose'
import mongoose from 'mongoose'
import type { Order, OrderLine } from '../../models/order.ts'
import { type Ticket, Tickets } from '../../models/ticket.ts'
import { now } from '../database/index.ts'
import { codeOf, hashOf } from './code.ts'

/**
 * Makes the tickets of an order that is being confirmed: one for each seat, once, however often it is asked. In the
 * caller's transaction, so that seats become the order's own and its tickets are there, or neither.
 */
export async function makeTickets(
  session: ClientSession,
  order: Pick<Order, '_id' | 'regNo' | 'lines'>,
): Promise<void> {
  const seats = order.lines.filter(isTicket).flatMap((line) => seatsOf(order, line))
  if (!seats.length) return
  await Tickets.collection.bulkWrite(
    seats.map(({ order: _id, line, seat, ...rest }) => ({
      updateOne: { filter: { order: _id, line, seat }, update: { $setOnInsert: rest }, upsert: true },
    })),
    { session },
  )
}

/** Whether a line is seats of an event. */
export const isTicket = (line: OrderLine): line is OrderLine & { product: Types.ObjectId } =>
  line.kind === 'TICKET' && line.product !== null

function seatsOf(
  order: Pick<Order, '_id' | 'regNo'>,
  { number, name, product, quantity }: OrderLine & { product: Types.ObjectId },
): Ticket[] {
  return Array.from({ length: quantity }, (_, index) => {
    const _id = new mongoose.Types.ObjectId()
    return {
      _id,
      order: order._id,
      orderRegNo: order.regNo,
      product,
      name,
      line: number,
      seat: index + 1,
      codeHash: hashOf(codeOf(_id)),
      state: 'VALID',
      checkedInAt: null,
      checkedInBy: null,
      checkedInByName: '',
      voidedAt: null,
      voidReason: '',
      createdAt: now(),
    }
  })
}

/** Voids what of an order's tickets nobody has used yet. Repeating it changes nothing. */
export async function voidTickets(
  session: ClientSession,
  order: Types.ObjectId,
  reason: string,
): Promise<void> {
  await Tickets.collection.updateMany(
    { order, state: 'VALID' },
    { $set: { state: 'VOID', voidedAt: now(), voidReason: reason } },
    { session },
  )
}
