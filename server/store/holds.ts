import mongoose, { type ClientSession, type Types } from 'mongoose'
import { type Stock, type StockHold, StockHolds, Stocks } from '../../models/store.ts'
import { begunEvents } from './events.ts'
import { openStores } from './stores.ts'

/*
 * Goods are held by one conditional update on the counter and a row for each line. The row makes giving back safe to
 * repeat: only who turns the row may turn the counter. Always inside the caller's transaction.
 */

/** The database may take the index by state for just as good, which holds those of all orders. */
const byOrder = { order: 1 } as const

/** A line that wants goods from the stock. */
export interface Wanted {
  line: number
  sku: string
  quantity: number
  /** The product whose event they are seats of. */
  event?: Types.ObjectId
}

export interface Shortage {
  line: number
  sku: string
  /** What could still be had, over all stores, what this order holds included. */
  available: number
  /** Its event has begun: no seat of it is sold any more. */
  begun?: true
}

/**
 * Holds the goods of an order until `expiresAt`, all lines or none: the answer names what is short, and then the
 * caller usually abandons the transaction. What the order held before is given back first.
 */
export async function takeHolds(
  session: ClientSession,
  order: Types.ObjectId,
  wanted: Wanted[],
  expiresAt: Date,
): Promise<Shortage[]> {
  await releaseHolds(session, order)
  if (!wanted.length) return []
  const begun = await tooLate(session, wanted)
  if (begun.length) return begun
  // A fixed order, so that two buyers of the same goods wait for each other rather than lock each other out.
  const lines = [...wanted].sort((a, b) => a.sku.localeCompare(b.sku) || a.line - b.line)
  const stores = (await openStores()).map(({ _id }) => _id)
  const stocks = await Stocks.collection
    .find<Stock>({ sku: { $in: lines.map(({ sku }) => sku) }, store: { $in: stores } }, { session })
    .toArray()
  const { shortages, shares } = plan(lines, stocks)
  if (shortages.length) return shortages

  await take(session, shares)
  const holds = shares.map(
    ({ line, stock, share }): StockHold => ({
      _id: new mongoose.Types.ObjectId(),
      order,
      line,
      store: stock.store,
      sku: stock.sku,
      quantity: share,
      state: 'HELD',
      expiresAt,
    }),
  )
  await StockHolds.collection.insertMany(holds, { session })
  return []
}

async function tooLate(session: ClientSession, wanted: Wanted[]): Promise<Shortage[]> {
  const begun = await begunEvents(
    wanted.flatMap(({ event }) => event ?? []),
    session,
  )
  return wanted
    .filter(({ event }) => event && begun.some((one) => one.equals(event)))
    .map(({ line, sku }) => ({ line, sku, available: 0, begun: true }))
}

interface Share {
  line: number
  stock: Stock
  share: number
}

/** Which store gives how much of what; two lines of the same goods share what is there. */
function plan(lines: Wanted[], stocks: Stock[]): { shortages: Shortage[]; shares: Share[] } {
  const left = new Map(stocks.map((stock) => [stock, stock.available]))
  const shortages: Shortage[] = []
  const shares: Share[] = []
  for (const { line, sku, quantity } of lines) {
    const fullestFirst = stocks
      .filter((stock) => stock.sku === sku)
      .sort((a, b) => (left.get(b) ?? 0) - (left.get(a) ?? 0))
    let missing = quantity
    for (const stock of fullestFirst) {
      const share = Math.min(missing, left.get(stock) ?? 0)
      if (share === 0) continue
      left.set(stock, (left.get(stock) ?? 0) - share)
      missing -= share
      shares.push({ line, stock, share })
    }
    if (missing > 0) shortages.push({ line, sku, available: quantity - missing })
  }
  return { shortages, shares }
}

async function take(session: ClientSession, shares: Share[]): Promise<void> {
  const updates = shares.map(({ stock, share }) => ({
    updateOne: {
      filter: { _id: stock._id, available: { $gte: share } },
      update: { $inc: { available: -share, reserved: share } },
    },
  }))
  const { matchedCount } = await Stocks.collection.bulkWrite(updates, { session })
  // The snapshot said that it is there, and nobody else can have moved it unseen.
  if (matchedCount !== shares.length) throw new Error('the stock is not what the snapshot said')
}

/** Gives back what an order holds or had committed. Repeating it changes nothing. */
export async function releaseHolds(session: ClientSession, order: Types.ObjectId): Promise<void> {
  const holds = await StockHolds.collection
    .find<StockHold>({ order, state: { $in: ['HELD', 'COMMITTED'] } }, { session, hint: byOrder })
    .toArray()
  for (const hold of holds) {
    await turn(session, hold, 'RELEASED', { available: hold.quantity, reserved: -hold.quantity })
  }
}

/** Whether an order holds exactly what it wants. */
export async function holdsAll(
  session: ClientSession,
  order: Types.ObjectId,
  wanted: Wanted[],
): Promise<boolean> {
  const holds = await StockHolds.collection
    .find<StockHold>({ order, state: { $in: ['HELD', 'COMMITTED'] } }, { session, hint: byOrder })
    .toArray()
  const held = (line: Wanted) =>
    holds
      .filter((hold) => hold.line === line.line && hold.sku === line.sku)
      .reduce((sum, hold) => sum + hold.quantity, 0)
  return wanted.every((line) => held(line) === line.quantity)
}

/** The goods of a paid order are its own now, and no longer run out. */
export async function commitHolds(session: ClientSession, order: Types.ObjectId): Promise<void> {
  await StockHolds.collection.updateMany(
    { order, state: 'HELD' },
    { $set: { state: 'COMMITTED' } },
    { session, hint: byOrder },
  )
}

/** The goods have left the house. */
export async function shipHolds(session: ClientSession, order: Types.ObjectId): Promise<void> {
  const holds = await StockHolds.collection
    .find<StockHold>({ order, state: 'COMMITTED' }, { session, hint: byOrder })
    .toArray()
  for (const hold of holds) {
    await turn(session, hold, 'SHIPPED', { reserved: -hold.quantity, shipped: hold.quantity })
  }
}

/** Keeps the holds of an order until a later moment. */
export async function extendHolds(
  session: ClientSession,
  order: Types.ObjectId,
  expiresAt: Date,
): Promise<void> {
  await StockHolds.collection.updateMany(
    { order, state: 'HELD', expiresAt: { $lt: expiresAt } },
    { $set: { expiresAt } },
    { session, hint: byOrder },
  )
}

async function turn(
  session: ClientSession,
  hold: StockHold,
  state: StockHold['state'],
  change: Partial<Record<'available' | 'reserved' | 'shipped', number>>,
): Promise<void> {
  const { matchedCount } = await StockHolds.collection.updateOne(
    { _id: hold._id, state: hold.state },
    { $set: { state } },
    { session },
  )
  if (!matchedCount) return
  await Stocks.collection.updateOne({ sku: hold.sku, store: hold.store }, { $inc: change }, { session })
}
