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

type Names = [first: string, second: string, third: string]

/** The colours of a cloth. */
export const colours = (sku: string, [red, blue, green]: Names): SampleProduct['variants'] => [
  { sku: `${sku}-RED`, name: red, stock: [4, 10] },
  { sku: `${sku}-BLUE`, name: blue, stock: [3, 10] },
  { sku: `${sku}-GREEN`, name: green, stock: [1, 4] },
]

/** The roasts of a coffee, of which the darkest is sold out in the shop. */
export const roasts = (sku: string, [light, medium, dark]: Names): SampleProduct['variants'] => [
  { sku: `${sku}-L`, name: light, stock: [10, 25] },
  { sku: `${sku}-M`, name: medium, stock: [15, 25] },
  { sku: `${sku}-D`, name: dark, stock: [0, 12] },
]

/** In the order in which they are offered; pieces that are not named are as most couriers have them. */
export const couriers = (
  offered: (Pick<Courier, 'name' | 'rules' | 'days'> & Partial<Courier>)[],
): Sample['couriers'] =>
  offered.map((courier, index) => ({
    active: true,
    slots: false,
    trackingUrl: '',
    position: index + 1,
    ...courier,
  }))

export const stores = (open: Pick<Store, 'name' | 'address'>[]): Sample['stores'] =>
  open.map((store, index) => ({ ...store, number: index + 1, active: true }))

export const points = (open: Pick<PickupPoint, 'name' | 'address' | 'hours'>[]): Sample['points'] =>
  open.map((point, index) => ({ ...point, number: index + 1, active: true, position: index + 1 }))

const everyDay = [0, 1, 2, 3, 4, 5, 6]

/** The hours in which the sample shops deliver, and how many they can do in each. */
const threeWindows = [
  { days: everyDay, begin: '10:00', end: '13:00', capacity: 6 },
  { days: everyDay, begin: '13:00', end: '16:00', capacity: 6 },
  { days: everyDay, begin: '16:00', end: '19:00', capacity: 6 },
]

/** Open every day. */
export const daily = (opens: string, closes: string) => everyDay.map((day) => ({ day, opens, closes }))

/** What the sample shops have in common. */
export const settings = {
  logo: '/images/demo-logo.jpg',
  colour: '#0b6b4f',
  logistics: true,
  windows: threeWindows,
}

/** What staff may do alone, in the shop's own money. */
export const limits = (agentFreeLine: number, refundAlone: number): ShopSettings['limits'] => ({
  agentDiscountPercent: 10,
  managerDiscountPercent: 50,
  agentFreeLine,
  refundAlone,
})
