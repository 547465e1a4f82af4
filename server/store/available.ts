import type { Types } from 'mongoose'
import { type Stock, StockHolds, Stocks, type Store } from '../../models/store.ts'
import { openStores } from './stores.ts'

/** What lies in each open store of some SKUs, in the order of the stores. */
export async function stockInStores(
  skus: string[],
): Promise<{ sku: string; store: Store; available: number }[]> {
  const [stores, stocks] = await Promise.all([
    openStores(),
    Stocks.collection.find<Stock>({ sku: { $in: skus } }).toArray(),
  ])
  return skus.flatMap((sku) =>
    stores.map((store) => ({
      sku,
      store,
      available:
        stocks.find((stock) => stock.sku === sku && String(stock.store) === String(store._id))?.available ??
        0,
    })),
  )
}

/** How many pieces of each SKU an order can have: what is free in open stores, and what it holds itself. */
export async function availableFor(
  order: Types.ObjectId | null,
  skus: string[],
): Promise<Map<string, number>> {
  const [stores, stocks, held] = await Promise.all([
    openStores(),
    Stocks.collection.find<Stock>({ sku: { $in: skus } }).toArray(),
    order ? StockHolds.find({ order, state: 'HELD', sku: { $in: skus } }).lean() : [],
  ])
  const open = new Set(stores.map(({ _id }) => String(_id)))
  const found = new Map(skus.map((sku) => [sku, 0]))
  const add = (sku: string, pieces: number) => found.set(sku, (found.get(sku) ?? 0) + pieces)
  for (const { sku, store, available } of stocks) if (open.has(String(store))) add(sku, available)
  for (const { sku, quantity } of held) add(sku, quantity)
  return found
}
