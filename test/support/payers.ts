import sharp from 'sharp'
import { type Message, Messages } from '../../models/conversation.ts'
import { Slips } from '../../models/slip.ts'
import { chargesOf, paymentsOf } from './checkout.ts'
import { insist } from './step-down.ts'
import type { Buyer, Story } from './story.ts'
import { type AtPlatform, attemptsOf, buyerBy, otherWays } from './ways.ts'

/** Somebody who pays one way, whatever happens to the database meanwhile: the same for every gateway. */
export interface Payer {
  name: string
  /** Whether the gateway gives money back by itself. */
  refunds: boolean
  /** A browser that is ready to confirm. */
  buyer(shop: Story): Promise<Buyer & { sku: string }>
  /** What the browser sends when it confirms. */
  details(shop: Story): Promise<object>
  /** Does what was asked for, as far as that is still to be done. */
  pays(shop: Story, buyer: Buyer): Promise<void>
  atPlatform(shop: Story, buyer: Buyer): Promise<AtPlatform[]>
}

const baht = { currency: 'THB' as const, price: 30_000 }
const charges = async (shop: Story, { order }: Buyer): Promise<AtPlatform[]> =>
  chargesOf(shop, order).map(({ status, captured_amount: captured, refunded_amount: refunded }) => ({
    payable: status === 'pending',
    captured,
    refunded,
  }))

const omise: Payer[] = (['card', 'promptpay'] as const).map((method) => ({
  name: `omise ${method}`,
  refunds: true,
  buyer: (shop) => buyerBy(shop, { gateway: 'omise', method, ...baht }, 3),
  details: async (shop) => (method === 'card' ? { cardToken: await shop.cardToken() } : {}),
  async pays(shop, { order }) {
    for (const { id, status } of chargesOf(shop, order)) {
      if (status === 'pending') await shop.mark(id, 'mark_as_paid')
    }
  },
  atPlatform: charges,
}))

/** No gateway: the customer sends a slip, and a manager has seen the money. */
const slip: Payer = {
  name: 'promptpay slip',
  refunds: false,
  buyer: (shop) => buyerBy(shop, { gateway: 'promptpay', method: 'promptpay_slip', ...baht }, 3),
  details: async () => ({}),
  async pays(shop, buyer) {
    const path = `/api/payments/${buyer.order.id}/slip`
    const body = new Uint8Array(await picture())
    const headers = { 'content-type': 'image/png' }
    const sent = await insist(() => buyer.send('POST', path, { headers, body }))
    const [payment] = await paymentsOf(buyer.order)
    const waiting = await Slips.findOne({ order: buyer.order.id, state: 'waiting' }, { bytes: 0 }).lean()
    if (!waiting) throw new Error(`no slip waits: ${sent.text}`)
    const seen = { amount: payment?.amount, bankReference: `REF ${waiting._id}` }
    const { status, text } = await insist(() => shop.manager.post(`/api/slips/${waiting._id}/confirm`, seen))
    // Told to try again, and it had been done.
    if (status !== 200 && !text.includes('slip.decided')) throw new Error(text)
  },
  async atPlatform(_shop, buyer) {
    const confirmed = await Slips.find({ order: buyer.order.id, state: 'confirmed' }, { amount: 1 }).lean()
    return confirmed.map(({ amount }) => ({ payable: false, captured: amount ?? 0, refunded: 0 }))
  },
}

const others = otherWays.map(
  (way): Payer => ({
    name: way.gateway,
    refunds: way.gateway !== 'ipaymu',
    buyer: (shop) => buyerBy(shop, way, 3),
    details: async () => ({}),
    pays: async (shop, { order }) => way.pay(shop, await attemptsOf(order)),
    atPlatform: async (shop, { order }) => way.payments(shop, await attemptsOf(order)),
  }),
)

export const everyPayer: Payer[] = [...omise, slip, ...others]

/** What the platform has of an order's money, given back or not; throws when it was paid twice. */
export async function keptOf(payer: Payer, shop: Story, buyer: Buyer): Promise<number> {
  const all = await payer.atPlatform(shop, buyer)
  if (all.filter(({ captured }) => captured > 0).length > 1) throw new Error('paid twice')
  return all.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0)
}

/** The receipts that were said in the chat. */
export const receiptsOf = ({ order }: { order: { id: string } }): Promise<Message[]> =>
  Messages.find({ order: order.id, direction: 'out', once: /^receipt/ }).lean<Message[]>()

let last = 0
/** A photograph that nobody has sent before. */
function picture(): Promise<Buffer> {
  last += 1
  return sharp({ create: { width: 30 + last, height: 60, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer()
}
