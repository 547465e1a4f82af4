import assert from 'node:assert/strict'
import { Orders } from '../../models/order.ts'
import { Products } from '../../models/store.ts'
import { inMs } from '../../server/database/index.ts'
import { expireHolds, expireOrders, remind } from '../../server/sweeps/expire.ts'
import {
  becomes,
  chargesOf,
  endAttempt,
  endHold,
  endOrder,
  payByCard,
  stockOf,
  toldOf,
} from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { aProduct, type Story, startStory } from '../support/story.ts'

describe('time that runs out', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  const times = (told: string[], what: string) => told.filter((one) => one === what).length

  it('ends an order that nobody pays, once, and says so', async () => {
    const product = await aProduct({ available: 2 })
    const buyer = await shop.buyer('card', { product, quantity: 2 })
    await buyer.act('CHECK_PRODUCT_SUFFICIENT')
    await endOrder(buyer.order)
    await Promise.all([expireOrders(), expireOrders(), expireOrders()])
    await becomes(buyer, 'EXPIRED')
    assert.deepEqual(await stockOf(product.sku), { available: 2, reserved: 0, shipped: 0 })
    assert.equal((await shop.staffView(buyer.order.id)).customer.status, 'FOLLOW')
    const answer = await buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() })
    assert.equal(answer.status, 409)
    await shop.clean()
    assert.equal(times(await toldOf(buyer.order), 'expired'), 1)
  })

  it('can be taken back: the order is opened again at prices of today', async () => {
    const product = await aProduct({ price: 10_000 })
    const buyer = await shop.buyer('card', { product })
    await endOrder(buyer.order)
    await becomes(buyer, 'EXPIRED')
    await Products.updateOne({ _id: product._id }, { prices: { THB: 11_000 } })
    await buyer.act('REOPEN_ORDER')
    assert.equal(buyer.order.state, 'DRAFT')
    assert.equal(buyer.order.totals.total, 11_000 + 4900)
    assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()

    const other = await shop.buyer('card', { product: await aProduct() })
    await endOrder(other.order)
    await becomes(other, 'EXPIRED')
    const { id, version } = await shop.staffView(other.order.id)
    await expectStatus(200, shop.agent.post(`/api/orders/${id}/reopen`, { version }))
    assert.equal((await other.reload()).state, 'DRAFT')
    await shop.clean()
  })

  it('of a hold, in the moment of the confirmation: one of them wins, and the books are right', async () => {
    for (let round = 0; round < 3; round += 1) {
      const product = await aProduct({ available: 1 })
      const [buyer, rival] = [await shop.buyer('card', { product }), await shop.buyer('card', { product })]
      await buyer.act('CHECK_PRODUCT_SUFFICIENT')
      const tokens = [await shop.cardToken(), await shop.cardToken()]
      await endHold(buyer.order)
      const [first, second] = await Promise.all([
        buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken: tokens[0] }),
        rival.try('CONFIRM_PAYMENT_SELECTION', { cardToken: tokens[1] }),
        expireHolds(),
        expireHolds(),
      ])
      const paid = [first, second].filter(({ status }) => status === 200).length
      assert(paid <= 1, 'the one piece was sold twice')
      for (const { status } of [first, second]) assert(status === 200 || status === 409, String(status))
      await shop.clean()
      const { available, reserved } = await stockOf(product.sku)
      assert.deepEqual([available, reserved], paid ? [0, 1] : [1, 0])
      const charges = chargesOf(shop, buyer.order).length + chargesOf(shop, rival.order).length
      assert.equal(charges, paid)
    }
  })

  it('of an order, in the moment of the confirmation: paid or expired, never both', async () => {
    for (let round = 0; round < 3; round += 1) {
      const product = await aProduct({ available: 1 })
      const buyer = await shop.buyer('card', { product })
      const cardToken = await shop.cardToken()
      await endOrder(buyer.order)
      const [{ status }] = await Promise.all([
        buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken }),
        expireOrders(),
        expireOrders(),
      ])
      assert(status === 200 || status === 409, String(status))
      await becomes(buyer, status === 200 ? 'CONFIRMED' : 'EXPIRED')
      assert.equal(chargesOf(shop, buyer.order).length, status === 200 ? 1 : 0)
      await shop.clean()
    }
  })

  it('is announced once, before the hold ends', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    await buyer.act('CHECK_PRODUCT_SUFFICIENT')
    await remind()
    await shop.idle()
    assert.equal(times(await toldOf(buyer.order), 'reminder'), 0)
    await Orders.updateOne({ _id: buyer.order.id }, { $set: { holdsUntil: inMs(5 * 60_000) } })
    await Promise.all(Array.from({ length: 8 }, remind))
    await remind()
    await shop.clean()
    assert.equal(times(await toldOf(buyer.order), 'reminder'), 1)
  })

  it('does not disturb who has paid', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    await payByCard(shop, buyer)
    await becomes(buyer, 'CONFIRMED')
    await endOrder(buyer.order)
    await endHold(buyer.order)
    await Promise.all([expireOrders(), expireHolds(), remind()])
    await shop.clean()
    assert.equal((await buyer.reload()).state, 'CONFIRMED')
    assert.equal(times(await toldOf(buyer.order), 'reminder'), 0)
  })

  it('of a QR brings a new one in one tap, and the old one is closed', async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct({ available: 1 }) })
    const first = await buyer.act('CONFIRM_PAYMENT_SELECTION')
    await shop.idle()
    await endAttempt(buyer.order)
    await becomes(buyer, 'DRAFT')
    assert.equal(buyer.order.attempt?.state, 'EXPIRED')
    const again = await buyer.act('CONFIRM_PAYMENT_SELECTION')
    assert(first?.kind === 'qr' && again?.kind === 'qr')
    assert.notEqual(again.image, first.image)
    assert.deepEqual(
      chargesOf(shop, buyer.order).map(({ status }) => status),
      ['expired', 'pending'],
    )
    await shop.mark(await shop.chargeOf(buyer.order.id), 'mark_as_paid')
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('need not be waited for: the customer turns to another way to pay, the cart kept', async () => {
    const product = await aProduct({ available: 1 })
    const buyer = await shop.buyer('promptpay', { product })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    await buyer.act('CANCEL_PAYMENT')
    assert.equal(buyer.order.state, 'DRAFT')
    assert.equal(buyer.order.lines.length, 1)
    assert.equal((await stockOf(product.sku)).reserved, 1)
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'card' })
    assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
    await becomes(buyer, 'CONFIRMED')
    assert.deepEqual(
      chargesOf(shop, buyer.order).map(({ status }) => status),
      ['expired', 'successful'],
    )
    await shop.clean()
  })

  it('cancels nothing that was paid in the moment of turning away', async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const charge = await shop.chargeOf(buyer.order.id)
    const [, answer] = await Promise.all([shop.mark(charge, 'mark_as_paid'), buyer.try('CANCEL_PAYMENT')])
    assert(answer.status === 200 || answer.status === 409, String(answer.status))
    const [{ status } = { status: '' }] = chargesOf(shop, buyer.order)
    await becomes(buyer, status === 'successful' ? 'CONFIRMED' : 'DRAFT')
    await shop.clean()
  })
})
