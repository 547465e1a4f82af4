import { createHash } from 'node:crypto'
import mongoose from 'mongoose'
import { CannedReplies } from '../../models/conversation.ts'
import { Couriers, PickupPoints } from '../../models/delivery.ts'
import { searchTermsOf } from '../../models/search.ts'
import { Counters, ShopSettingsStore } from '../../models/shop.ts'
import {
  Categories,
  Products,
  productSearchText,
  StockMovements,
  Stocks,
  Stores,
} from '../../models/store.ts'
import { isDuplicate } from '../database/index.ts'
import { demoCategories, demoProducts } from './demo-products.ts'
import { demoCouriers, demoPoints, demoReplies, demoSettings, demoStores } from './demo-shop.ts'
import { forgetShopSettings } from './settings.ts'

/**
 * Sets up the sample shop, once: what the owner changes or deletes later stays so. Everything has an id made of its
 * name and is inserted only where it is missing, so that a start that was killed half-way, or two at once, do no harm.
 */
export async function seedDemo(): Promise<void> {
  const shop = await ShopSettingsStore.findById('shop', { seeded: 1 }).lean()
  if (shop?.seeded) return
  await Promise.all([
    insertMissing(
      Categories,
      demoCategories.map((name, position) => ({ ...identified(name), name, position })),
    ),
    insertMissing(
      Stores,
      demoStores.map((store) => ({ ...identified(store.name), ...store })),
    ),
    insertMissing(
      Couriers,
      demoCouriers.map((courier) => ({ ...identified(courier.name), ...courier })),
    ),
    insertMissing(
      PickupPoints,
      demoPoints.map((point) => ({ ...identified(point.name), ...point })),
    ),
    insertMissing(
      CannedReplies,
      demoReplies.map((reply) => ({ ...identified(`${reply.shortcut} ${reply.language}`), ...reply })),
    ),
    insertMissing(Products, products()),
    insertMissing(StockMovements, stockRows().map(movementOf)),
    insertMissing(Stocks, stockRows().map(stockOf)),
    countUpTo('product', demoProducts.length),
    countUpTo('store', demoStores.length),
    countUpTo('point', demoPoints.length),
  ])
  await saveSettings()
  forgetShopSettings()
}

/** The last step: only now is the shop seeded. */
async function saveSettings(): Promise<void> {
  try {
    await ShopSettingsStore.updateOne(
      { _id: 'shop', seeded: { $ne: true } },
      { $set: { ...demoSettings, seeded: true } },
      { upsert: true, setDefaultsOnInsert: true },
    )
  } catch (error) {
    // Another process has just finished the same.
    if (!isDuplicate(error)) throw error
  }
}

function products() {
  const now = new Date()
  return demoProducts.map(({ key, category, name, description, price, variants, hidden }, index) => {
    const skus = variants.map(({ stock: _, ...variant }) => variant)
    const searchText = productSearchText({ name, variants: skus })
    return {
      ...identified(key),
      number: index + 1,
      kind: 'GOODS',
      name,
      description,
      category: idOf(category),
      prices: { THB: price },
      variants: skus,
      images: [`/images/demo-${key}.jpg`],
      searchText,
      searchTerms: searchTermsOf(searchText),
      priceVersion: 1,
      hidden: hidden ?? false,
      version: 0,
      createdAt: now,
      updatedAt: now,
    }
  })
}

interface StockRow {
  sku: string
  store: string
  count: number
}

const stockRows = (): StockRow[] =>
  demoProducts.flatMap(({ variants }) =>
    variants.flatMap(({ sku, stock }) =>
      demoStores.map(({ name }, index) => ({ sku, store: name, count: stock[index] ?? 0 })),
    ),
  )

const stockOf = ({ sku, store, count }: StockRow) => ({
  ...identified(`${sku} in ${store}`),
  sku,
  store: idOf(store),
  available: count,
  reserved: 0,
  shipped: 0,
})

const movementOf = ({ sku, store, count }: StockRow) => ({
  ...identified(`first ${sku} in ${store}`),
  sku,
  store: idOf(store),
  change: count,
  reason: 'Sample shop',
  by: 'system',
  at: new Date(),
})

/** The same name always gives the same id. */
const idOf = (name: string): mongoose.Types.ObjectId =>
  new mongoose.Types.ObjectId(createHash('sha256').update(`demo ${name}`).digest('hex').slice(0, 24))
const identified = (name: string) => ({ _id: idOf(name) })

async function insertMissing(
  model: { collection: mongoose.Collection },
  rows: { _id: mongoose.Types.ObjectId }[],
): Promise<void> {
  const writes = rows.map(({ _id, ...row }) => ({
    updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true },
  }))
  try {
    await model.collection.bulkWrite(writes, { ordered: false })
  } catch (error) {
    const raced = error instanceof mongoose.mongo.MongoBulkWriteError && error.code === 11000
    if (!raced) throw error
  }
}

/** Numbers that are given from now on come after those of the sample. */
async function countUpTo(name: string, value: number): Promise<void> {
  await Counters.updateOne({ _id: name }, { $max: { value } }, { upsert: true }).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error
  })
}
