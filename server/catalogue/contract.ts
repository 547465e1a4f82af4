import type { Currency } from '../../models/money.ts'
import type { Change, ShopView } from '../pipeline/contract.ts'

/** A product in the list. Money is minor units of the catalogue's currency. */
export interface GoodsRow {
  id: string
  name: string
  image: string | null
  /** Of the cheapest variant. */
  price: number
  /** Other variants cost more. */
  from: boolean
  soldOut: boolean
}

export interface GoodsPage {
  goods: GoodsRow[]
  /** Leads to the next page; null on the last. */
  cursor: string | null
}

export interface GoodsVariant {
  sku: string
  /** Empty on the only variant of a plain product. */
  name: string
  price: number
  /** Pieces that can be had, over all stores. */
  available: number
  stores: { name: string; available: number }[]
}

/** A product on its page. */
export interface GoodsView extends GoodsRow {
  description: string
  images: string[]
  variants: GoodsVariant[]
}

export interface CartLine {
  number: number
  /** Null on a line that staff wrote by hand: it can be looked at, not changed. */
  productId: string | null
  sku: string | null
  name: string
  image: string | null
  unitPrice: number
  quantity: number
  discount: number
  total: number
  /** Pieces that can be had now; null where nobody counts. */
  available: number | null
  /** What one piece costs now; null when it is not sold any more. */
  priceNow: number | null
}

/** The order that the customer fills. */
export interface CartView {
  /** Null while nothing has been put in. */
  orderId: string | null
  /** Says what is in it: confirming names it, so that nobody confirms what they have not seen. */
  seal: string
  version: number
  /** It was opened, by the customer or by staff, and waits to be checked out. */
  opened: boolean
  regNo: string
  lines: CartLine[]
  discount: number
  /** Before delivery. */
  total: number
}

/** What a customer has put in and has not confirmed, for staff to see. */
export type FilledCart = Pick<CartView, 'lines' | 'discount' | 'total'> & { currency: Currency }

export interface CategoryTab {
  id: string
  name: string
}

/** Where in the catalogue somebody is, by the address of the page. */
export type Place =
  | { view: 'list'; category: string; q: string }
  | { view: 'product'; id: string }
  | { view: 'cart' }

/** The part of the page's state that the catalogue needs. */
export interface CatalogueState {
  /** Of the link: routes name it. */
  id: string
  currency: Currency
  categories: CategoryTab[]
  /** Staff picked products for this customer: a tab of their own, `picked`. */
  picked: boolean
  /** The tab that it begins with. */
  tab: string
  place: Place
  list: GoodsPage | null
  /** Null where the place is a product that is not sold any more. */
  product: GoodsView | null
  /** Only in a browser that has opened the catalogue before. */
  cart: CartView | null
}

/** The JSON block that the server writes into the catalogue's page. */
export interface CataloguePageState {
  kind: 'catalogue'
  shop: ShopView
  /** `/w/…`: every address of this catalogue begins with it. */
  base: string
  catalogue: CatalogueState
  language: string
  liffId: string | null
  /** The extensions of Messenger, where the chat is there. */
  messenger: { appId: string; sdk: string } | null
}

/** `details` of a 409: the cart as it is now, and what changed. */
export interface CartConflict {
  cart: CartView
  changes: Change[]
}

/** The tab of what staff picked. */
export const pickedTab = 'picked'
/** The tab of everything. */
export const allTab = 'all'
