import { model, Schema, type Types } from 'mongoose'
import type { Currency } from './money.ts'
import { type Language, type OrderState, orderStates, type ProductKind, productKinds } from './states.ts'

export interface Reduction {
  /** Minor units taken off. */
  amount: number
  reason: string
  by: Types.ObjectId
}

export interface OrderLine {
  /** Stable within the order; holds and the seeds' messages name a line by it. */
  number: number
  /** Null on a free-text line, which has no stock. */
  product: Types.ObjectId | null
  productNumber: number
  variant: string | null
  kind: ProductKind
  name: string
  image: string | null
  unitPrice: number
  quantity: number
  discount?: Reduction | null
  /** Why a free-text line is there. */
  reason?: string | null
}

export interface Address {
  name: string
  phone: string
  email?: string | undefined
  line1: string
  line2?: string | undefined
  subdistrict?: string | undefined
  district?: string | undefined
  province?: string | undefined
  city?: string | undefined
  postalCode: string
  /** ISO 3166 alpha-2. */
  country: string
}

/** Who buys, where nothing is delivered to an address. */
export interface Contact {
  name: string
  email: string
}

export interface OrderDelivery {
  type: 'courier' | 'pickup'
  courier: Types.ObjectId | null
  companyName: string | null
  point: Types.ObjectId | null
  pointName: string | null
  slot: Types.ObjectId | null
  slotBegin: Date | null
  slotEnd: Date | null
  /** What it costs the customer, minor units. */
  cost: number
  /** Staff set the fee by hand: quotes leave it alone. */
  fixed?: Reduction | null
  costConfirmed: boolean
  /** YYYY-MM-DD in the shop's zone. */
  estimatedDate: string | null
}

export interface OrderPart {
  part: number
  gateway: string
  method: string
  tokenId?: string | null
  amount: number
}

export interface Totals {
  items: number
  discount: number
  delivery: number
  total: number
  /** Contained in the total. */
  vat: number
}

export interface Transition {
  from: OrderState | null
  to: OrderState
  version: number
  at: Date
  /** A staff id, `customer`, `gateway`, `timer` or `saga`. */
  by: string
  reason?: string
}

export interface Order {
  _id: Types.ObjectId
  number: number
  /** What people read aloud and gateways print, unique. */
  regNo: string
  /** The id that a client of the order service gave, unique per owner. */
  clientId?: string
  customer: Types.ObjectId
  conversation: Types.ObjectId | null
  channel: string
  language: Language
  openedBy: 'staff' | 'customer'
  staff: Types.ObjectId | null
  /** Null while the customer merely fills a cart. */
  openedAt: Date | null
  state: OrderState
  version: number
  currency: Currency
  lines: OrderLine[]
  nextLine: number
  address: Address | null
  contact?: Contact | null
  /** The session that typed the address or contact: another browser with the link does not see it. */
  addressSession: string | null
  delivery: OrderDelivery | null
  parts: OrderPart[]
  discount: Reduction | null
  totals: Totals
  refunded: number
  /** Until when an unpaid order lives. */
  deadline: Date | null
  /** Until when the goods are held; null while they are not. */
  holdsUntil: Date | null
  /** The card as last sent: what it said decides whether it is out of date. */
  card: { sentAt: Date; digest: string; message: Types.ObjectId | null } | null
  page: { openedAt: Date; seenAt: Date } | null
  remindedAt: Date | null
  paidAt: Date | null
  cancelReason: string | null
  note: string
  history: Transition[]
  createdAt: Date
  updatedAt: Date
}

const integer = { type: Number, required: true, validate: Number.isSafeInteger }
const amount = { ...integer, min: 0 }
const reduction = new Schema<Reduction>(
  { amount, reason: String, by: Schema.Types.ObjectId },
  { _id: false, strict: 'throw' },
)
const line = new Schema<OrderLine>(
  {
    number: integer,
    product: { type: Schema.Types.ObjectId, default: null },
    productNumber: { type: Number, default: 0 },
    variant: { type: String, default: null },
    kind: { type: String, enum: productKinds, required: true },
    name: { type: String, required: true },
    image: { type: String, default: null },
    unitPrice: amount,
    quantity: { ...integer, min: 1 },
    discount: { type: reduction, default: null },
    reason: { type: String, default: null },
  },
  { _id: false, strict: 'throw' },
)

