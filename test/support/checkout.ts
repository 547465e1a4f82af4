import assert from 'node:assert/strict'
import { Messages } from '../../models/conversation.ts'
import { Orders } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { ShopSettingsStore } from '../../models/shop.ts'
import { Stocks } from '../../models/store.ts'
import { inMs, now } from '../../server/database/index.ts'
import { forgetShopSettings } from '../../server/shop/index.ts'
import { aProduct, type Buyer, eventually, type Story } from './story.ts'

/** A good card that its bank wants to see first (3-D Secure). */
export const askedCard = '5454545454545454'
export const poorCard = '4111111111140011'

/** A browser that has paid by card, its order on the way to be confirmed. */
export async function paid(shop: Story, available = 100): Promise<Buyer & { sku: string }> {
  const product = await aProduct({ available })
  const buyer = await shop.buyer('card', { product })
  assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
  return Object.assign(buyer, { sku: product.sku })
}

/** Confirms with a fresh token of a card. */
export const payByCard = async (shop: Story, buyer: Buyer, number?: string) =>
  buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken(number) })

/** Waits until the customer's page shows the order in this state. */
export const becomes = (buyer: Buyer, state: string, ms = 20_000) =>
  eventually(state, async () => (await buyer.reload()).state === state, ms)

/** The charges that Omise has for an order, whatever became of them. */
export const chargesOf = (shop: Pick<Story, 'sandbox'>, order: { regNo: string }) =>
  shop.sandbox.omise
    .charges()
    .filter(({ metadata }) => (metadata as { order?: string }).order === order.regNo) as {
    id: string
    status: string
    amount: number
    captured_amount: number
    refunded_amount: number
    refunds: { total: number }
  }[]

export const paymentsOf = (order: { id: string }): Promise<Payment[]> =>
  Payments.find({ order: order.id }).sort({ attemptNo: 1 }).lean<Payment[]>()

/** The attempt's own time has come: the reconciler looks at it at its next turn. */
export const pollNow = (order: { id: string }) =>
  Payments.updateMany({ order: order.id }, { $set: { checkAt: now() } }, { timestamps: false })

/** The attempt's time is over. */
export const endAttempt = (order: { id: string }) =>
  Payments.updateMany({ order: order.id, open: true }, { $set: { expiresAt: inMs(-1000), checkAt: now() } })

/** The hold of a draft, or the order itself, has run out a second ago. */
export const endHold = (order: { id: string }) =>
  Orders.updateOne({ _id: order.id }, { $set: { holdsUntil: inMs(-1000) } })
export const endOrder = (order: { id: string }) =>
  Orders.updateOne({ _id: order.id }, { $set: { deadline: inMs(-1000) } })

export const stockOf = async (sku: string) => {
  const [stock] = await Stocks.find({ sku }).lean()
  assert(stock)
  const { available, reserved, shipped } = stock
  return { available, reserved, shipped }
}

/** Changes what the shop decides, as another process would. */
export async function decide(settings: Record<string, unknown>): Promise<void> {
  await ShopSettingsStore.updateOne({ _id: 'shop' }, { $set: settings })
  forgetShopSettings()
}

/** What the customer was told of an order in the chat: the beginnings of the keys that make each be said once. */
export const toldOf = async (order: { id: string }): Promise<string[]> =>
  (await Messages.find({ order: order.id, direction: 'out' }).sort({ _id: 1 }).lean()).map(
    ({ once }) => String(once).split(':')[0] ?? '',
  )
