import type { ClientSession } from 'mongoose'
import { type Stock, StockMovements, Stocks, Stores } from '../../models/store.ts'
import { now } from '../database/index.ts'
import { AppError } from '../http/index.ts'

/**
 * Makes the pieces of a variant as many as an event has seats, those that are held and sold counted in. Answers null,
 * or how many are taken when that is more than the seats: then the caller abandons the transaction.
 */
export async function setSeats(
  session: ClientSession,
  sku: string,
  capacity: number,
  by: string,
): Promise<number | null> {
  const stocks = await Stocks.collection.find<Stock>({ sku }, { session }).toArray()
  const whole = stocks.reduce(
    (sum, { available, reserved, shipped }) => sum + available + reserved + shipped,
    0,
  )
  let change = capacity - whole
  if (change > 0) {
    await move(session, sku, stocks[0]?.store ?? (await firstStore(session)), change, by)
    change = 0
  }
  for (const { store, available } of stocks) {
    const share = Math.min(available, -change)
    if (share <= 0) continue
    await move(session, sku, store, -share, by)
    change += share
  }
  return change < 0 ? capacity - change : null
}

async function firstStore(session: ClientSession): Promise<Stock['store']> {
  const store = await Stores.findOne({ active: true }, { _id: 1 }, { session }).sort({ number: 1 }).lean()
  if (!store) {
    throw new AppError('event.no_store', 'Seats are counted in a store. Add one first.', { status: 409 })
  }
  return store._id
}

async function move(
  session: ClientSession,
  sku: string,
  store: Stock['store'],
  change: number,
  by: string,
): Promise<void> {
  const movement = { sku, store, change, reason: 'seats of the event', by, at: now() }
  await Stocks.updateOne(
    { sku, store },
    { $inc: { available: change }, $setOnInsert: { reserved: 0, shipped: 0 } },
    { session, upsert: true },
  )
  await StockMovements.create([movement], { session })
}
