import { randomUUID } from 'node:crypto'
import mongoose from 'mongoose'
import { Conversations } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import { Couriers } from '../../models/delivery.ts'
import { Products, StockMovements, Stocks, Stores } from '../../models/store.ts'
import type { Start } from './checkout.ts'

const shelf = 60

/** Fills an empty shop: one courier, a shelf of goods. Answers the ids of the goods. */
export async function fillShop(): Promise<string[]> {
  await Couriers.create({ name: 'Kerry', rules: [{ postcodes: [], from: 0, price: 4900 }], days: 2 })
  const store = await Stores.create({ number: 1, name: 'Main store' })
  const goods = Array.from({ length: shelf }, (_, at) => ({
    _id: new mongoose.Types.ObjectId(),
    number: 1000 + at,
    name: `ส้มโอขาวน้ำผึ้ง ${at}`,
    prices: { THB: 18_900 },
    variants: [{ sku: `BENCH-${at}`, name: '' }],
  }))
  await Products.create(goods)
  const available = 1_000_000
  const skus = goods.map((_, at) => `BENCH-${at}`)
  await Stocks.create(skus.map((sku) => ({ sku, store: store._id, available })))
  await StockMovements.create(
    skus.map((sku) => ({
      sku,
      store: store._id,
      change: available,
      reason: 'first',
      by: 'bench',
      at: new Date(),
    })),
  )
  return goods.map(({ _id }) => String(_id))
}

/** As many people who have written, each with two goods in mind. */
export async function findCustomers(count: number, goods: string[]): Promise<Start[]> {
  const first = (await Customers.countDocuments()) + 1
  const people = Array.from({ length: count }, (_, at) => ({
    _id: new mongoose.Types.ObjectId(),
    number: first + at,
    guid: randomUUID(),
    username: `c-${first + at}`,
    name: 'สมชาย ใจดี',
    language: 'th' as const,
    identities: [{ channel: 'line', externalId: `U${randomUUID().replaceAll('-', '')}`, reachable: true }],
  }))
  await Customers.insertMany(people)
  const conversations = people.map(({ _id: customer, identities }) => ({
    _id: new mongoose.Types.ObjectId(),
    channel: 'line',
    customer,
    externalId: identities[0]?.externalId ?? '',
    lastMessageAt: new Date(),
  }))
  await Conversations.insertMany(conversations)
  const pick = (at: number) => goods[at % goods.length] ?? ''
  return conversations.map(({ _id }, at) => ({
    conversationId: String(_id),
    productIds: [pick(at * 2), pick(at * 2 + 1)],
  }))
}
