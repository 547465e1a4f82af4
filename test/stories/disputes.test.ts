import assert from 'node:assert/strict'
import { StaffTasks } from '../../models/shop.ts'
import { becomes, payByCard } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { aProduct, eventually, type Story, startStory } from '../support/story.ts'

describe('a payment that its cardholder disputes', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  const tasksOf = (orderId: string) => StaffTasks.find({ order: orderId, state: 'open' }).lean()

  it('is a task to answer, and another when the shop has lost', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    await payByCard(shop, buyer)
    await becomes(buyer, 'CONFIRMED')
    const { id, regNo } = buyer.order
    const charge = await shop.chargeOf(id)
    const press = (action: string) =>
      fetch(`${shop.sandbox.url}/__sim/charges/${charge}/${action}`, { method: 'POST' })

    await press('dispute')
    const task = await eventually('a task', async () => (await tasksOf(id))[0])
    assert.equal(task.kind, 'payment.dispute')
    assert.match(task.summary, new RegExp(`${regNo}.*proof`))
    const [payment] = (await shop.staffView(id)).payments
    const wish = { paymentId: payment?.id, amount: 100, reason: 'to be rid of it', opId: 'op-disputed' }
    const refused = shop.manager.post<{ error: { code: string } }>(`/api/orders/${id}/refunds`, wish)
    assert.equal((await expectStatus(409, refused)).error.code, 'refund.disputed')
    await press('pending')
    await eventually('the bank’s turn', async () => (await tasksOf(id)).length === 0)
    await press('lost')
    const lost = await eventually('another task', async () => (await tasksOf(id))[0])
    assert.equal(lost.kind, 'payment.dispute_lost')
    const { payments } = await shop.staffView(id)
    assert.equal(payments[0]?.flags.dispute, 'lost')
    await shop.clean()
  })
})
