import { model, Schema, type Types } from 'mongoose'
import type { Currency } from './money.ts'
import { fold } from './search.ts'
import {
  type HoldState,
  holdStates,
  type PickingCaseState,
  type ProductKind,
  pickingCaseStates,
  productKinds,
} from './states.ts'

export interface Category {
  _id: Types.ObjectId
  name: string
  position: number
}
const category = new Schema<Category>(
  { name: { type: String, required: true }, position: { type: Number, default: 0 } },
  { strict: 'throw', versionKey: false },
)
export const Categories = model('Category', category)

export interface Variant {
  /** Unique over all products: stock is counted by it. */
  sku: string
  /** Empty on the only variant of a plain product. */
  name: string
  /** Overrides the product's price, by currency. */
  prices?: Partial<Record<Currency, number>>
}

export interface Product {
  _id: Types.ObjectId
  /** For the contracts that want integers. */
  number: number
  kind: ProductKind
  name: string
  description: string
  category: Types.ObjectId | null
  /** Minor units by currency. */
  prices: Partial<Record<Currency, number>>
  variants: Variant[]
  /** Addresses below the shop's own: `/images/…`. */
  images: string[]
  /** What search looks up: the name cut so that Thai and Japanese words are found inside it. */
  searchTerms: string[]
  /** Name, variants and SKUs as search compares them; lists are sorted by it. */
  searchText: string
  /** Grows with every change of price. */
  priceVersion: number
  hidden: boolean
  version: number
  createdAt: Date
  updatedAt: Date
}
const product = new Schema<Product>(
  {
    number: { type: Number, required: true },
    kind: { type: String, enum: productKinds, default: 'GOODS' },
    name: { type: String, required: true },
    description: { type: String, default: '' },
    category: { type: Schema.Types.ObjectId, default: null },
    prices: { type: Schema.Types.Mixed, required: true },
    variants: { type: [Schema.Types.Mixed], required: true } as never,
    images: { type: [String], default: [] },
    searchTerms: { type: [String], default: [] },
    searchText: { type: String, default: '' },
    priceVersion: { type: Number, default: 1 },
    hidden: { type: Boolean, default: false },
    version: { type: Number, default: 0 },
  },
  { strict: 'throw', timestamps: true, versionKey: false },
)
product.index({ number: 1 }, { unique: true })
product.index({ 'variants.sku': 1 }, { unique: true })
// Sorted within each term, so that a page of matches is read and no more.
product.index({ searchTerms: 1, searchText: 1, _id: 1 })
product.index({ searchText: 1, _id: 1 })
product.index({ category: 1, searchText: 1, _id: 1 })
export const Products = model('Product', product)

/** What a product is found and sorted by: its name first. */
export const productSearchText = ({ name, variants }: Pick<Product, 'name' | 'variants'>): string =>
  fold([name, ...variants.flatMap((variant) => [variant.name, variant.sku])].join(' '))

export interface Store {
  _id: Types.ObjectId
  number: number
  name: string
  address: string
  active: boolean
}
const store = new Schema<Store>(
  {
    number: { type: Number, required: true },
    name: { type: String, required: true },
    address: { type: String, default: '' },
    active: { type: Boolean, default: true },
  },
  { strict: 'throw', versionKey: false },
)
store.index({ number: 1 }, { unique: true })
export const Stores = model('Store', store)

/** available + reserved + shipped = the sum of all movements. */
export interface Stock {
  _id: Types.ObjectId
  sku: string
  store: Types.ObjectId
  available: number
  reserved: number
  shipped: number
}
const count = { type: Number, required: true, min: 0, validate: Number.isSafeInteger, default: 0 }
const stock = new Schema<Stock>(
  {
    sku: { type: String, required: true },
    store: { type: Schema.Types.ObjectId, required: true },
    available: count,
    reserved: count,
    shipped: count,
  },
  { strict: 'throw', versionKey: false },
)
stock.index({ sku: 1, store: 1 }, { unique: true })
export const Stocks = model('Stock', stock)

export interface StockHold {
  _id: Types.ObjectId
  order: Types.ObjectId
  line: number
  store: Types.ObjectId
  sku: string
  quantity: number
  state: HoldState
  expiresAt: Date
}
const hold = new Schema<StockHold>(
  {
    order: { type: Schema.Types.ObjectId, required: true },
    line: { type: Number, required: true },
    store: { type: Schema.Types.ObjectId, required: true },
    sku: { type: String, required: true },
    quantity: { ...count, min: 1 },
    state: { type: String, enum: holdStates, required: true },
    expiresAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false, timestamps: true },
)
// A released hold is kept as history, so only the living ones are unique.
hold.index(
  { order: 1, line: 1, store: 1 },
  { unique: true, partialFilterExpression: { state: { $in: ['HELD', 'COMMITTED', 'SHIPPED'] } } },
)
hold.index({ state: 1, expiresAt: 1 })
hold.index({ order: 1 })
hold.index({ sku: 1, store: 1, state: 1 })
export const StockHolds = model('StockHold', hold)

/** What came and went, never changed afterwards. */
export interface StockMovement {
  _id: Types.ObjectId
  sku: string
  store: Types.ObjectId
  /** Added to the stock, or taken from it when negative. */
  change: number
  reason: string
  by: string
  at: Date
}
const movement = new Schema<StockMovement>(
  {
    sku: { type: String, required: true },
    store: { type: Schema.Types.ObjectId, required: true },
    change: { type: Number, required: true, validate: Number.isSafeInteger },
    reason: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
movement.index({ sku: 1, store: 1, at: 1 })
export const StockMovements = model('StockMovement', movement)

export interface PickingCase {
  _id: Types.ObjectId
  order: Types.ObjectId
  state: PickingCaseState
  pickedBy: Types.ObjectId | null
  createdAt: Date
  updatedAt: Date
}
const picking = new Schema<PickingCase>(
  {
    order: { type: Schema.Types.ObjectId, required: true },
    state: { type: String, enum: pickingCaseStates, required: true },
    pickedBy: { type: Schema.Types.ObjectId, default: null },
  },
  { strict: 'throw', versionKey: false, timestamps: true },
)
picking.index({ order: 1 }, { unique: true })
picking.index({ state: 1, createdAt: 1 })
export const PickingCases = model('PickingCase', picking)

/** A picture of a product, or the shop's logo, as it is served. */
export interface Picture {
  _id: Types.ObjectId
  /** What its address is made of; never used for other bytes. */
  key: string
  type: string
  width: number
  height: number
  bytes: Buffer
  createdAt: Date
}
const picture = new Schema<Picture>(
  {
    key: { type: String, required: true },
    type: { type: String, required: true },
    width: { type: Number, required: true },
    height: { type: Number, required: true },
    bytes: { type: Buffer, required: true },
  },
  { strict: 'throw', versionKey: false, timestamps: { createdAt: true, updatedAt: false } },
)
picture.index({ key: 1 }, { unique: true })
export const Pictures = model('Picture', picture)
