import { type Product, Products } from '../../models/store.ts'
import type { Next } from '../../server/payment/contract.ts'
import type { ProductView } from '../../server/store/contract.ts'
import { decide } from './checkout.ts'
import { expectStatus } from './client.ts'
import { press } from './komoju-sandbox.ts'
import { type Buyer, eventually, type Story, startStory } from './story.ts'

export const inJapan = {
  currency: 'JPY',
  country: 'JP',
  zone: 'Asia/Tokyo',
  language: 'en',
  languages: ['en'],
}

/** A shop in Japan that sells by KOMOJU. Close it in `after`. */
export async function startEventShop(): Promise<Story> {
  const shop = await startStory()
  await decide(inJapan)
  await expectStatus(200, shop.manager.post('/api/stores', { name: 'Box office' }))
  return shop
}

/** A ticket on sale, with as many seats. */
export async function anEvent(
  shop: Pick<Story, 'manager'>,
  options: { capacity?: number; price?: number; name?: string } = {},
): Promise<Product & { sku: string }> {
  const { capacity = 20, price = 3000, name = 'Jazz under the bridge' } = options
  const { id } = await expectStatus(
    200,
    shop.manager.post<ProductView>('/api/products', { kind: 'TICKET', name, prices: { JPY: price } }),
  )
  await expectStatus(
    200,
    shop.manager.put(`/api/products/${id}/event`, {
      startsAt: '2031-04-05T18:30:00+09:00',
      place: 'Hall 2, Osaka',
      capacity,
    }),
  )
  const product = await Products.findById(id).lean()
  const sku = product?.variants[0]?.sku
  if (!product || !sku) throw new Error('the ticket was not made')
  return { ...product, sku }
}

/** A browser that is ready to confirm: who buys and how they pay is chosen, and no address was asked. */
export async function ticketBuyer(
  shop: Story,
  method: 'credit_card' | 'konbini',
  product: Product,
  quantity = 1,
): Promise<Buyer> {
  const { link } = await shop.order({ product, quantity })
  const buyer = await shop.open(link)
  await buyer.act('UPDATE_CONTACT', { contact: { name: '山田花子', email: emailOf(buyer) } })
  await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'komoju', method })
  return buyer
}

export const emailOf = ({ order }: Buyer): string => `${order.regNo.toLowerCase()}@example.com`

/** Confirms, and answers the address of KOMOJU's page. */
export async function toKomoju(buyer: Buyer): Promise<string> {
  const next = await buyer.act('CONFIRM_PAYMENT_SELECTION')
  if (next?.kind !== 'redirect') throw new Error(`no page to go to: ${JSON.stringify(next)}`)
  return next.url
}

/** Pays by card on KOMOJU's page; answers where the browser is sent back to. */
export async function payOnPage(page: string, number = '4111111111111111'): Promise<string> {
  const { headers } = await press(page, { action: 'pay', number })
  return headers.get('location') ?? ''
}

/** Chooses a store on KOMOJU's page, and waits for the code on our own. */
export async function takeCode(buyer: Buyer, page: string): Promise<Next & { kind: 'code' }> {
  await press(page, { action: 'konbini', store: 'lawson', email: emailOf(buyer) })
  return eventually('the code', async () => {
    const { attempt } = await buyer.reload()
    return attempt?.next?.kind === 'code' ? attempt.next : null
  })
}

/** The order's payments at the simulated KOMOJU, the oldest first. */
export const komojuPaymentsOf = async (shop: Story, buyer: Buyer) => {
  const attempts = (await shop.staffView(buyer.order.id)).payments.map(({ id }) => id)
  return shop.sandbox.komoju
    .payments()
    .filter(({ external_order_num }) => attempts.includes(String(external_order_num))) as unknown as {
    id: string
    status: string
    session: string
    amount: number
    total: number
    amount_refunded: number
    payment_deadline: string
  }[]
}

/** A manager gives some of the order's money back. */
export async function giveBack(shop: Story, { order }: Buyer, opId: string, amount: number): Promise<void> {
  const paymentId = (await shop.staffView(order.id)).payments.at(-1)?.id
  const wish = { paymentId, opId, amount, reason: 'rained off' }
  await expectStatus(200, shop.manager.post(`/api/orders/${order.id}/refunds`, wish))
}

/** Somebody pays the order's code at the counter. */
export async function payAtCounter(shop: Story, buyer: Buyer): Promise<void> {
  const [payment] = await komojuPaymentsOf(shop, buyer)
  if (!payment) throw new Error('no code was taken')
  await fetch(`${shop.sandbox.url}/__sim/komoju/payments/${payment.id}/pay`, { method: 'POST' })
}
