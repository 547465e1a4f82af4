import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { DeliveryCases, DeliverySlots } from '../../models/delivery.ts'
import { Orders } from '../../models/order.ts'
import { Payments } from '../../models/payment.ts'
import { Sagas } from '../../models/saga.ts'
import { StaffTasks } from '../../models/shop.ts'
import { PickingCases } from '../../models/store.ts'
import { type EventPayload, type EventType, publish } from '../../server/broker/index.ts'
import { inMs, transaction } from '../../server/database/index.ts'
import { releaseHolds } from '../../server/store/index.ts'
import { becomes, chargesOf, paid, payByCard, stockOf, toldOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { aProduct, type Buyer, eventually, type Story, startStory } from '../support/story.ts'

describe('the way from paid to confirmed', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const say = <T extends EventType>(type: T, payload: EventPayload<T>, order: { id: string }, times = 1) =>
    transaction(async (session) => {
      for (let n = 0; n < times; n += 1) await publish(session, type, order.id, payload)
    })
  const waiting = async (available = 2): Promise<Buyer & { sku: string }> => {
    const product = await aProduct({ available })
    const buyer = await shop.buyer('promptpay', { product })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    return Object.assign(buyer, { sku: product.sku })
  }
  const pay = async (buyer: Buyer) => shop.mark(await shop.chargeOf(buyer.order.id), 'mark_as_paid')
  const allBack = async (buyer: Buyer & { sku: string }, available = 2) => {
    await becomes(buyer, 'CANCELED')
    await shop.clean()
    const [charge] = chargesOf(shop, buyer.order)
    assert.equal(charge?.refunded_amount, buyer.order.totals.total)
    assert.equal(charge?.refunds.total, 1)
    assert.deepEqual(await stockOf(buyer.sku), { available, reserved: 0, shipped: 0 })
    const told = await toldOf(buyer.order)
    assert.equal(told.filter((one) => one === 'refunded').length, 1)
  }

  it('turns back when the goods are not there after all, and gives everything back', async () => {
    const buyer = await waiting()
    await transaction((session) => releaseHolds(session, new mongoose.Types.ObjectId(buyer.order.id)))
    await pay(buyer)
    await allBack(buyer)
    assert.equal(await PickingCases.countDocuments({ order: buyer.order.id, state: { $ne: 'CANCELED' } }), 0)
  })

  it('turns back when a place in the delivery is gone', async () => {
    const buyer = await waiting()
    const begin = inMs(-60_000)
    const slot = await DeliverySlots.create({
      date: begin.toISOString().slice(0, 10),
      begin,
      end: inMs(60_000),
      capacity: 1,
    })
    // Chosen and lost: nothing that the customer's page can do.
    await Orders.updateOne({ _id: buyer.order.id }, { $set: { 'delivery.slot': slot._id } })
    await pay(buyer)
    await allBack(buyer)
    assert.equal(await DeliveryCases.countDocuments({ order: buyer.order.id, state: { $ne: 'CANCELED' } }), 0)
  })

  it('refuses a confirmation that comes after its own undoing', async () => {
    const buyer = await waiting()
    await say(
      'orchestra.request',
      { orderId: buyer.order.id, requestType: 'REVERSE', confirmator: 'STORE', orderItems: [] },
      buyer.order,
    )
    await shop.idle()
    await pay(buyer)
    await allBack(buyer)
  })

  it('bears every message many times, and answers that come late', async () => {
    const product = await aProduct({ available: 2 })
    const buyer = Object.assign(await shop.buyer('card', { product }), { sku: product.sku })
    await payByCard(shop, buyer)
    const { id } = buyer.order
    await becomes(buyer, 'CONFIRMED')
    const { version } = await shop.staffView(id)
    await say('order.process', { orderId: id, version, userName: '', orderItems: [] }, buyer.order, 3)
    for (const confirmator of ['PAYMENT', 'STORE', 'DELIVERY'] as const) {
      await say(
        'orchestra.request',
        { orderId: id, requestType: 'CONFIRM', confirmator, orderItems: [] },
        buyer.order,
        3,
      )
      for (const response of ['SUCCESS', 'FAIL'] as const) {
        for (const requestType of ['CONFIRM', 'REVERSE'] as const) {
          await say('orchestra.reply', { orderId: id, requestType, confirmator, response }, buyer.order, 2)
        }
      }
    }
    await say('order.compensate', { orderId: id, reason: 'nobody said so', by: 'test' }, buyer.order, 2)
    await say('order.paid', { orderId: id }, buyer.order, 3)
    await shop.clean()
    assert.equal((await buyer.reload()).state, 'CONFIRMED')
    assert.equal((await shop.staffView(id)).version, version)
    assert.equal(await Sagas.countDocuments({ order: id }), 1)
    assert.equal(await PickingCases.countDocuments({ order: id }), 1)
    assert.equal(await DeliveryCases.countDocuments({ order: id }), 1)
    assert.deepEqual(await stockOf(buyer.sku), { available: 1, reserved: 1, shipped: 0 })
    assert.equal((await toldOf(buyer.order)).filter((one) => one === 'receipt').length, 1)
  })

  it('is taken up again when a question was lost', async () => {
    const buyer = await paid(shop, 2)
    await becomes(buyer, 'CONFIRMED')
    const { id, version } = await shop.staffView(buyer.order.id)
    shop.sandbox.faults.set('omise', 'htmlErrorBefore', 'any')
    await expectStatus(200, shop.manager.post(`/api/orders/${id}/cancel`, { version, reason: 'sold out' }))
    await eventually('asked', async () =>
      Sagas.exists({ order: id, steps: { $elemMatch: { name: 'PAYMENT', state: 'ASKED' } } as never }),
    )
    await shop.idle()
    assert.equal((await buyer.reload()).state, 'COMPENSATING')
    shop.sandbox.faults.reset()
    await Payments.updateMany({ order: id }, { $set: { checkAt: inMs(0) } })
    await Sagas.updateOne({ order: id }, { $set: { wakeAt: inMs(0) } })
    await allBack(buyer, 2)
  })

  it('sees that the money went back already, by hand, and ends all the same', async () => {
    const buyer = await paid(shop, 2)
    await becomes(buyer, 'CONFIRMED')
    await shop.idle()
    shop.sandbox.faults.set('omise', 'webhookTiming', 'never')
    const response = await fetch(
      `${shop.sandbox.url}/charges/${chargesOf(shop, buyer.order)[0]?.id}/refunds`,
      {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${shop.settings.gateways.omise?.secretKey}:`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ amount: buyer.order.totals.total }),
      },
    )
    assert.equal(response.status, 200)
    const { id, version } = await shop.staffView(buyer.order.id)
    await expectStatus(200, shop.manager.post(`/api/orders/${id}/cancel`, { version, reason: 'sold out' }))
    await eventually('an end', async () => {
      await Sagas.updateOne({ order: id, wakeAt: { $ne: null } }, { $set: { wakeAt: inMs(0) } })
      return (await buyer.reload()).state === 'CANCELED'
    })
    await allBack(buyer, 2)
  })

  it('that cannot be undone is put before a person, never given up in silence', async () => {
    const buyer = await paid(shop, 2)
    await becomes(buyer, 'CONFIRMED')
    await shop.idle()
    const { id, version } = await shop.staffView(buyer.order.id)
    shop.sandbox.faults.set('omise', 'htmlErrorBefore', 'any')
    await expectStatus(200, shop.manager.post(`/api/orders/${id}/cancel`, { version, reason: 'sold out' }))
    await eventually('given to a person', async () => {
      await Sagas.updateOne(
        { order: id, wakeAt: { $ne: null }, 'steps.state': 'ASKED' } as never,
        { $set: { wakeAt: inMs(0), 'steps.$[one].tries': 39 } },
        { arrayFilters: [{ 'one.name': 'PAYMENT', 'one.state': 'ASKED' }] },
      )
      return (await buyer.reload()).state === 'MANUAL_REVIEW'
    })
    assert.equal(await StaffTasks.countDocuments({ kind: 'order.review', subject: id, state: 'open' }), 1)
    await shop.clean()
    shop.sandbox.faults.reset()

    const review = await shop.staffView(id)
    await expectStatus(
      200,
      shop.manager.post(`/api/orders/${id}/review`, {
        version: review.version,
        reason: 'again',
        decision: 'refund',
      }),
    )
    await eventually(
      'an end',
      async () => {
        await Payments.updateMany({ order: id }, { $set: { checkAt: inMs(0) } })
        await Sagas.updateOne({ order: id, wakeAt: { $ne: null } }, { $set: { wakeAt: inMs(0) } })
        return (await buyer.reload()).state === 'CANCELED'
      },
      20_000,
    )
    await allBack(buyer, 2)
  })
})
