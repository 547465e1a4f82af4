import mongoose from 'mongoose'
import { Customers } from '../../models/customer.ts'
import { DeliveryCases } from '../../models/delivery.ts'
import { type Order, Orders } from '../../models/order.ts'
import { PickingCases } from '../../models/store.ts'
import type { OrderRow } from '../order/contract.ts'

const pageSize = 50

export interface OrderFilter {
  state?: string | undefined
  /** An order's number, or a customer's name. */
  q?: string | undefined
  /** `open`: what is to be packed. */
  picking?: 'open' | undefined
  cursor?: string | undefined
}

/** The newest orders first; a cursor leads to the next page. */
export async function listOrders(filter: OrderFilter): Promise<{ rows: OrderRow[]; cursor: string | null }> {
  const orders = await Orders.find(await conditions(filter))
    .sort({ _id: -1 })
    .limit(pageSize + 1)
    .lean<Order[]>()
  const page = orders.slice(0, pageSize)
  return {
    rows: await asRows(page),
    cursor: orders.length > pageSize ? String(page.at(-1)?._id) : null,
  }
}

async function conditions({ state, q, picking, cursor }: OrderFilter): Promise<Record<string, unknown>> {
  const ids: Record<string, unknown> = {}
  if (cursor && mongoose.isValidObjectId(cursor)) ids['$lt'] = new mongoose.Types.ObjectId(cursor)
  if (picking === 'open') {
    const cases = await PickingCases.find({ state: { $in: ['OPEN', 'PICKED'] } }, { order: 1 }).lean()
    ids['$in'] = cases.map(({ order }) => order)
  }
  return {
    openedAt: { $ne: null },
    ...(Object.keys(ids).length && { _id: ids }),
    ...(state && { state: { $in: state.split(',') } }),
    ...(q && (await matching(q.trim()))),
  }
}

async function matching(q: string): Promise<Record<string, unknown>> {
  const number = /^(?:p-?)?0*(\d+)$/i.exec(q)?.[1]
  if (number) return { number: Number(number) }
  const escaped = q.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const customers = await Customers.find({ name: { $regex: escaped, $options: 'i' } }, { _id: 1 })
    .limit(200)
    .lean()
  // Integrations give their orders numbers of another form.
  return { $or: [{ regNo: q.toUpperCase() }, { customer: { $in: customers.map(({ _id }) => _id) } }] }
}

async function asRows(orders: Order[]): Promise<OrderRow[]> {
  const ids = orders.map(({ _id }) => _id)
  const [customers, picking, deliveries] = await Promise.all([
    Customers.find({ _id: { $in: orders.map(({ customer }) => customer) } }, { name: 1, username: 1 }).lean(),
    PickingCases.find({ order: { $in: ids } }, { order: 1, state: 1 }).lean(),
    DeliveryCases.find({ order: { $in: ids } }, { order: 1, state: 1 }).lean(),
  ])
  const nameOf = new Map(customers.map(({ _id, name, username }) => [String(_id), name || username]))
  const stateOf = (cases: { order: mongoose.Types.ObjectId; state: string }[]) =>
    new Map(cases.map(({ order, state }) => [String(order), state]))
  const [pickingOf, deliveryOf] = [stateOf(picking), stateOf(deliveries)]
  return orders.map((order) => ({
    id: String(order._id),
    regNo: order.regNo,
    state: order.state,
    customerName: nameOf.get(String(order.customer)) ?? '',
    conversationId: order.conversation && String(order.conversation),
    total: order.totals.total,
    refunded: order.refunded,
    currency: order.currency,
    lines: order.lines.length,
    createdAt: order.createdAt.toISOString(),
    paidAt: order.paidAt?.toISOString() ?? null,
    picking: pickingOf.get(String(order._id)) ?? null,
    delivery: deliveryOf.get(String(order._id)) ?? null,
  }))
}
