import type { Address } from '../../models/order.ts'
import type { OrderState, ProductKind } from '../../models/states.ts'
import type { CardForm, Next, OfferedMethod, SavedCardView } from '../payment/contract.ts'
import type { TicketView } from '../ticket/contract.ts'

/** The actions of seed 1, and those that a page needs around them. `POST /api/pipeline/:orderId/:action`. */
export const actionNames = [
  'UPDATE_DELIVERY_ADDRESS',
  /** Where tickets are mailed to, while no address is asked. */
  'UPDATE_CONTACT',
  'SELECT_LOGISTIC_METHOD',
  'SELECT_PAYMENT_METHOD',
  'VERIFY_ORDER_CONTEXT',
  'CHECK_PRODUCT_SUFFICIENT',
  'CONFIRM_PAYMENT_SELECTION',
  /** Gives up the open attempt, so that another method can be chosen. The cart is kept. */
  'CANCEL_PAYMENT',
  /** Asks the gateway now: "I have paid", or back from the bank. */
  'CHECK_PAYMENT',
  /** Takes an expired order up again: prices and stock are checked anew. */
  'REOPEN_ORDER',
] as const
export type ActionName = (typeof actionNames)[number]

export type { Address } from '../../models/order.ts'
export type { OrderState } from '../../models/states.ts'
export type { Next } from '../payment/contract.ts'

export interface LineView {
  number: number
  /** Null on a free-text line. */
  productId: string | null
  kind: ProductKind
  name: string
  image: string | null
  unitPrice: number
  quantity: number
  /** Minor units taken off this line. */
  discount: number
  total: number
}

export interface CourierOffer {
  companyName: string
  cost: number
  /** YYYY-MM-DD in the shop's zone. */
  estimatedDate: string
  slots: { id: string; begin: string; end: string; full: boolean }[]
}

export interface PointOffer {
  id: string
  name: string
  address: string
  hours: string
}

/** Seed 1's alert: what is no longer as the page showed it, line by line. */
export interface Change {
  field:
    | 'price'
    | 'quantity'
    | 'line_added'
    | 'line_removed'
    | 'discount'
    | 'total'
    | 'address'
    | 'delivery'
    | 'delivery_cost'
    | 'slot'
    | 'payment'
    | 'stock'
    /** Tickets to what has begun are not sold any more. */
    | 'event_begun'
  /** The goods it is about. */
  name?: string
  /** Money is minor units. */
  from?: string | number | null
  to?: string | number | null
}

/** The whole order as the customer's page shows it; every action answers it with its new version. */
export interface OrderView {
  id: string
  regNo: string
  version: number
  state: OrderState
  currency: string
  language: string
  lines: LineView[]
  discount: number
  totals: { items: number; discount: number; delivery: number; total: number; vat: number }
  vatPercent: number
  /** Address and delivery are asked only for goods, and while the logistic system is on. */
  needsDelivery: boolean
  logistics: boolean
  address: Address | null
  /** Who gets the tickets, where no address says it. */
  contact: { name: string; email: string } | null
  needsContact: boolean
  /** Last addresses, only for a person who has shown who they are. */
  savedAddresses: Address[]
  proven: boolean
  delivery: {
    type: 'courier' | 'pickup'
    companyName: string | null
    pointId: string | null
    pointName: string | null
    slotId: string | null
    slotBegin: string | null
    slotEnd: string | null
    cost: number
    costConfirmed: boolean
    estimatedDate: string | null
  } | null
  couriers: CourierOffer[]
  points: PointOffer[]
  payment: { gateway: string; method: string } | null
  methods: OfferedMethod[]
  card: CardForm | null
  /** Cards that were kept for a person who has shown who they are, and which of them is chosen. */
  savedCards?: SavedCardView[]
  savedCard?: string | null
  /** The attempt that is open, or the last one. */
  attempt: {
    state: string
    next: Next | null
    expiresAt: string
    failureCode: string | null
    amount: number
    /** Of a transfer that the shop's staff confirm: whether the customer must send its slip. */
    slip?: 'wanted' | 'waiting' | 'refused'
  } | null
  /** ISO: until when the order lives, and until when its goods are held. */
  deadline: string | null
  holdsUntil: string | null
  paidAt: string | null
  refunded: number
  /** Of what was bought as seats, once the order is confirmed: codes for the customer's own browser alone. */
  tickets: (TicketView & { qr: string | null })[]
  tracking: { state: string; courierName: string; number: string; url: string; sentAt: string | null } | null
  cancelReason: string | null
  /** The server's clock, for countdowns. */
  now: string
}

/** What stands on every page beside the order. */
export interface ShopView {
  name: string
  logo: string | null
  colour: string
  country: string
  zone: string
  language: string
  languages: string[]
  contact: { phone: string; email: string; address: string; url: string }
  policy: string
  /** Where "back to the chat" leads; empty where there is no address for it. */
  chatUrl: string
}

/** The JSON block that the server writes into the page. */
export interface PageState {
  kind: 'checkout' | 'result' | 'gone'
  shop: ShopView
  order: OrderView | null
  /** Why there is no order: `link.unknown`, `link.expired`, `link.revoked`. */
  reason: string | null
  language: string
  liffId: string | null
  /** The extensions of Messenger, where the order belongs to a chat there. */
  messenger?: { appId: string; sdk: string } | null
}

/** `details` of a 409: the order as it is now, and what changed. */
export interface ConflictDetails {
  order: OrderView
  changes: Change[]
}
