import assert from 'node:assert/strict'
import type { StaffOrderView } from '../../server/order/contract.ts'
import { decide } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { aProduct, type Refusal, type Story, startStory } from '../support/story.ts'

describe('what staff take off', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  const put = (staff: StaffMember, { id, version }: { id: string; version: number }, items: object[]) =>
    staff.put<StaffOrderView & Refusal>(`/api/orders/${id}/items`, { version, items })

  it('lets each role give what it may, and no more than there is', async () => {
    const admin = await loginAs(shop.url, 'admin')
    const { order } = await shop.order({ product: await aProduct({ price: 10_000 }) })
    const give = async (staff: StaffMember, amount: number, reason = 'a bruise') => {
      const { version } = await shop.staffView(order.id)
      return (await staff.put(`/api/orders/${order.id}/discount`, { version, amount, reason })).status
    }
    assert.equal(await give(shop.agent, 1000), 200)
    assert.equal(await give(shop.agent, 1001), 403)
    assert.equal(await give(shop.manager, 5000), 200)
    assert.equal(await give(shop.manager, 5001), 403)
    assert.equal(await give(admin, 10_000), 200)
    assert.equal(await give(admin, 10_001), 400)
    assert.equal(await give(admin, 100, ' '), 400)
    await shop.clean()
  })

  it('lets no role get past its limit by adding up discounts of lines and order', async () => {
    const product = await aProduct({ price: 10_000 })
    const { order } = await shop.order({ product })
    const line = { productId: String(product._id), quantity: 1, discount: { amount: 1000, reason: 'bruise' } }
    await expectStatus(200, put(shop.agent, order, [line]))
    const { version } = await shop.staffView(order.id)
    const more = { version, amount: 1000, reason: 'another one' }
    assert.equal((await shop.agent.put(`/api/orders/${order.id}/discount`, more)).status, 403)
    await shop.clean()
  })

  it('asks why the delivery costs something else, and how much else each role may decide', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct({ price: 10_000 }) })
    await decide({ 'limits.agentFreeLine': 4000 })
    const set = async (staff: StaffMember, amount: number | null, reason = 'on our way') => {
      const { version } = await shop.staffView(buyer.order.id)
      return (await staff.put(`/api/orders/${buyer.order.id}/delivery-fee`, { version, amount, reason }))
        .status
    }
    // By the list it is 4900.
    assert.equal(await set(shop.agent, 4500, ' '), 400)
    assert.equal(await set(shop.agent, 5000), 403)
    assert.equal(await set(shop.agent, 899), 403)
    assert.equal(await set(shop.agent, 900), 200)
    assert.equal(await set(shop.manager, 0), 200)
    assert.equal(await set(shop.agent, null, ''), 200)
    assert.equal((await shop.staffView(buyer.order.id)).totals.delivery, 4900)
    await shop.clean()
  })

  it('lets an agent write no amount by hand in other money than the shop’s, whatever the number', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct({ price: 10_000 }) })
    const { order } = await shop.order({ product: await aProduct() })
    const line = { name: 'a ribbon', unitPrice: 100, quantity: 1, reason: 'asked for' }
    const write = (staff: StaffMember) => put(staff, order, [line])
    const set = async (staff: StaffMember, amount: number) => {
      const { version } = await shop.staffView(buyer.order.id)
      const wish = { version, amount, reason: 'on our way' }
      return staff.put<Refusal>(`/api/orders/${buyer.order.id}/delivery-fee`, wish)
    }
    await decide({ currency: 'JPY' })
    try {
      const refusals = [await write(shop.agent), await set(shop.agent, 4800)]
      for (const { status, body } of refusals) {
        assert.equal(status, 403)
        assert.deepEqual(body.error.details, { currency: 'JPY', other: 'THB' })
      }
      assert.deepEqual(
        refusals.map(({ body }) => body.error.code),
        ['free_line.currency', 'delivery.fee_currency'],
      )
      assert.equal((await write(shop.manager)).status, 200)
      assert.equal((await set(shop.manager, 4800)).status, 200)
    } finally {
      await decide({ currency: 'THB' })
    }
    await shop.clean()
  })

  it('refuses sums that no computer adds up exactly', async () => {
    const { order } = await shop.order({ product: await aProduct() })
    const huge = { name: 'a ship', unitPrice: 1_000_000_000_000, quantity: 10_000, reason: 'asked for' }
    assert.equal((await put(shop.manager, order, [huge])).status, 400)
    assert.equal((await shop.staffView(order.id)).version, order.version)
    await shop.clean()
  })
})
