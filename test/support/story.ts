import { randomUUID } from 'node:crypto'
import type mongoose from 'mongoose'
import { Conversations } from '../../models/conversation.ts'
import { Couriers } from '../../models/delivery.ts'
import { type Product, Products, StockMovements, Stocks, Stores } from '../../models/store.ts'
import { upsertCustomer } from '../../server/customer/index.ts'
import { now } from '../../server/database/index.ts'
import { verify } from '../../server/database/verify.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import type { Next } from '../../server/payment/contract.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import { nextNumber } from '../../server/shop/index.ts'
import { type Answer, type Client, expectStatus } from './client.ts'
import { loginAs, type StaffMember } from './people.ts'
import { startShop, type TestShop } from './shop.ts'

/** A shop at work: the real server, the simulated outside, staff at the desk, one courier. */
export interface Story extends TestShop {
  agent: StaffMember
  manager: StaffMember
  /** An order with lines, opened by staff, and the path of a link that opens it. */
  order(...lines: { product: Product; quantity?: number }[]): Promise<{ order: StaffOrderView; link: string }>
  /** A customer's browser that has opened the link. */
  open(link: string): Promise<Buyer>
  /** A browser that is ready to confirm: address, courier and method are chosen. */
  buyer(method: 'card' | 'promptpay', ...lines: { product: Product; quantity?: number }[]): Promise<Buyer>
  /** A token as the browser gets it from Omise with this card. */
  cardToken(number?: string): Promise<string>
  staffView(orderId: string): Promise<StaffOrderView>
  /** The Omise charge of an order's last attempt. */
  chargeOf(orderId: string): Promise<string>
  /** Marks the charge at the simulated bank. */
  mark(charge: string, as: 'mark_as_paid' | 'mark_as_failed' | 'expire'): Promise<void>
  /** Everything on its way has arrived, and the books are right. */
  clean(): Promise<void>
}

/** Starts a story on an empty database. Close it in `after`. */
export async function startStory(env: Record<string, string> = {}): Promise<Story> {
  return storyOf(await startShop({ env, demo: false }))
}

/** The same in a shop that runs already: in this process, or in others. */
export async function storyOf(shop: TestShop): Promise<Story> {
  await Couriers.create({ name: 'Kerry', rules: [{ postcodes: [], from: 0, price: 4900 }], days: 2 })
  const agent = await loginAs(shop.url, 'agent', 'Nok Agent')
  const manager = await loginAs(shop.url, 'manager', 'Ploy Manager')

  const story: Story = {
    ...shop,
    agent,
    manager,
    async order(...lines) {
      const opened = await expectStatus(
        200,
        agent.post<StaffOrderView>(`/api/conversations/${await aConversation()}/orders`),
      )
      const items = lines.map(({ product, quantity = 1 }) => ({ productId: String(product._id), quantity }))
      const order = await expectStatus(
        200,
        agent.put<StaffOrderView>(`/api/orders/${opened.id}/items`, { version: opened.version, items }),
      )
      const { url } = await expectStatus(200, agent.post<{ url: string }>(`/api/orders/${opened.id}/link`))
      return { order, link: new URL(url).pathname }
    },
    open: (link) => openLink(shop, link),
    async buyer(method, ...lines) {
      const { link } = await story.order(...lines)
      const buyer = await story.open(link)
      await buyer.act('UPDATE_DELIVERY_ADDRESS', { address: bangkok })
      await buyer.act('SELECT_LOGISTIC_METHOD', {
        type: 'courier',
        companyName: 'Kerry',
        costConfirmed: true,
      })
      await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'omise', method })
      return buyer
    },
    cardToken: (number = '4242424242424242') => cardToken(shop, number),
    staffView: (id) => expectStatus(200, agent.get<StaffOrderView>(`/api/orders/${id}`)),
    async chargeOf(orderId) {
      const { payments } = await story.staffView(orderId)
      const charge = payments.at(-1)?.refs.find(({ kind }) => kind === 'charge')
      if (!charge) throw new Error(`no charge is known of ${orderId}`)
      return charge.value
    },
    async mark(charge, as) {
      await fetch(`${shop.sandbox.url}/__sim/charges/${charge}/${as}`, { method: 'POST' })
    },
    async clean() {
      await shop.idle()
      const found = await verify()
      if (found.length) throw new Error(`verify: ${JSON.stringify(found, null, 1)}`)
    },
  }
  return story
}

