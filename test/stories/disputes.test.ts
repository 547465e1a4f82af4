import assert from 'node:assert/strict'
import { StaffTasks } from '../../models/shop.ts'
import { becomes, chargesOf, decide, paid, payByCard, paymentsOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs } from '../support/people.ts'
import { aProduct, eventually, type Story, startStory } from '../support/story.ts'

describe('a payment that its cardholder disputes', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  const tasksOf = (orderId: string) => StaffTasks.find({ order: orderId, state: 'open' }).lean()

  const bankSays = async (orderId: string, action: string) =>
    fetch(`${shop.sandbox.url}/__sim/charges/${await shop.chargeOf(orderId)}/${action}`, { method: 'POST' })
  const isDisputed = (orderId: string) =>
    eventually('the dispute is known', async () =>
      (await tasksOf(orderId)).find(({ kind }) => kind === 'payment.dispute'),
    )
  const isDecided = (orderId: string) =>
    eventually('the dispute is decided', async () =>
      (await shop.staffView(orderId)).payments.some(({ flags }) => flags.dispute === 'won'),
    )

  it('is a task to answer, and another when the shop has lost', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    await payByCard(shop, buyer)
    await becomes(buyer, 'CONFIRMED')
    const { id, regNo } = buyer.order
    const press = (action: string) => bankSays(id, action)

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

  it('gives nothing back that waited for a second person, until it is won', async () => {
    const second = await loginAs(shop.url, 'manager', 'Dao Manager')
    await decide({ 'limits.refundAlone': 1000 })
    const buyer = await paid(shop)
    await becomes(buyer, 'CONFIRMED')
    const { id } = buyer.order
    const [payment] = await paymentsOf(buyer.order)
    const opId = 'op-of-two'
    const wish = { paymentId: String(payment?._id), amount: 5000, reason: 'bruised', opId }
    await expectStatus(200, shop.manager.post(`/api/orders/${id}/refunds`, wish))
    await bankSays(id, 'dispute')
    await isDisputed(id)

    const approve = () =>
      second.post<{ error: { code: string } }>(`/api/orders/${id}/refunds/${opId}/approve`)
    assert.equal((await expectStatus(409, approve())).error.code, 'refund.disputed')
    const [operation] = (await paymentsOf(buyer.order))[0]?.operations ?? []
    assert.deepEqual([operation?.state, operation?.approvedBy], ['REQUESTED', null])
    assert.ok(await StaffTasks.exists({ kind: 'refund.approve', subject: opId, state: 'open' }))
    assert.equal(chargesOf(shop, buyer.order)[0]?.refunds.total, 0)

    await bankSays(id, 'won')
    await isDecided(id)
    await expectStatus(200, approve())
    assert.equal((await buyer.reload()).refunded, 5000)
    await shop.clean()
  })

  it('leaves an order that is undone to a person, and gives its money back when it is won', async () => {
    const buyer = await paid(shop)
    await becomes(buyer, 'CONFIRMED')
    const { id } = buyer.order
    await bankSays(id, 'dispute')
    await isDisputed(id)
    const decision = async (path: string, wish: object) => {
      const { version } = await shop.staffView(id)
      await expectStatus(200, shop.manager.post(`/api/orders/${id}/${path}`, { version, ...wish }))
    }
    await decision('cancel', { reason: 'the customer asks' })
    await becomes(buyer, 'MANUAL_REVIEW')
    assert.ok((await tasksOf(id)).some(({ kind }) => kind === 'order.review'))
    assert.equal(chargesOf(shop, buyer.order)[0]?.refunds.total, 0)
    assert.deepEqual((await paymentsOf(buyer.order))[0]?.operations, [])

    await bankSays(id, 'won')
    await isDecided(id)
    await decision('review', { reason: 'the bank decided for us', decision: 'refund' })
    await becomes(buyer, 'CANCELED')
    assert.equal(chargesOf(shop, buyer.order)[0]?.refunds.total, 1)
    assert.equal((await buyer.reload()).refunded, buyer.order.totals.total)
    await shop.clean()
  })
})
