import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Payments } from '../../models/payment.ts'
import { StaffTasks } from '../../models/shop.ts'
import { inMs } from '../../server/database/index.ts'
import { verify } from '../../server/database/verify.ts'
import { applyFound } from '../../server/payment/apply.ts'
import { lookUp } from '../../server/payment/index.ts'
import { newOperation } from '../../server/payment/operations.ts'
import { becomes, chargesOf, decide, paid, paymentsOf, pollNow } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs } from '../support/people.ts'
import { type Buyer, eventually, type Story, startStory } from '../support/story.ts'

describe('a refund that meets something else', function () {
  this.timeout(60_000)
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  async function confirmed(): Promise<Buyer> {
    const buyer = await paid(shop)
    await becomes(buyer, 'CONFIRMED')
    await shop.idle()
    return buyer
  }
  const paymentOf = async (buyer: Buyer) => {
    const [payment] = await paymentsOf(buyer.order)
    assert(payment)
    return payment
  }
  /** As a process leaves it that dies before it sends it. */
  const storeUnsent = async (buyer: Buyer) => {
    const { _id } = await paymentOf(buyer)
    const wish = {
      opId: randomUUID(),
      kind: 'refund' as const,
      amount: 5000,
      reason: 'bruised',
      by: 'nobody',
    }
    const operations = newOperation({ ...wish, alone: true })
    await Payments.collection.updateOne({ _id }, {
      $push: { operations },
      $set: { checkAt: inMs(300) },
    } as never)
  }
  const isGivenBack = (buyer: Buyer) =>
    eventually('given back', async () => (await buyer.reload()).refunded === 5000, 5000)

  it('is sent, though a late look at the payment brings no news', async () => {
    const buyer = await confirmed()
    const seen = await paymentOf(buyer)
    const found = await lookUp(seen._id)
    await storeUnsent(buyer)
    await applyFound(seen, found, 'a slow webhook')
    await isGivenBack(buyer)
    await shop.clean()
  })

  it('is sent, though a late look at the payment brings other news', async () => {
    const buyer = await confirmed()
    const seen = await paymentOf(buyer)
    const found = await lookUp(seen._id)
    await storeUnsent(buyer)
    await applyFound(seen, { ...found, settled: true }, 'a slow webhook')
    assert.notEqual((await paymentOf(buyer)).checkAt, null)
    await pollNow(buyer.order)
    await isGivenBack(buyer)
    await shop.clean()
  })

  it('is missed by verify when it was never sent and nobody looks', async () => {
    const buyer = await confirmed()
    await storeUnsent(buyer)
    const longAgo = inMs(-3_600_000)
    await Payments.collection.updateOne(
      { _id: (await paymentOf(buyer))._id },
      { $set: { checkAt: null, 'operations.0.updatedAt': longAgo } },
    )
    assert.deepEqual(
      (await verify()).map(({ rule }) => rule),
      ['payments'],
    )
    await Payments.collection.updateOne({ _id: (await paymentOf(buyer))._id }, { $set: { checkAt: inMs(0) } })
    await isGivenBack(buyer)
    await shop.clean()
  })

  it('stays made when it is refused to who asks a second time', async () => {
    const buyer = await confirmed()
    const { _id, captured } = await paymentOf(buyer)
    const charge = await shop.chargeOf(buyer.order.id)
    const { faults, url } = shop.sandbox
    faults.set('omise', 'webhookTiming', 'never')
    // It was made by a process that has not heard of it yet, and that asks again.
    const response = await fetch(`${url}/charges/${charge}/refunds`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${shop.settings.gateways.omise?.secretKey}:`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ amount: captured }),
    })
    const { id: ref } = (await response.json()) as { id: string }
    faults.set('omise', 'latencyMs', 700)
    const opId = randomUUID()
    const wish = { paymentId: String(_id), amount: captured, reason: 'bruised', opId }
    const asking = (await loginAs(shop.url, 'admin')).post(`/api/orders/${buyer.order.id}/refunds`, wish)
    const seen = await eventually('it is being asked for', async () => {
      const payment = await paymentOf(buyer)
      return payment.operations.some(({ state }) => state === 'SENT') && payment
    })
    const refunds = [{ ref, opId, amount: captured, state: 'SUCCEEDED' as const }]
    const found = { state: seen.state, captured, refunded: captured, refunds, refs: [], said: 'made' }
    await applyFound(seen, found, 'the answer to the first')
    faults.reset('omise')
    await expectStatus(200, asking)
    const { operations, refunded } = await paymentOf(buyer)
    assert.deepEqual([operations.map(({ state }) => state), refunded], [['SUCCEEDED'], captured])
    assert.equal(await StaffTasks.countDocuments({ kind: 'refund.failed', state: 'open' }), 0)
    await shop.clean()
  })

  it('makes room when it waits for a second person and the whole order is cancelled', async () => {
    await loginAs(shop.url, 'manager', 'Dao Manager')
    await decide({ 'limits.refundAlone': 1000 })
    const buyer = await confirmed()
    const { _id } = await paymentOf(buyer)
    const wish = { paymentId: String(_id), amount: 5000, reason: 'bruised', opId: randomUUID() }
    await expectStatus(200, shop.manager.post(`/api/orders/${buyer.order.id}/refunds`, wish))
    const { version } = await shop.staffView(buyer.order.id)
    const reason = 'sold out'
    await expectStatus(200, shop.manager.post(`/api/orders/${buyer.order.id}/cancel`, { version, reason }))
    await becomes(buyer, 'CANCELED')
    await shop.clean()
    assert.equal(buyer.order.refunded, buyer.order.totals.total)
    assert.deepEqual(
      chargesOf(shop, buyer.order).map(({ refunded_amount: refunded }) => refunded),
      [buyer.order.totals.total],
    )
    assert.equal(await StaffTasks.countDocuments({ kind: 'refund.approve', state: 'open' }), 0)
  })
})
