import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Orders } from '../../models/order.ts'
import { Payments } from '../../models/payment.ts'
import { chargesOf } from '../support/checkout.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { aProduct, eventually } from '../support/story.ts'

describe('a shop that is asked to stop', function () {
  this.timeout(60_000)
  let shop: OtherProcess
  before(async () => {
    shop = await startElsewhere()
  })
  after(() => shop?.close())

  it('first answers who is just paying, and writes down what they have paid', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    const data = { cardToken: await shop.cardToken() }
    shop.sandbox.faults.set('omise', 'latencyMs', 700)
    const paying = buyer.try('CONFIRM_PAYMENT_SELECTION', data, { 'idempotency-key': randomUUID() })
    const order = { order: buyer.order.id }
    await eventually('the attempt', () => Payments.exists(order))
    await shop.stop()
    const { status, text } = await paying
    assert.equal(status, 200, text)
    assert.equal(chargesOf(shop, buyer.order).length, 1)
    assert.equal((await Payments.findOne(order).lean())?.state, 'CAPTURED')
    assert.equal((await Orders.findById(buyer.order.id).lean())?.state, 'PAID')
  })
})
