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
import { TicketEvents } from '../../models/ticket.ts'
import { isDuplicate } from '../database/index.ts'
import { type Sample, type SampleCountry, sampleCountries, samples } from './demo/index.ts'
import { forgetShopSettings } from './settings.ts'

/** How many numbers the goods of one country have to themselves. */
const numbersEach = 100

/**
 * Sets up the sample shop, once: what the owner changes or deletes later stays so. A second country is added beside
 * the first only by choosing it.
 */
export async function seedDemo(country: SampleCountry = 'TH'): Promise<void> {
  const shop = await ShopSettingsStore.findById('shop', { seeded: 1 }).lean()
  if (shop?.seeded) return
  await plantSample(country)
  await saveSettings(samples[country])
  forgetShopSettings()
}

/**
 * Puts the goods of a country there, where they are missing. Everything has an id made of its name, so that a start
 * that was killed half-way, or two at once, do no harm.
 */
export async function plantSample(country: SampleCountry): Promise<void> {
  const { categories, stores, couriers, points, replies, products } = samples[country]
  const first = sampleCountries.indexOf(country) * numbersEach
  const id = idsOf(country)
  await Promise.all([
    insertMissing(
      Categories,
      categories.map((name, position) => ({ _id: id(name), name, position })),
    ),
    insertMissing(
      Stores,
      stores.map((store) => ({ _id: id(store.name), ...store, number: first + store.number })),
    ),
    insertMissing(
      Couriers,
      couriers.map((courier) => ({ _id: id(courier.name), ...courier })),
    ),
    insertMissing(
      PickupPoints,
      points.map((point) => ({ _id: id(point.name), ...point, number: first + point.number })),
    ),
    insertMissing(
      CannedReplies,
      replies.map((reply) => ({ _id: id(`${reply.shortcut} ${reply.language}`), ...reply })),
    ),
    insertMissing(Products, productsOf(country, first)),
    insertMissing(TicketEvents, eventsOf(country)),
    insertMissing(StockMovements, stockRows(country).map(movementOf(id))),
    insertMissing(Stocks, stockRows(country).map(stockOf(id))),
    countUpTo('product', first + products.length),
    countUpTo('store', first + stores.length),
    countUpTo('point', first + points.length),
  ])
}

/** What belongs to the sample of a country, by its ids. */
export function sampleIds(country: SampleCountry) {
  const { categories, stores, couriers, points, replies, products } = samples[country]
  const id = idsOf(country)
  return {
    categories: categories.map(id),
    stores: stores.map(({ name }) => id(name)),
    couriers: couriers.map(({ name }) => id(name)),
    points: points.map(({ name }) => id(name)),
    replies: replies.map(({ shortcut, language }) => id(`${shortcut} ${language}`)),
    products: products.map(({ key }) => id(key)),
    onSale: products.filter(({ hidden }) => !hidden).map(({ key }) => id(key)),
  }
}

/** The last step: only now is the shop seeded. */
async function saveSettings({ settings }: Sample): Promise<void> {
  try {
    await ShopSettingsStore.updateOne(
      { _id: 'shop', seeded: { $ne: true } },
      { $set: { ...settings, seeded: true } },
      { upsert: true, setDefaultsOnInsert: true },
    )
  } catch (error) {
    // Another process has just finished the same.
    if (!isDuplicate(error)) throw error
  }
}

function productsOf(country: SampleCountry, first: number) {
  const { categories, products, settings } = samples[country]
  const now = new Date()
  const id = idsOf(country)
  return products.map(({ key, category, name, description, price, others, variants, ...rest }, index) => {
    const skus = variants.map(({ stock: _, ...variant }) => variant)
    const searchText = productSearchText({ name, variants: skus })
    return {
      _id: id(key),
      number: first + index + 1,
      kind: rest.event ? 'TICKET' : 'GOODS',
      name,
      description,
      category: id(categories[category] ?? ''),
      prices: { ...others, [settings.currency]: price },
      variants: skus,
      images: [`/images/demo-${rest.picture ?? key}.jpg`],
      searchText,
      searchTerms: searchTermsOf(searchText),
      priceVersion: 1,
      hidden: rest.hidden ?? false,
      version: 0,
      createdAt: now,
      updatedAt: now,
    }
  })
}

function eventsOf(country: SampleCountry) {
  const id = idsOf(country)
  return samples[country].products.flatMap(({ key, event, variants }) => {
    if (!event) return []
    const startsAt = new Date(Date.now() + event.inDays * 86_400_000)
    startsAt.setUTCHours(9, 30, 0, 0)
    const capacity = variants.flatMap(({ stock }) => stock).reduce((sum, count) => sum + count, 0)
    return [{ _id: id(`event of ${key}`), product: id(key), startsAt, place: event.place, capacity }]
  })
}

interface StockRow {
  sku: string
  store: string
  count: number
}

function stockRows(country: SampleCountry): StockRow[] {
  const { products, stores } = samples[country]
  return products.flatMap(({ variants }) =>
    variants.flatMap(({ sku, stock }) =>
      stores.map(({ name }, index) => ({ sku, store: name, count: stock[index] ?? 0 })),
    ),
  )
}

type Ids = ReturnType<typeof idsOf>

const stockOf =
  (id: Ids) =>
  ({ sku, store, count }: StockRow) => ({
    _id: id(`${sku} in ${store}`),
    sku,
    store: id(store),
    available: count,
    reserved: 0,
    shipped: 0,
  })

const movementOf =
  (id: Ids) =>
  ({ sku, store, count }: StockRow) => ({
    _id: id(`first ${sku} in ${store}`),
    sku,
    store: id(store),
    change: count,
    reason: 'Sample shop',
    by: 'system',
    at: new Date(),
  })

/** The same name always gives the same id, within a country. */
const idsOf =
  (country: SampleCountry) =>
  (name: string): mongoose.Types.ObjectId => {
    // Thailand's came first, when there was no other.
    const whose = country === 'TH' ? 'demo' : `demo ${country}`
    return new mongoose.Types.ObjectId(
      createHash('sha256').update(`${whose} ${name}`).digest('hex').slice(0, 24),
    )
  }

async function insertMissing(
  model: { collection: mongoose.Collection },
  rows: { _id: mongoose.Types.ObjectId }[],
): Promise<void> {
  if (!rows.length) return
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
