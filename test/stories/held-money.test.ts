import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { MoneyMovements } from '../../models/money-log.ts'
import { Orders } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { Sagas } from '../../models/saga.ts'
import { StockHolds } from '../../models/store.ts'
import { inMs, now, transaction } from '../../server/database/index.ts'
import { applyFound } from '../../server/payment/apply.ts'
import type { gateway as omise } from '../../server/payment/gateways/omise.ts'
import { gatewayOf } from '../../server/payment/gateways.ts'
import { releaseHolds } from '../../server/store/index.ts'
import {
  askedCard,
  becomes,
  chargesOf,
  decide,
  payByCard,
  paymentsOf,
  pollNow,
  stockOf,
  toldOf,
} from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { aProduct, type Buyer, eventually, type Story, startStory } from '../support/story.ts'

describe('money that a bank holds until the order is confirmed', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
    await decide({ captureLater: true })
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const bought = async (card?: string): Promise<Buyer & { sku: string }> => {
    const product = await aProduct({ available: 3 })
    const buyer = await shop.buyer('card', { product })
    const next = await payByCard(shop, buyer, card)
    if (card) assert.equal(next?.kind, 'redirect')
    else assert.deepEqual(next, { kind: 'paid' })
    return Object.assign(buyer, { sku: product.sku })
  }
  const agree = async (buyer: Buyer) => {
    const [payment] = await paymentsOf(buyer.order)
    assert(payment)
    const { url } = payment.next as { url: string }
    await fetch(url, { method: 'POST', body: new URLSearchParams({ action: 'pay' }), redirect: 'manual' })
  }
  const atOmise = (buyer: Buyer) => chargesOf(shop, buyer.order)[0]
  const operations = async (buyer: Buyer) =>
    ((await paymentsOf(buyer.order))[0] as Payment).operations.map(({ kind, state }) => `${kind} ${state}`)
  const letGo = async (buyer: Buyer & { sku: string }) => {
    await becomes(buyer, 'CANCELED')
    await shop.clean()
    assert.equal(atOmise(buyer)?.status, 'reversed')
    assert.deepEqual(await stockOf(buyer.sku), { available: 3, reserved: 0, shipped: 0 })
    assert.equal(await MoneyMovements.countDocuments({ order: buyer.order.id }), 0)
    assert.equal((await toldOf(buyer.order)).filter((one) => one === 'canceled').length, 1)
  }
  /** No answer of the platform arrives, whatever it has done. */
  const silence = () => shop.sandbox.faults.set('omise', 'htmlErrorBefore', 'any')
  const wakeAll = async (buyer: Buyer) => {
    await Payments.updateMany({ order: buyer.order.id }, { $set: { checkAt: now() } })
    await Sagas.updateOne({ order: buyer.order.id, wakeAt: { $ne: null } }, { $set: { wakeAt: inMs(0) } })
  }

  it('is taken once, as the last step', async () => {
    const buyer = await bought()
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
    assert.equal(atOmise(buyer)?.captured_amount, buyer.order.totals.total)
    const saga = await Sagas.findOne({ order: buyer.order.id }).lean()
    assert.deepEqual(
      saga?.steps.map(({ name, state }) => `${name} ${state}`),
      ['PAYMENT SUCCESS', 'STORE SUCCESS', 'DELIVERY SUCCESS', 'CAPTURE SUCCESS'],
    )
    assert.deepEqual(await operations(buyer), ['capture SUCCEEDED'])
    const [movement] = await MoneyMovements.find({ order: buyer.order.id }).lean()
    assert.deepEqual([movement?.amount, movement?.by], [buyer.order.totals.total, 'saga'])
    assert.equal((await toldOf(buyer.order)).filter((one) => one === 'receipt').length, 1)
  })

  it('is held at the bank’s page, too, and the webhook tells us', async () => {
    const buyer = await bought(askedCard)
    await agree(buyer)
    await becomes(buyer, 'CONFIRMED')
    assert.equal(atOmise(buyer)?.captured_amount, buyer.order.totals.total)
    await shop.clean()
  })

  it('is taken though the account has lost its method since', async () => {
    const buyer = await bought(askedCard)
    const { learn } = gatewayOf('omise') as ReturnType<typeof omise>
    shop.sandbox.faults.set('omise', 'accountLacks', 'card')
    await learn()
    assert.ok(!gatewayOf('omise').methods.some(({ name }) => name === 'card'))
    await agree(buyer)
    await becomes(buyer, 'CONFIRMED')
    assert.equal(atOmise(buyer)?.captured_amount, buyer.order.totals.total)
    shop.sandbox.faults.reset()
    await learn()
    await shop.clean()
  })

  it('is let go, and nothing taken, when the goods are not there after all', async () => {
    const buyer = await bought(askedCard)
    await transaction((session) => releaseHolds(session, new mongoose.Types.ObjectId(buyer.order.id)))
    await agree(buyer)
    await letGo(buyer)
    assert.deepEqual(await operations(buyer), ['cancel SUCCEEDED'])
  })

  for (const fault of ['dropAfterCommit', 'htmlErrorAfterCommit']) {
    it(`is taken once though the answer to that is lost (${fault})`, async () => {
      shop.sandbox.faults.set('omise', fault, 'captures', 1)
      const buyer = await bought()
      await eventually('the end', async () => {
        await wakeAll(buyer)
        return (await buyer.reload()).state === 'CONFIRMED'
      })
      await shop.clean()
      assert.equal(atOmise(buyer)?.captured_amount, buyer.order.totals.total)
      assert.deepEqual(await operations(buyer), ['capture SUCCEEDED'])
    })
  }

  it('is let go when it has lapsed before it could be taken: the order is undone', async () => {
    const buyer = await bought(askedCard)
    shop.sandbox.faults.set('omise', 'htmlErrorBefore', 'captures')
    await agree(buyer)
    await eventually('a capture in doubt', async () => (await operations(buyer)).includes('capture UNKNOWN'))
    assert.equal((await buyer.reload()).state, 'CONFIRMING')
    const charge = atOmise(buyer)?.id
    shop.sandbox.faults.reset()
    const response = await fetch(`${shop.sandbox.url}/charges/${charge}/reverse`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${shop.settings.gateways.omise?.secretKey}:`).toString('base64')}`,
      },
    })
    assert.equal(response.status, 200)
    await pollNow(buyer.order)
    await letGo(buyer)
    assert.deepEqual(await operations(buyer), ['capture FAILED'])
  })

  it('waits while nobody knows whether it was taken, and is neither taken twice nor let go meanwhile', async () => {
    const buyer = await bought(askedCard)
    shop.sandbox.faults.set('omise', 'htmlErrorBefore', 'captures')
    await agree(buyer)
    await eventually('a capture in doubt', async () => (await operations(buyer)).includes('capture UNKNOWN'))
    silence()
    await wakeAll(buyer)
    assert.equal((await buyer.reload()).state, 'CONFIRMING')
    shop.sandbox.faults.reset()
    await eventually('the end', async () => {
      await wakeAll(buyer)
      return (await buyer.reload()).state === 'CONFIRMED'
    })
    assert.equal(atOmise(buyer)?.captured_amount, buyer.order.totals.total)
    assert.deepEqual(await operations(buyer), ['capture SUCCEEDED'])
    await shop.clean()
  })

  it('goes back like any other once it was taken', async () => {
    const buyer = await bought()
    await becomes(buyer, 'CONFIRMED')
    await shop.idle()
    const { id, version } = await shop.staffView(buyer.order.id)
    await expectStatus(200, shop.manager.post(`/api/orders/${id}/cancel`, { version, reason: 'sold out' }))
    await becomes(buyer, 'CANCELED')
    assert.equal(atOmise(buyer)?.refunded_amount, buyer.order.totals.total)
    await shop.clean()
  })

  it('that is not the price is let go, and the cart is a draft again', async () => {
    const product = await aProduct({ available: 1 })
    const buyer = await shop.buyer('card', { product })
    shop.sandbox.faults.set('omise', 'amountOffBy', -1)
    await buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() })
    await becomes(buyer, 'DRAFT')
    assert.equal(atOmise(buyer)?.status, 'reversed')
    await shop.clean()
  })
})

