import assert from 'node:assert/strict'
import { Couriers, DeliveryCases, DeliverySlots } from '../../models/delivery.ts'
import { inMs } from '../../server/database/index.ts'
import { forgetDirectory } from '../../server/delivery/offers.ts'
import { becomes, decide, payByCard } from '../support/checkout.ts'
import { confirmingAt, fields, refused } from '../support/confirming.ts'
import { aProduct, type Buyer, type Story, startStory } from '../support/story.ts'

describe('a delivery that changes before it is paid', () => {
  let shop: Story
  const { confirm, unpaid } = confirmingAt(() => shop)
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  it('asks anew when the courier has become dearer, or does not come any more', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    try {
      await Couriers.updateOne({ name: 'Kerry' }, { rules: [{ postcodes: [], from: 0, price: 5900 }] })
      forgetDirectory()
      const dearer = refused(await confirm(buyer))
      assert.deepEqual(fields(dearer), ['delivery_cost', 'total'])
      assert.equal(dearer.details.order.delivery?.costConfirmed, false)
      buyer.order = dearer.details.order
      refused(await confirm(buyer))
      await Couriers.updateOne({ name: 'Kerry' }, { active: false })
      forgetDirectory()
      const gone = refused(await confirm(buyer))
      assert.equal(gone.details.order.delivery, null)
      await unpaid(buyer)
    } finally {
      await Couriers.updateOne(
        { name: 'Kerry' },
        { active: true, rules: [{ postcodes: [], from: 0, price: 4900 }] },
      )
      forgetDirectory()
    }
    await buyer.reload()
    await buyer.act('SELECT_LOGISTIC_METHOD', { type: 'courier', companyName: 'Kerry', costConfirmed: true })
    assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
    await shop.clean()
  })

  it('gives the last place in a slot to one', async () => {
    await Couriers.create({
      name: 'Our van',
      slots: true,
      rules: [{ postcodes: [], from: 0, price: 1000 }],
      days: 1,
    })
    forgetDirectory()
    const begin = inMs(26 * 3600_000)
    const slot = await DeliverySlots.create({
      date: begin.toISOString().slice(0, 10),
      begin,
      end: inMs(28 * 3600_000),
      capacity: 1,
    })
    const product = await aProduct()
    const buyers = await Promise.all([1, 2, 3].map(() => shop.buyer('card', { product })))
    for (const buyer of buyers) {
      await buyer.act('SELECT_LOGISTIC_METHOD', {
        type: 'courier',
        companyName: 'Our van',
        slotId: String(slot._id),
        costConfirmed: true,
      })
    }
    const answers = await Promise.all(buyers.map(confirm))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
    for (const answer of answers.filter(({ status }) => status === 409)) {
      assert.deepEqual(fields(refused(answer)), ['slot'])
    }
    const loser = buyers[answers.findIndex(({ status }) => status === 409)] as Buyer
    await loser.reload()
    await loser.act('SELECT_LOGISTIC_METHOD', {
      type: 'courier',
      companyName: 'Our van',
      slotId: null,
      costConfirmed: true,
    })
    assert.deepEqual(await payByCard(shop, loser), { kind: 'paid' })
    await becomes(loser, 'CONFIRMED')
    assert.equal((await DeliverySlots.findById(slot._id).lean())?.taken, 1)
    assert.equal(await DeliveryCases.countDocuments({ slot: slot._id }), 1)
    await shop.clean()
  })

  it('asks for no address while the logistic system is off, and refuses to choose a courier', async () => {
    await decide({ logistics: false })
    try {
      const { link } = await shop.order({ product: await aProduct() })
      const buyer = await shop.open(link)
      assert.equal(buyer.order.needsDelivery, false)
      const courier = { type: 'courier', companyName: 'Kerry', costConfirmed: true }
      assert.equal((await buyer.try('SELECT_LOGISTIC_METHOD', courier)).status, 409)
      await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'card' })
      assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
      await becomes(buyer, 'CONFIRMED')
      await shop.clean()
    } finally {
      await decide({ logistics: true })
    }
  })

  it('drops a delivery that was chosen before the logistic system was switched off', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct({ price: 10_000 }) })
    await decide({ logistics: false })
    try {
      const error = refused(await confirm(buyer))
      assert(fields(error).includes('total'))
      assert.equal(error.details.order.totals.total, 10_000)
      buyer.order = error.details.order
      assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
      await becomes(buyer, 'CONFIRMED')
      await shop.clean()
    } finally {
      await decide({ logistics: true })
    }
  })
})
