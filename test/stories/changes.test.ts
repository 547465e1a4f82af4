import assert from 'node:assert/strict'
import { Products, Stocks } from '../../models/store.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import { becomes, chargesOf, endHold, paid, payByCard, stockOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { confirmingAt, fields, refused } from '../support/confirming.ts'
import type { StaffMember } from '../support/people.ts'
import { aProduct, bangkok, eventually, type Refusal, type Story, startStory } from '../support/story.ts'

describe('what changes while somebody looks at it', () => {
  let shop: Story
  const { confirm, unpaid } = confirmingAt(() => shop)
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  const put = (staff: StaffMember, { id, version }: { id: string; version: number }, items: object[]) =>
    staff.put<StaffOrderView & Refusal>(`/api/orders/${id}/items`, { version, items })

  it('lets one of two staff members win, and shows the other what is', async () => {
    const product = await aProduct()
    const { order } = await shop.order({ product })
    const item = (quantity: number) => [{ productId: String(product._id), quantity }]
    const answers = await Promise.all([
      put(shop.agent, order, item(2)),
      put(shop.manager, order, item(3)),
      put(shop.agent, order, item(4)),
    ])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
    const winner = answers.find(({ status }) => status === 200)?.body
    for (const { status, body } of answers.filter((answer) => answer.status === 409)) {
      assert.equal(status, 409)
      assert.equal(body.error.details.order.version, winner?.version)
      assert.equal(body.error.details.order.lines[0]?.quantity, winner?.lines[0]?.quantity)
    }
    await shop.clean()
  })

  it('refuses the customer a stale version at every step, and changes nothing', async () => {
    const product = await aProduct()
    const buyer = await shop.buyer('card', { product })
    await put(shop.agent, buyer.order, [{ productId: String(product._id), quantity: 2 }])
    const steps: [string, object][] = [
      ['UPDATE_DELIVERY_ADDRESS', { address: { ...bangkok, name: 'Somebody else' } }],
      ['SELECT_LOGISTIC_METHOD', { type: 'courier', companyName: 'Kerry', costConfirmed: true }],
      ['SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'promptpay' }],
      ['CHECK_PRODUCT_SUFFICIENT', {}],
      ['CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() }],
    ]
    for (const [step, data] of steps) {
      const error = refused(await buyer.try(step, data))
      assert.equal(error.code, 'order.stale', step)
      assert.equal(error.details.order.lines[0]?.quantity, 2)
    }
    await unpaid(buyer)
    await buyer.reload()
    assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
    await shop.clean()
  })

  it('lets either staff change the lines or the customer pay, never both', async () => {
    for (let round = 0; round < 3; round += 1) {
      const product = await aProduct({ price: 10_000, available: 5 })
      const buyer = await shop.buyer('card', { product })
      const cardToken = await shop.cardToken()
      const { version, id } = buyer.order
      const [staff, customer] = await Promise.all([
        put(shop.agent, { id, version }, [{ productId: String(product._id), quantity: 2 }]),
        buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken }),
      ])
      assert.deepEqual([staff.status, customer.status].sort(), [200, 409])
      assert.equal(chargesOf(shop, buyer.order).length, customer.status === 200 ? 1 : 0)
      await shop.clean()
    }
  })

  it('keeps staff off an order that is being paid, and off a paid one', async () => {
    const product = await aProduct()
    const buyer = await shop.buyer('promptpay', { product })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const answer = await put(shop.agent, buyer.order, [{ productId: String(product._id), quantity: 9 }])
    assert.equal(answer.status, 409)
    await shop.mark(await shop.chargeOf(buyer.order.id), 'mark_as_paid')
    await becomes(buyer, 'CONFIRMED')
    const late = await put(shop.agent, buyer.order, [{ productId: String(product._id), quantity: 9 }])
    assert.equal(late.status, 409)
    await shop.clean()
  })

  it('tells a changed price before anything is paid, line by line', async () => {
    const product = await aProduct({ name: 'มะม่วง', price: 10_000 })
    const buyer = await shop.buyer('card', { product, quantity: 2 })
    await Products.updateOne({ _id: product._id }, { prices: { THB: 12_000 } })
    const error = refused(await confirm(buyer))
    assert.deepEqual(error.details.changes, [
      { field: 'price', name: 'มะม่วง', from: 10_000, to: 12_000 },
      { field: 'total', from: 24_900, to: 28_900 },
    ])
    assert.equal(error.details.order.totals.total, 28_900)
    await unpaid(buyer)
    buyer.order = error.details.order
    assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
    assert.equal(chargesOf(shop, buyer.order)[0]?.amount, 28_900)
    await shop.clean()
  })

  it('tells it at the verification of the context already', async () => {
    const product = await aProduct({ price: 10_000 })
    const buyer = await shop.buyer('card', { product })
    const shown = buyer.shown()
    await Products.updateOne({ _id: product._id }, { prices: { THB: 9000 } })
    const error = refused(await buyer.try('VERIFY_ORDER_CONTEXT', shown))
    assert.equal(error.code, 'order.context')
    assert(fields(error).includes('price'))
    buyer.order = error.details.order
    await buyer.act('VERIFY_ORDER_CONTEXT', buyer.shown())
    await shop.clean()
  })

  it('takes hidden goods out, gives them back to the shelf, and says so', async () => {
    const [kept, hidden] = [await aProduct(), await aProduct({ available: 4 })]
    const buyer = await shop.buyer('card', { product: kept }, { product: hidden, quantity: 3 })
    await buyer.act('CHECK_PRODUCT_SUFFICIENT')
    assert.equal((await stockOf(hidden.sku)).reserved, 3)
    await Products.updateOne({ _id: hidden._id }, { hidden: true })
    const error = refused(await confirm(buyer))
    assert(fields(error).includes('line_removed'))
    assert.equal(error.details.order.lines.length, 1)
    await unpaid(buyer)
    buyer.order = error.details.order
    assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
    await becomes(buyer, 'CONFIRMED')
    assert.deepEqual(await stockOf(hidden.sku), { available: 4, reserved: 0, shipped: 0 })
    await shop.clean()
  })

  it('does not sell an order whose only goods were hidden', async () => {
    const product = await aProduct()
    const buyer = await shop.buyer('card', { product })
    await Products.updateOne({ _id: product._id }, { hidden: true })
    buyer.order = refused(await confirm(buyer)).details.order
    refused(await confirm(buyer))
    await unpaid(buyer)
    await shop.clean()
  })

  it('names what is short when goods were lost between check and confirmation', async () => {
    const product = await aProduct({ name: 'ทุเรียน', available: 3 })
    const buyer = await shop.buyer('card', { product, quantity: 2 })
    await buyer.act('CHECK_PRODUCT_SUFFICIENT')
    await endHold(buyer.order)
    await eventually('given back', async () => (await stockOf(product.sku)).reserved === 0)
    const other = await shop.buyer('card', { product, quantity: 2 })
    assert.deepEqual(await payByCard(shop, other), { kind: 'paid' })

    const error = refused(await confirm(buyer))
    assert.equal(error.code, 'stock.short')
    assert.deepEqual(error.details.changes, [{ field: 'stock', name: 'ทุเรียน', from: 2, to: 1 }])
    await unpaid(buyer)
    await shop.clean()
  })

  it('counts the same goods on two lines together', async () => {
    const product = await aProduct({ available: 3 })
    const [both, enough] = [
      await shop.buyer('card', { product, quantity: 2 }, { product, quantity: 2 }),
      await shop.buyer('card', { product, quantity: 2 }, { product, quantity: 1 }),
    ]
    const error = refused(await both.try('CHECK_PRODUCT_SUFFICIENT'))
    assert.equal(error.code, 'stock.short')
    assert.deepEqual(await stockOf(product.sku), { available: 3, reserved: 0, shipped: 0 })
    assert.deepEqual(await payByCard(shop, enough), { kind: 'paid' })
    await becomes(enough, 'CONFIRMED')
    assert.deepEqual(await stockOf(product.sku), { available: 0, reserved: 3, shipped: 0 })
    await shop.clean()
  })

  it('resizes what is held when staff change the lines', async () => {
    const product = await aProduct({ available: 5 })
    const buyer = await shop.buyer('card', { product, quantity: 4 })
    await buyer.act('CHECK_PRODUCT_SUFFICIENT')
    await expectStatus(200, put(shop.agent, buyer.order, [{ productId: String(product._id), quantity: 1 }]))
    assert.deepEqual(await stockOf(product.sku), { available: 5, reserved: 0, shipped: 0 })
    assert.equal((await buyer.reload()).holdsUntil, null)
    await payByCard(shop, buyer)
    await becomes(buyer, 'CONFIRMED')
    assert.deepEqual(await stockOf(product.sku), { available: 4, reserved: 1, shipped: 0 })
    await shop.clean()
  })

  it('ends in the parcel with what was agreed', async () => {
    const buyer = await paid(shop, 7)
    await becomes(buyer, 'CONFIRMED')
    assert.deepEqual(await stockOf(buyer.sku), { available: 6, reserved: 1, shipped: 0 })
    await expectStatus(200, shop.agent.post(`/api/orders/${buyer.order.id}/pack`))
    await expectStatus(200, shop.agent.post(`/api/orders/${buyer.order.id}/send`, { tracking: 'K1' }))
    assert.deepEqual(await stockOf(buyer.sku), { available: 6, reserved: 0, shipped: 1 })
    assert.equal((await Stocks.findOne({ sku: buyer.sku }).lean())?.shipped, 1)
    await shop.clean()
  })
})
