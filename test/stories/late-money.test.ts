import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { Messages } from '../../models/conversation.ts'
import { StaffTasks } from '../../models/shop.ts'
import { StockMovements, Stocks } from '../../models/store.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import {
  becomes,
  chargesOf,
  endAttempt,
  endOrder,
  payByCard,
  paymentsOf,
  pollNow,
  stockOf,
  toldOf,
} from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { aProduct, type Buyer, eventually, type Story, startStory } from '../support/story.ts'

describe('money that comes late, twice or wrong', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const tasks = (kind: string, order: { id: string }, state = 'open') =>
    StaffTasks.collection.countDocuments({ kind, order: new mongoose.Types.ObjectId(order.id), state })

  /** An order whose QR was never paid, and whose time is over. */
  async function expired(available = 5, quantity = 2): Promise<Buyer & { sku: string; charge: string }> {
    const product = await aProduct({ available })
    const buyer = await shop.buyer('promptpay', { product, quantity })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const charge = await shop.chargeOf(buyer.order.id)
    await shop.idle()
    await endAttempt(buyer.order)
    await becomes(buyer, 'DRAFT')
    await endOrder(buyer.order)
    await becomes(buyer, 'EXPIRED')
    assert.equal((await stockOf(product.sku)).reserved, 0)
    return Object.assign(buyer, { sku: product.sku, charge })
  }
  /** The customer pays the old QR all the same, and the bank lets it through. */
  async function payLate({ charge, order }: { charge: string; order: { id: string } }) {
    shop.sandbox.faults.set('omise', 'acceptLatePayment', true)
    await shop.mark(charge, 'mark_as_paid')
    await pollNow(order)
  }

  it('takes an expired order up again while the goods are there', async () => {
    const buyer = await expired()
    await payLate(buyer)
    await becomes(buyer, 'CONFIRMED')
    assert.equal((await stockOf(buyer.sku)).reserved, 2)
    await shop.clean()
    const told = await toldOf(buyer.order)
    assert.deepEqual(told.filter((one) => one === 'payment.late' || one === 'receipt').sort(), [
      'payment.late',
      'receipt',
    ])
  })

  it('goes back when the goods were sold meanwhile, and the chat says so', async () => {
    const buyer = await expired()
    await Stocks.updateOne({ sku: buyer.sku }, { $inc: { available: -4 } })
    const stock = await Stocks.findOne({ sku: buyer.sku }).lean()
    await StockMovements.create({
      sku: buyer.sku,
      store: stock?.store as mongoose.Types.ObjectId,
      change: -4,
      reason: 'sold at the door',
      by: 'test',
      at: new Date(),
    })
    await payLate(buyer)
    await becomes(buyer, 'CANCELED')
    assert.equal(buyer.order.refunded, buyer.order.totals.total)
    assert.equal(chargesOf(shop, buyer.order)[0]?.refunded_amount, buyer.order.totals.total)
    await shop.clean()
    const told = await toldOf(buyer.order)
    assert(told.includes('payment.late') && told.includes('refunded'), told.join())
    assert(!told.includes('receipt'))
  })

  it('goes back when staff had cancelled the order', async () => {
    const product = await aProduct({ available: 3 })
    const buyer = await shop.buyer('promptpay', { product })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const charge = await shop.chargeOf(buyer.order.id)
    const { version } = await shop.staffView(buyer.order.id)
    await expectStatus(
      200,
      shop.agent.post(`/api/orders/${buyer.order.id}/cancel`, { version, reason: 'changed their mind' }),
    )
    assert.equal(chargesOf(shop, buyer.order)[0]?.status, 'expired')
    await payLate({ charge, order: buyer.order })
    await eventually('given back', async () => (await buyer.reload()).refunded === buyer.order.totals.total)
    await becomes(buyer, 'CANCELED')
    assert.deepEqual(await stockOf(product.sku), { available: 3, reserved: 0, shipped: 0 })
    await shop.clean()
    const told = JSON.stringify(await Messages.find({ order: buyer.order.id, direction: 'out' }).lean())
    assert.match(told, /เงินเข้าหลังจากคำสั่งซื้อถูกยกเลิกแล้ว/)
    assert.doesNotMatch(told, /สินค้าหมดแล้ว/)
  })

  it('counts for an order that is a draft again, if it is the same', async () => {
    const product = await aProduct()
    const buyer = await shop.buyer('promptpay', { product })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const charge = await shop.chargeOf(buyer.order.id)
    await buyer.act('CANCEL_PAYMENT')
    assert.equal(buyer.order.state, 'DRAFT')
    await payLate({ charge, order: buyer.order })
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('is looked at by a person when the draft has changed since', async () => {
    const product = await aProduct({ price: 10_000 })
    const buyer = await shop.buyer('promptpay', { product })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const charge = await shop.chargeOf(buyer.order.id)
    await buyer.act('CANCEL_PAYMENT')
    await expectStatus(
      200,
      shop.agent.put(`/api/orders/${buyer.order.id}/items`, {
        version: buyer.order.version,
        items: [{ productId: String(product._id), quantity: 2 }],
      }),
    )
    await payLate({ charge, order: buyer.order })
    await becomes(buyer, 'MANUAL_REVIEW')
    assert.equal(await tasks('payment.conflict', buyer.order), 1)
    await shop.clean()
  })

  it('of a second attempt is a duplicate: the order stays paid, a person gives it back', async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const first = await shop.chargeOf(buyer.order.id)
    await buyer.act('CANCEL_PAYMENT')
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'card' })
    await payByCard(shop, buyer)
    await becomes(buyer, 'CONFIRMED')
    await payLate({ charge: first, order: buyer.order })
    await eventually('a task', async () => (await tasks('payment.duplicate', buyer.order)) === 1)
    assert.equal((await buyer.reload()).state, 'CONFIRMED')
    await shop.clean()

    const [late] = await paymentsOf(buyer.order)
    assert(late?.flags.duplicate)
    await expectStatus(
      200,
      shop.manager.post(`/api/orders/${buyer.order.id}/refunds`, {
        paymentId: String(late._id),
        amount: late.captured,
        reason: 'paid twice',
        opId: 'duplicate-1',
      }),
    )
    assert.equal(await tasks('payment.duplicate', buyer.order), 0)
    assert.equal((await buyer.reload()).refunded, 0)
    assert.equal(buyer.order.state, 'CONFIRMED')
    await shop.clean()
  })

  const decide = (buyer: Buyer, decision: 'accept' | 'refund') =>
    shop.staffView(buyer.order.id).then(({ version }) =>
      shop.manager.post<StaffOrderView>(`/api/orders/${buyer.order.id}/review`, {
        version,
        reason: 'looked at it',
        decision,
      }),
    )

  for (const [what, knob, value] of [
    ['one satang less', 'amountOffBy', -1],
    ['one satang more', 'amountOffBy', 1],
    ['less captured than charged', 'capturedShortBy', 500],
    ['another currency', 'currencyShown', 'JPY'],
  ] as const) {
    it(`is never taken for the price when it is ${what}`, async () => {
      const product = await aProduct({ available: 1 })
      const buyer = await shop.buyer('card', { product })
      shop.sandbox.faults.set('omise', knob, value)
      const answer = await buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() })
      assert(answer.status < 500, answer.text)
      await becomes(buyer, 'MANUAL_REVIEW')
      assert.equal(await tasks('payment.conflict', buyer.order), 1)
      assert.equal((await stockOf(product.sku)).reserved, 1)
      await shop.clean()
      assert(!(await toldOf(buyer.order)).includes('receipt'))

      // Of a satang that Omise only pretends to have, nothing can be given back.
      if (what === 'one satang more') {
        await expectStatus(200, decide(buyer, 'accept'))
        await becomes(buyer, 'CONFIRMED')
      } else {
        await expectStatus(200, decide(buyer, 'refund'))
        await becomes(buyer, 'CANCELED')
        assert.equal((await stockOf(product.sku)).reserved, 0)
      }
      await shop.clean()
      assert.equal(await tasks('payment.conflict', buyer.order), 0)
    })
  }
})