describe('a voucher that can be paid for days', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  it('keeps the order and its goods as long as it can be paid', async () => {
    const product = await aProduct({ available: 2 })
    const buyer = await shop.buyer('promptpay', { product })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const [payment] = await paymentsOf(buyer.order)
    assert(payment)
    const days = (count: number) => new Date(Math.ceil(now().getTime() / 1000) * 1000 + count * 86_400_000)
    const found = {
      state: 'PENDING' as const,
      captured: 0,
      refunded: 0,
      refunds: [],
      refs: [],
      said: 'voucher',
    }
    const check = async (end: Date) => {
      const order = await Orders.findById(buyer.order.id).lean()
      const [attempt] = await paymentsOf(buyer.order)
      assert.deepEqual([attempt?.expiresAt, order?.deadline, order?.holdsUntil], [end, end, end])
      const [hold] = await StockHolds.find({ order: buyer.order.id, state: 'HELD' }).lean()
      assert.deepEqual(hold?.expiresAt, end)
      assert.equal((await buyer.reload()).attempt?.expiresAt, end.toISOString())
    }
    const three = days(3)
    await applyFound(payment, { ...found, expiresAt: three }, 'test')
    await check(three)
    const { version } = buyer.order
    // A second that the platform counts differently is no news.
    await applyFound(payment, { ...found, expiresAt: new Date(three.getTime() + 900) }, 'test')
    assert.equal((await buyer.reload()).version, version)
    // A shorter end is the attempt's own: the order waits as long as it was told.
    const one = days(1)
    await applyFound(payment, { ...found, expiresAt: one }, 'test')
    const [shorter] = await paymentsOf(buyer.order)
    assert.deepEqual(shorter?.expiresAt, one)
    assert.deepEqual((await Orders.findById(buyer.order.id).lean())?.deadline, three)
    await shop.clean()
  })
})
