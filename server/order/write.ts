import type { ClientSession, Types } from 'mongoose'
import mongoose from 'mongoose'
import { type Order, Orders } from '../../models/order.ts'
import { nextOrderStates, type OrderState } from '../../models/states.ts'
import { announce } from '../broker/index.ts'
import { findByIds, now } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'

/** Somebody else changed the order first. Whoever answers the request adds the order as it is now. */
export class Stale extends AppError {
  constructor() {
    super('order.stale', 'The order was changed in the meantime. Look at it as it is now, then try again.', {
      status: 409,
      reload: true,
    })
  }
}

interface Change {
  /** The state it goes to; without one it stays. */
  to?: OrderState
  /** A staff id, `customer`, `gateway`, `timer` or `saga`. */
  by: string
  reason?: string
  set?: Partial<Omit<Order, '_id' | 'state' | 'version' | 'history'>>
}

/** Reads an order by id; 404 for what is no id or not there. */
export async function findOrder(id: string | Types.ObjectId, session?: ClientSession): Promise<Order> {
  if (!mongoose.isValidObjectId(id)) throw notFound('The order')
  const order = await Orders.collection.findOne<Order>(
    { _id: new mongoose.Types.ObjectId(id) },
    session ? { session } : {},
  )
  if (!order) throw notFound('The order')
  return order
}

/** Many orders, in the order in which they are named; 404 when one of them is not there. */
export async function findOrders(ids: Types.ObjectId[], session: ClientSession): Promise<Order[]> {
  const found = await findByIds<Order>(Orders.collection, ids, session)
  return found.map((order) => {
    if (!order) throw notFound('The order')
    return order
  })
}

/**
 * An order as somebody has just written it, though the write may still be on its way to a majority: what whoever was
 * too late is shown, which must not be what they had.
 */
export async function latestOrder(id: string | Types.ObjectId): Promise<Order> {
  const found = await findOrder(id)
  const latest = await Orders.collection.findOne<Order>({ _id: found._id }, { readConcern: 'local' })
  return latest ?? found
}

/**
 * The one way to write an order: one conditional update on what was read, adding one to the version. Throws `Stale`
 * when it is no longer so, and refuses a step that the table of states does not have.
 */
export async function changeOrder(
  order: Order,
  { to, by, reason, set }: Change,
  session?: ClientSession,
): Promise<Order> {
  const at = now()
  const version = order.version + 1
  if (to && !nextOrderStates[order.state].includes(to)) {
    throw new AppError('order.state', `The order ${order.regNo} is ${order.state} and cannot become ${to}.`, {
      status: 409,
      reload: true,
    })
  }
  const step = to && { from: order.state, to, version, at, by, ...(reason && { reason }) }
  const written = { ...set, ...(to && { state: to }), version, updatedAt: at }
  const update = {
    // The sweep that gives goods back leaves the version as it is.
    filter: { _id: order._id, version: order.version, state: order.state, holdsUntil: order.holdsUntil },
    update: { $set: written, ...(step && { $push: { history: step } }) },
  } as unknown as Update
  const waiting = session && gathered.get(session)
  if (waiting) waiting.push(update)
  else await write([update], session)
  // All else is as it was read, but for the marks that raise no version: the page's, and those of cards.
  return { ...order, ...written, ...(step && { history: [...order.history, step] }) } as Order
}

type Update = mongoose.mongo.UpdateOneModel<mongoose.AnyObject>

async function write(updates: Update[], session?: ClientSession): Promise<void> {
  const { matchedCount } = await Orders.collection.bulkWrite(
    updates.map((updateOne) => ({ updateOne })),
    session ? { session } : {},
  )
  if (matchedCount < updates.length) throw new Stale()
}

const gathered = new WeakMap<ClientSession, Update[]>()

/** What `work` makes of many orders is written after it, in one go. So it must not read back what it has changed. */
export async function changeTogether(session: ClientSession, work: () => Promise<void>): Promise<void> {
  const updates: Update[] = []
  gathered.set(session, updates)
  try {
    await work()
  } finally {
    gathered.delete(session)
  }
  if (updates.length) await write(updates, session)
}

/** Tells the screens, after the write is done. */
export const announceOrder = (order: Order): void =>
  announce('order.changed', { orderId: String(order._id), version: order.version, state: order.state })

/** The version that a request was made for must be the one that is there. */
export function expectVersion(order: Order, version: number): void {
  if (order.version !== version) throw new Stale()
}

/** Refuses what an order in its state does not allow. */
export function expectState(order: Order, states: readonly OrderState[], doing: string): void {
  if (states.includes(order.state)) return
  throw new AppError(
    'order.state',
    `The order ${order.regNo} is ${order.state}: ${doing} is not possible any more.`,
    { status: 409, reload: true, details: { state: order.state } },
  )
}
