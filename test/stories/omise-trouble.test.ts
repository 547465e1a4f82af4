import assert from 'node:assert/strict'
import { Payments } from '../../models/payment.ts'
import { inMs } from '../../server/database/index.ts'
import {
  becomes,
  chargesOf,
  endAttempt,
  payByCard,
  paymentsOf,
  pollNow,
  toldOf,
} from '../support/checkout.ts'
import { aProduct, type Buyer, eventually, type Story, startStory } from '../support/story.ts'

describe('when Omise is in trouble', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const knob = (name: string, value: boolean | number | string, next?: number) =>
    shop.sandbox.faults.set('omise', name, value, next)
  const confirm = async (buyer: Buyer) =>
    buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() })
  const card = async () => shop.buyer('card', { product: await aProduct() })
  const chargedOnce = async (buyer: Buyer) => {
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
    assert.equal(chargesOf(shop, buyer.order).length, 1)
    assert.deepEqual(await toldOf(buyer.order), ['receipt'])
  }

  for (const fault of ['dropAfterCommit', 'htmlErrorAfterCommit', 'brokenJson']) {
    it(`with the charge made and its answer lost (${fault}): it is found, and nobody pays twice`, async () => {
      const buyer = await card()
      knob(fault, 'charges', 1)
      const { status } = await confirm(buyer)
      assert.equal(status, 200)
      await chargedOnce(buyer)
    })
  }

  it('and nobody knows what became of the charge: checking, and no second attempt beside it', async () => {
    const buyer = await card()
    const cardToken = await shop.cardToken()
    knob('webhookTiming', 'never')
    knob('htmlErrorAfterCommit', 'any')
    const next = await buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken })
    assert.deepEqual(next, { kind: 'checking' })
    assert.equal(buyer.order.state, 'AWAITING_PAYMENT')
    assert.equal((await paymentsOf(buyer.order))[0]?.state, 'UNKNOWN')
    assert.deepEqual(buyer.order.attempt?.next, { kind: 'checking' })

    const another = await buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken: 'tokn_test_another' })
    assert.equal(another.status, 409)
    assert.equal((await buyer.try('CANCEL_PAYMENT')).status, 409)
    const { version } = await shop.staffView(buyer.order.id)
    const cancel = await shop.agent.post(`/api/orders/${buyer.order.id}/cancel`, { version, reason: 'tired' })
    assert.equal(cancel.status, 409)
    assert.equal((await paymentsOf(buyer.order)).length, 1)

    shop.sandbox.faults.reset()
    await pollNow(buyer.order)
    await chargedOnce(buyer)
  })

  it('and the charge was never made: after a while the cart is a draft again', async () => {
    const buyer = await card()
    const cardToken = await shop.cardToken()
    knob('htmlErrorBefore', 'any')
    const next = await buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken })
    assert.deepEqual(next, { kind: 'checking' })
    shop.sandbox.faults.reset()
    // It may still be on its way: not yet failed.
    const checks = (await paymentsOf(buyer.order))[0]?.checks ?? 0
    await pollNow(buyer.order)
    await eventually('asked', async () => ((await paymentsOf(buyer.order))[0]?.checks ?? 0) > checks)
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    assert.equal((await buyer.try('CANCEL_PAYMENT')).status, 409)

    await Payments.collection.updateMany(
      { orderRegNo: buyer.order.regNo },
      { $set: { createdAt: inMs(-200_000), checkAt: inMs(0) } },
    )
    await becomes(buyer, 'DRAFT')
    assert.equal(chargesOf(shop, buyer.order).length, 0)
    await payByCard(shop, buyer)
    await chargedOnceInTheEnd(buyer)
  })

  const chargedOnceInTheEnd = async (buyer: Buyer) => {
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
    assert.equal(chargesOf(shop, buyer.order).filter(({ status }) => status === 'successful').length, 1)
  }

  it('and is slow for a moment: what it says at last counts', async () => {
    const buyer = await card()
    knob('rateLimited', 'charges', 1)
    assert.equal((await confirm(buyer)).status, 200)
    await becomes(buyer, 'CONFIRMED')
    await chargedOnce(buyer)
  })

  it('and refuses the token: plain words, the cart kept, nothing charged', async () => {
    const buyer = await card()
    const { status, body } = await buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken: 'tokn_test_nobody' })
    assert.equal(status, 402)
    assert.equal(body.error.details.order.state, 'DRAFT')
    assert.equal(chargesOf(shop, buyer.order).length, 0)
    const without = await (await card()).try('CONFIRM_PAYMENT_SELECTION')
    assert.equal(without.status, 402)
    await shop.clean()
  })

  it('and answers with words and charges that nobody knows: nothing is believed', async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const charge = await shop.chargeOf(buyer.order.id)
    for (const [name, value] of [
      ['statusShown', 'flabbergasted'],
      ['otherCharge', true],
      ['liveCharge', true],
      ['htmlErrorBefore', 'reads'],
    ] as const) {
      knob(name, value)
      const checks = (await paymentsOf(buyer.order))[0]?.checks ?? 0
      await pollNow(buyer.order)
      await eventually(name, async () => ((await paymentsOf(buyer.order))[0]?.checks ?? 0) > checks)
      assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT', name)
      shop.sandbox.faults.reset()
    }
    await shop.mark(charge, 'mark_as_paid')
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('at the end of a QR: it is closed as soon as Omise can be reached', async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    await shop.idle()
    knob('htmlErrorBefore', 'any')
    await endAttempt(buyer.order)
    await eventually('tried', async () => {
      const [payment] = await paymentsOf(buyer.order)
      return payment?.checkAt && payment.checkAt > inMs(1000)
    })
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    shop.sandbox.faults.reset()
    await pollNow(buyer.order)
    await becomes(buyer, 'DRAFT')
    assert.equal(chargesOf(shop, buyer.order)[0]?.status, 'expired')
    await shop.clean()
  })
})
