import type { CannedReply } from '../../../models/conversation.ts'
import type { Courier, PickupPoint } from '../../../models/delivery.ts'
import type { ShopSettings } from '../../../models/shop.ts'
import type { Product, Store, Variant } from '../../../models/store.ts'

export interface SampleProduct {
  /** Names its drawing, and makes its ids. */
  key: string
  /** A place in `categories`. */
  category: number
  name: string
  description: string
  /** Minor units of the shop's currency. */
  price: number
  /** In other currencies: an order may be opened in one of them. */
  others?: Product['prices']
  /** What one piece is called in the stock; a plain product has one without a name. */
  variants: (Variant & { stock: [shop: number, warehouse: number] })[]
  hidden?: Product['hidden']
  /** Whose drawing it shows, when it has none of its own. */
  picture?: string
  /** A ticket: its stock is the seats. It is so many days after the shop was set up. */
  event?: { inDays: number; place: string }
}

/** A whole sample shop, as it would stand in one country. */
export interface Sample {
  settings: Partial<ShopSettings> & Pick<ShopSettings, 'country' | 'currency' | 'languages' | 'language'>
  stores: Omit<Store, '_id'>[]
  couriers: Omit<Courier, '_id'>[]
  points: Omit<PickupPoint, '_id'>[]
  replies: Pick<CannedReply, 'shortcut' | 'language' | 'text'>[]
  categories: string[]
  products: SampleProduct[]
}

/** The only variant of a plain product. */
export const plain = (sku: string, shop: number, warehouse: number): SampleProduct['variants'] => [
  { sku, name: '', stock: [shop, warehouse] },
]

export const everyDay = [0, 1, 2, 3, 4, 5, 6]

/** The hours in which the sample shops deliver, and how many they can do in each. */
export const threeWindows = [
  { days: everyDay, begin: '10:00', end: '13:00', capacity: 6 },
  { days: everyDay, begin: '13:00', end: '16:00', capacity: 6 },
  { days: everyDay, begin: '16:00', end: '19:00', capacity: 6 },
]

/** Open every day. */
export const daily = (opens: string, closes: string) => everyDay.map((day) => ({ day, opens, closes }))