/** Puts a product with stock on the shelf. */
export async function aProduct(
  options: { name?: string; price?: number; available?: number } = {},
): Promise<Product & { sku: string }> {
  const { name = 'ส้มโอขาวน้ำผึ้ง', price = 18_900, available = 100 } = options
  const store = await aStore()
  const sku = `SKU-${randomUUID().slice(0, 8)}`
  const product = await Products.create({
    number: await nextNumber('product'),
    name,
    prices: { THB: price },
    variants: [{ sku, name: '' }],
  })
  await Stocks.create({ sku, store, available })
  await StockMovements.create({ sku, store, change: available, reason: 'first', by: 'test', at: now() })
  return { ...(product.toObject() as Product), sku }
}

async function aStore(): Promise<mongoose.Types.ObjectId> {
  const known = await Stores.findOne().lean()
  if (known) return known._id
  return (await Stores.create({ number: await nextNumber('store'), name: 'Main store' }))._id
}

/** A customer who has written once. */
export async function aConversation(): Promise<string> {
  const externalId = `U${randomUUID().replaceAll('-', '')}`
  const name = 'สมชาย ใจดี'
  const { customer } = await upsertCustomer({ channel: 'line', externalId, language: 'th', name })
  const conversation = await Conversations.create({
    channel: 'line',
    customer: customer._id,
    externalId,
    lastMessageAt: now(),
  })
  return String(conversation._id)
}

export const bangkok = {
  name: 'สมชาย ใจดี',
  phone: '081 234 5678',
  email: 'somchai@example.com',
  line1: '99/12 ซ.สุขุมวิท 39',
  subdistrict: 'คลองตันเหนือ',
  district: 'วัฒนา',
  province: 'กรุงเทพมหานคร',
  postalCode: '10110',
  country: 'TH',
}

/** What a refused action is answered with. */
export interface Refusal {
  error: {
    code: string
    message: string
    reload: boolean
    details: {
      order: OrderView
      changes: { field: string; from?: unknown; to?: unknown }[]
      failureCode?: string
    }
  }
}

/** A customer's browser on its way through the checkout; `order` is what its page shows. */
export interface Buyer extends Client {
  order: OrderView
  /** Takes a step that must succeed. */
  act(action: string, data?: object, headers?: Record<string, string>): Promise<Next | undefined>
  /** Tries a step, and answers whatever comes. */
  try(action: string, data?: object, headers?: Record<string, string>): Promise<Answer<Refusal>>
  reload(): Promise<OrderView>
  /** What the page sends to be verified: what it shows. */
  shown(): Record<string, unknown>
}

async function openLink(shop: TestShop, link: string): Promise<Buyer> {
  const browser = shop.browser()
  const { order } = await expectStatus(200, browser.post<{ order: OrderView }>(`${link}/open`))
  const path = `/api/pipeline/${order.id}`
  const buyer: Buyer = Object.assign(browser, {
    order,
    try: (action: string, data: object = {}, headers: Record<string, string> = {}) =>
      browser.post<Refusal>(`${path}/${action}`, { version: buyer.order.version, ...data }, { headers }),
    async act(action: string, data: object = {}, headers: Record<string, string> = {}) {
      const answer = (await expectStatus(200, buyer.try(action, data, headers))) as unknown as OrderView & {
        order?: OrderView
        next?: Next
      }
      buyer.order = answer.order ?? answer
      return answer.next
    },
    async reload() {
      buyer.order = await expectStatus(200, browser.get<OrderView>(path))
      return buyer.order
    },
    shown() {
      const { lines, totals, address, delivery, payment } = buyer.order
      return {
        items: lines.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice })),
        total: totals.total,
        address,
        delivery: delivery && { type: delivery.type, companyName: delivery.companyName, cost: delivery.cost },
        payment,
      }
    },
  })
  return buyer
}

async function cardToken(shop: TestShop, number: string): Promise<string> {
  const { publicKey } = shop.settings.gateways.omise ?? { publicKey: '' }
  const response = await fetch(`${shop.sandbox.url}/tokens`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${publicKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      card: { name: 'SOMCHAI', number, expiration_month: 12, expiration_year: 2030, security_code: '123' },
    }),
  })
  return ((await response.json()) as { id: string }).id
}

/** Waits until it is so, and says what was waited for when it never is. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  ms = 10_000,
): Promise<T> {
  const until = Date.now() + ms
  while (Date.now() < until) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`never: ${what}`)
}