const schema = new Schema<Order>(
  {
    number: integer,
    regNo: { type: String, required: true },
    clientId: String,
    customer: { type: Schema.Types.ObjectId, required: true },
    conversation: { type: Schema.Types.ObjectId, default: null },
    channel: { type: String, required: true },
    language: { type: String, required: true },
    openedBy: { type: String, enum: ['staff', 'customer'], required: true },
    staff: { type: Schema.Types.ObjectId, default: null },
    openedAt: { type: Date, default: null },
    state: { type: String, enum: orderStates, required: true },
    version: integer,
    currency: { type: String, required: true },
    lines: [line],
    nextLine: { type: Number, default: 1 },
    address: { type: Schema.Types.Mixed, default: null },
    contact: { type: Schema.Types.Mixed, default: null },
    addressSession: { type: String, default: null },
    delivery: { type: Schema.Types.Mixed, default: null },
    parts: { type: [Schema.Types.Mixed], default: [] } as never,
    discount: { type: reduction, default: null },
    totals: { items: amount, discount: amount, delivery: amount, total: amount, vat: amount },
    refunded: { type: Number, default: 0, min: 0, validate: Number.isSafeInteger },
    deadline: { type: Date, default: null },
    holdsUntil: { type: Date, default: null },
    card: { type: Schema.Types.Mixed, default: null },
    page: { type: Schema.Types.Mixed, default: null },
    remindedAt: { type: Date, default: null },
    paidAt: { type: Date, default: null },
    cancelReason: { type: String, default: null },
    note: { type: String, default: '' },
    history: { type: [Schema.Types.Mixed], default: [] } as never,
  },
  { strict: 'throw', timestamps: true, versionKey: false },
)
schema.index({ regNo: 1 }, { unique: true })
schema.index({ number: 1 }, { unique: true })
schema.index({ customer: 1, createdAt: -1 })
schema.index({ conversation: 1, createdAt: -1 })
schema.index({ state: 1, deadline: 1 })
schema.index({ state: 1, holdsUntil: 1 })
schema.index({ state: 1, createdAt: -1 })
schema.index(
  { customer: 1, clientId: 1 },
  { unique: true, partialFilterExpression: { clientId: { $type: 'string' } } },
)
// One cart a customer: a draft that nobody has opened yet. `openedAt: null` cannot be told from a missing field.
schema.index(
  { customer: 1 },
  { name: 'one_cart', unique: true, partialFilterExpression: { state: 'DRAFT', openedAt: { $type: 10 } } },
)

export const Orders = model('Order', schema)

/** What a link to the catalogue begins with, and where the order that comes of it belongs. */
export interface CatalogueSelection {
  conversation: Types.ObjectId
  /** In which a cart is begun; one that is there keeps its own. */
  currency: Currency
  category: Types.ObjectId | null
  /** Picked by staff, in their order. */
  products: Types.ObjectId[]
}

/** A link opens one order, or the catalogue, for one customer. */
export interface WebviewLink {
  _id: Types.ObjectId
  /** SHA-256 of the token; the token itself is only in the link. */
  tokenHash: string
  /** Null on a link to the catalogue. */
  order: Types.ObjectId | null
  catalogue: CatalogueSelection | null
  customer: Types.ObjectId
  expiresAt: Date
  revokedAt: Date | null
  createdAt: Date
}

const linkSchema = new Schema<WebviewLink>(
  {
    tokenHash: { type: String, required: true },
    order: { type: Schema.Types.ObjectId, default: null },
    catalogue: { type: Schema.Types.Mixed, default: null },
    customer: { type: Schema.Types.ObjectId, required: true },
    expiresAt: { type: Date, required: true },
    revokedAt: { type: Date, default: null },
  },
  { strict: 'throw', timestamps: { createdAt: true, updatedAt: false }, versionKey: false },
)
linkSchema.index({ tokenHash: 1 }, { unique: true })
linkSchema.index({ order: 1, createdAt: -1 })

export const WebviewLinks = model('WebviewLink', linkSchema)
