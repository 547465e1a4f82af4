import assert from 'node:assert/strict'
import { Couriers, DeliverySlots } from '../../models/delivery.ts'
import { Orders } from '../../models/order.ts'
import { StockHolds } from '../../models/store.ts'
import { inMs } from '../../server/database/index.ts'
import { verify } from '../../server/database/verify.ts'
import { findOrder } from '../../server/order/index.ts'
import { takeStep } from '../../server/pipeline/index.ts'
import { expireHolds } from '../../server/sweeps/expire.ts'
import { endHold, stockOf } from '../support/checkout.ts'
import { aProduct, eventually, type Story, startStory } from '../support/story.ts'

describe('goods that are held for an order', function () {
  this.timeout(60_000)
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  it('are held for whoever confirms in the very moment their time is over, or the page says so', async () => {
    const product = await aProduct({ available: 1 })
    const buyer = await shop.buyer('promptpay', { product })
    await buyer.act('CHECK_PRODUCT_SUFFICIENT')
    const read = await findOrder(buyer.order.id)
    // The request has read the order, and before it writes, the sweep comes and another buys the last one.
    await endHold(buyer.order)
    await expireHolds()
    const other = await shop.buyer('promptpay', { product })
    await other.act('CONFIRM_PAYMENT_SELECTION')
    const caller = { kind: 'customer', customerId: String(read.customer), sessionId: 'test', proven: false }
    const walker = { order: read, caller: { ...caller, orderIds: [buyer.order.id] }, headers: {}, ip: '' }
    await assert.rejects(takeStep('CONFIRM_PAYMENT_SELECTION', {}, walker as never), { code: 'order.stale' })
    assert.equal((await buyer.reload()).state, 'DRAFT')
    assert.equal((await buyer.try('CONFIRM_PAYMENT_SELECTION')).body.error.code, 'stock.short')
    await shop.clean()
  })

  it('go back in time though the customer has chosen another delivery time', async () => {
    await Couriers.create({
      name: 'Our van',
      rules: [{ postcodes: [], from: 0, price: 0 }],
      days: 1,
      slots: true,
    })
    const [first, second] = await DeliverySlots.create(
      [3, 5].map((hours) => ({
        date: '2027-01-01',
        begin: inMs(hours * 3_600_000),
        end: inMs((hours + 1) * 3_600_000),
        zone: '',
        capacity: 2,
        taken: 0,
      })),
    )
    const product = await aProduct({ available: 1 })
    const buyer = await shop.buyer('card', { product })
    const at = (slotId: string) => ({ type: 'courier', companyName: 'Our van', slotId, costConfirmed: true })
    await eventually('the van is offered', async () => {
      const { status } = await buyer.try('SELECT_LOGISTIC_METHOD', at(String(first?._id)))
      await buyer.reload()
      return status === 200
    })
    await buyer.act('CHECK_PRODUCT_SUFFICIENT')
    await buyer.act('SELECT_LOGISTIC_METHOD', at(String(second?._id)))
    assert.deepEqual(await verify(), [])
    // Nothing is held without an end.
    if (buyer.order.holdsUntil) await endHold(buyer.order)
    await eventually('free again', async () => (await stockOf(product.sku)).available === 1, 5000)
    await shop.clean()
  })

  it('are missed by verify when they are gone, or held without an end', async () => {
    const product = await aProduct({ available: 2 })
    const waits = await shop.buyer('promptpay', { product })
    await waits.act('CONFIRM_PAYMENT_SELECTION')
    const left = await shop.buyer('promptpay', { product })
    await left.act('CHECK_PRODUCT_SUFFICIENT')
    assert.deepEqual(await verify(), [])
    await StockHolds.updateOne({ order: waits.order.id }, { $set: { order: left.order.id, line: 7 } })
    await Orders.updateOne({ _id: left.order.id }, { $set: { holdsUntil: null } })
    const found = (await verify()).map(({ rule, subject }) => `${rule} ${subject}`)
    assert.deepEqual(found.sort(), [`holds ${waits.order.regNo}`, `holds ${left.order.regNo}`].sort())
  })
})
