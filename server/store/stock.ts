import mongoose, { type ClientSession, type Types } from 'mongoose'
import { Products, type Stock, StockMovements, Stocks, Stores } from '../../models/store.ts'
import { isDuplicate, now, transaction } from '../database/index.ts'
import { AppError, notFound, type StaffCaller } from '../http/index.ts'
import { audit } from '../shop/index.ts'
import type { ProductView } from './contract.ts'
import { getProduct } from './find.ts'

export interface StockChange {
  sku: string
  storeId: string
  /** Pieces that came, or went when negative. */
  change?: number | undefined
  /** Pieces that somebody counted and that may be sold: those reserved for orders lie apart. */
  counted?: number | undefined
  /** With `counted`: how many there were when counting began. 409 if it is not so any more. */
  expected?: number | undefined
  reason: string
}

/** Moves the stock of one variant in one store, with a movement that says why. It never falls below zero. */
export async function changeStock(
  by: StaffCaller,
  productId: string,
  { sku, storeId, change, counted, expected, reason }: StockChange,
): Promise<ProductView> {
  const store = new mongoose.Types.ObjectId(storeId)
  const [product, known] = await Promise.all([
    Products.findOne({ _id: productId, 'variants.sku': sku }, { kind: 1 }).lean(),
    Stores.exists({ _id: store }),
  ])
  if (!product) throw notFound('The product with this SKU')
  if (!known) throw notFound('The store')
  if (product.kind === 'TICKET') {
    throw new AppError('event.seats', 'A ticket has the seats of its event. Change them there.', {
      status: 409,
    })
  }
  await firstRow(sku, store)
  await transaction(async (session) => {
    const before = await Stocks.findOne({ sku, store }, null, { session }).lean()
    if (!before) throw notFound('The stock')
    if (expected !== undefined && before.available !== expected) throw countedTooLate(before)
    const moved = counted === undefined ? (change ?? 0) : counted - before.available
    if (moved === 0) return
    await move(session, before, moved)
    await StockMovements.create([{ sku, store, change: moved, reason, by: by.staffId, at: now() }], {
      session,
    })
    await audit(
      {
        by: by.staffId,
        byName: by.name,
        action: 'stock.changed',
        subject: productId,
        details: { sku, store: storeId, from: before.available, change: moved, reason },
      },
      session,
    )
  })
  return getProduct(productId)
}

async function move(session: ClientSession, { _id, sku, available }: Stock, change: number): Promise<void> {
  const { matchedCount } = await Stocks.updateOne(
    { _id, available: { $gte: -change } },
    { $inc: { available: change } },
    { session },
  )
  if (matchedCount) return
  throw new AppError('stock.short', `Only ${available} of ${sku} are there: you cannot take away more.`, {
    status: 409,
    details: { available },
  })
}

/** The row that all later movements turn. */
async function firstRow(sku: string, store: Types.ObjectId): Promise<void> {
  const empty = { available: 0, reserved: 0, shipped: 0 }
  try {
    await Stocks.updateOne({ sku, store }, { $setOnInsert: empty }, { upsert: true })
  } catch (error) {
    // Somebody else has just made it.
    if (!isDuplicate(error)) throw error
  }
}

const countedTooLate = ({ sku, available }: Stock) =>
  new AppError(
    'stock.moved',
    `The stock of ${sku} moved while you counted: it is ${available} now. Count again, or enter the difference.`,
    { status: 409, details: { available } },
  )

/** How much of a product lies in each store, by the product's number, as seed 3's store service tells it. */
export async function placesOf(number: number) {
  const product = await Products.findOne({ number }, { variants: 1 }).lean()
  if (!product) return null
  const [stores, stocks] = await Promise.all([
    Stores.find({ active: true }).sort({ number: 1 }).lean(),
    Stocks.find({ sku: { $in: product.variants.map(({ sku }) => sku) } }).lean(),
  ])
  return {
    productId: number,
    productPlaces: stores.map((store) => ({
      store: { id: store.number, name: store.name, address: store.address },
      quantity: stocks
        .filter((stock) => String(stock.store) === String(store._id))
        .reduce((sum, stock) => sum + stock.available, 0),
    })),
  }
}
