import assert from 'node:assert/strict'
import { AuditEntries, StaffTasks } from '../../models/shop.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import {
  becomes,
  chargesOf,
  decide,
  paid,
  payByCard,
  paymentsOf,
  pollNow,
  toldOf,
} from '../support/checkout.ts'
import { type Answer, expectStatus } from '../support/client.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { aProduct, type Buyer, eventually, type Story, startStory } from '../support/story.ts'

describe('a refund', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const confirmed = async () => {
    const buyer = await paid(shop)
    await becomes(buyer, 'CONFIRMED')
    await shop.idle()
    return buyer
  }
  const ask = async (
    buyer: Buyer,
    amount: number,
    opId: string,
    staff: StaffMember = shop.manager,
  ): Promise<Answer<StaffOrderView>> => {
    const [payment] = await paymentsOf(buyer.order)
    const body = { paymentId: String(payment?._id), amount, reason: 'bruised', opId: `refund-${opId}` }
    return staff.post<StaffOrderView>(`/api/orders/${buyer.order.id}/refunds`, body)
  }
  const atOmise = (buyer: Buyer) => chargesOf(shop, buyer.order)[0]
  const operations = async (buyer: Buyer) => (await paymentsOf(buyer.order))[0]?.operations ?? []

  it('of 60 %, asked for a hundred times at once, is made once', async () => {
    const buyer = await confirmed()
    const part = Math.floor(buyer.order.totals.total * 0.6)
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => ask(buyer, part, `op-${n}`)))
    const statuses = answers.map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 200).length, 1)
    assert.equal(statuses.filter((status) => status === 409).length, 99)
    assert.equal(atOmise(buyer)?.refunded_amount, part)
    assert.equal((await buyer.reload()).refunded, part)
    await shop.clean()
    assert.equal((await toldOf(buyer.order)).filter((one) => one === 'refunded').length, 1)
  })

  it('asked for twenty times under one id is one', async () => {
    const buyer = await confirmed()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(buyer, 5000, 'the-same')))
    for (const { status } of answers) assert.equal(status, 200)
    assert.equal((await ask(buyer, 6000, 'the-same')).status, 409)
    assert.equal(atOmise(buyer)?.refunded_amount, 5000)
    await shop.clean()
  })

  it('of nothing, of less than nothing, of more than came or of a fraction is refused', async () => {
    const buyer = await confirmed()
    for (const amount of [0, -1, 0.5, 1e308, buyer.order.totals.total + 1]) {
      const { status } = await ask(buyer, amount, `odd-${amount}`)
      assert(status === 400 || status === 409, `${amount}: ${status}`)
    }
    assert.equal((await ask(buyer, 100, 'agent', shop.agent)).status, 404)
    assert.equal(atOmise(buyer)?.refunds.total, 0)
    await shop.clean()
  })

  for (const fault of ['dropAfterCommit', 'htmlErrorAfterCommit']) {
    it(`whose answer is lost (${fault}) is looked up, and made once`, async () => {
      const buyer = await confirmed()
      shop.sandbox.faults.set('omise', fault, 'refunds', 1)
      await expectStatus(200, ask(buyer, 7000, `lost-${fault}`))
      await pollNow(buyer.order)
      await eventually('known', async () => (await buyer.reload()).refunded === 7000)
      assert.equal(atOmise(buyer)?.refunds.total, 1)
      await shop.clean()
    })
  }

  it('of which nobody knows stays unknown, counts as given, and is looked up until it is known', async () => {
    const buyer = await confirmed()
    shop.sandbox.faults.set('omise', 'webhookTiming', 'never')
    shop.sandbox.faults.set('omise', 'htmlErrorAfterCommit', 'any')
    await expectStatus(200, ask(buyer, 7000, 'unknown'))
    assert.notEqual((await operations(buyer))[0]?.state, 'FAILED')
    assert.equal((await buyer.reload()).refunded, 0)
    const rest = buyer.order.totals.total - 7000
    assert.equal((await ask(buyer, rest + 1, 'too-much')).status, 409)
    shop.sandbox.faults.reset()
    await pollNow(buyer.order)
    await eventually('known', async () => (await buyer.reload()).refunded === 7000)
    assert.equal((await operations(buyer))[0]?.state, 'SUCCEEDED')
    assert.equal(atOmise(buyer)?.refunds.total, 1)
    await shop.clean()
  })

  it('that never reached Omise is asked for again under its own id, once', async () => {
    const buyer = await confirmed()
    shop.sandbox.faults.set('omise', 'htmlErrorBefore', 'any')
    await expectStatus(200, ask(buyer, 7000, 'never-there'))
    assert.equal(atOmise(buyer)?.refunds.total, 0)
    shop.sandbox.faults.reset()
    await pollNow(buyer.order)
    await eventually('made', async () => (await buyer.reload()).refunded === 7000)
    await pollNow(buyer.order)
    await shop.clean()
    assert.equal(atOmise(buyer)?.refunds.total, 1)
  })

  it('made in the dashboard of Omise is seen, and told', async () => {
    const buyer = await confirmed()
    const response = await fetch(`${shop.sandbox.url}/charges/${atOmise(buyer)?.id}/refunds`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${shop.settings.gateways.omise?.secretKey}:`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ amount: 1000 }),
    })
    assert.equal(response.status, 200)
    await eventually('seen', async () => (await buyer.reload()).refunded === 1000)
    await shop.clean()
  })

  describe('above the limit', () => {
    let second: StaffMember
    before(async () => {
      second = await loginAs(shop.url, 'manager', 'Dao Manager')
      await decide({ 'limits.refundAlone': 1000 })
    })
    after(() => decide({ 'limits.refundAlone': 500_000 }))

    it('waits for a second manager, who must be another', async () => {
      const buyer = await confirmed()
      await expectStatus(200, ask(buyer, 2000, 'large'))
      assert.equal(atOmise(buyer)?.refunds.total, 0)
      assert.equal(await StaffTasks.countDocuments({ kind: 'refund.approve', state: 'open' }), 1)
      const approve = (staff: StaffMember) =>
        staff.post(`/api/orders/${buyer.order.id}/refunds/refund-large/approve`).then(({ status }) => status)
      assert.equal(await approve(shop.manager), 403)
      assert.equal(await approve(shop.agent), 404)
      assert.equal(atOmise(buyer)?.refunds.total, 0)
      assert.deepEqual([...new Set(await Promise.all([1, 2, 3].map(() => approve(second))))], [200])
      assert.equal(atOmise(buyer)?.refunded_amount, 2000)
      assert.equal(atOmise(buyer)?.refunds.total, 1)
      assert.equal(await StaffTasks.countDocuments({ kind: 'refund.approve', state: 'open' }), 0)
      assert.equal((await buyer.reload()).refunded, 2000)
      await shop.clean()
    })

    it('waits however small it is when it is in other money than the shop’s', async () => {
      const buyer = await confirmed()
      await decide({ currency: 'JPY' })
      try {
        await expectStatus(200, ask(buyer, 100, 'other-money'))
      } finally {
        await decide({ currency: 'THB' })
      }
      assert.equal(atOmise(buyer)?.refunds.total, 0)
      assert.equal(await StaffTasks.countDocuments({ kind: 'refund.approve', state: 'open' }), 1)
      const opId = 'refund-other-money'
      await expectStatus(200, second.post(`/api/orders/${buyer.order.id}/refunds/${opId}/approve`))
      assert.equal(atOmise(buyer)?.refunded_amount, 100)
      await shop.clean()
    })

    it('is not sent when the second person declines, and its money is free for another', async () => {
      const buyer = await confirmed()
      const { total } = buyer.order.totals
      const decline = (opId: string, staff: StaffMember) =>
        staff.post(`/api/orders/${buyer.order.id}/refunds/${opId}/decline`).then(({ status }) => status)
      for (const [opId, who] of [
        ['declined', second],
        ['taken-back', shop.manager],
      ] as const) {
        await expectStatus(200, ask(buyer, total, opId))
        assert.equal(await decline(`refund-${opId}`, shop.agent), 404)
        assert.equal(await decline(`refund-${opId}`, who), 200)
        assert.equal(await decline(`refund-${opId}`, who), 409)
      }
      const approved = await second.post(`/api/orders/${buyer.order.id}/refunds/refund-declined/approve`)
      assert.equal(approved.status, 409)
      assert.equal(await StaffTasks.countDocuments({ kind: 'refund.approve', state: 'open' }), 0)
      assert.equal(atOmise(buyer)?.refunds.total, 0)
      const [payment] = (await shop.staffView(buyer.order.id)).payments
      assert.deepEqual(
        payment?.refunds.map(({ state, declinedBy }) => [state, declinedBy !== null]),
        [
          ['FAILED', true],
          ['FAILED', true],
        ],
      )
      assert.ok(await AuditEntries.exists({ action: 'order.refund.decline', subject: buyer.order.regNo }))
      await expectStatus(200, ask(buyer, 500, 'less'))
      assert.equal(atOmise(buyer)?.refunded_amount, 500)
      await shop.clean()
    })

    it('counts as given while it waits', async () => {
      const buyer = await confirmed()
      const { total } = buyer.order.totals
      await expectStatus(200, ask(buyer, total, 'all-of-it'))
      assert.equal((await ask(buyer, 500, 'and-more')).status, 409)
      await shop.clean()
    })

    it('cannot be cut into pieces to get round the second person', async () => {
      const buyer = await confirmed()
      await expectStatus(200, ask(buyer, 900, 'piece-1'))
      await expectStatus(200, ask(buyer, 900, 'piece-2'))
      assert.equal(atOmise(buyer)?.refunded_amount, 900)
      await shop.clean()
    })

    it('cannot be cut into pieces that are sent all at once', async () => {
      const buyer = await confirmed()
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(buyer, 300, `at-once-${n}`)))
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
      assert.equal(atOmise(buyer)?.refunded_amount, 900)
      const waiting = (await operations(buyer)).filter(({ state }) => state === 'REQUESTED')
      assert.equal(waiting.length, 17)
      assert.equal(await StaffTasks.countDocuments({ kind: 'refund.approve', subject: /at-once/ }), 17)
      await shop.clean()
    })

    it('cannot be cut into pieces of two payments, sent all at once', async () => {
      const buyer = await shop.buyer('promptpay', { product: await aProduct({ available: 5 }) })
      await buyer.act('CONFIRM_PAYMENT_SELECTION')
      const first = await shop.chargeOf(buyer.order.id)
      await buyer.act('CANCEL_PAYMENT')
      await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'card' })
      await payByCard(shop, buyer)
      shop.sandbox.faults.set('omise', 'acceptLatePayment', true)
      await shop.mark(first, 'mark_as_paid')
      await pollNow(buyer.order)
      await eventually('paid twice', async () =>
        (await paymentsOf(buyer.order)).every(({ captured }) => captured > 0),
      )
      await becomes(buyer, 'CONFIRMED')
      const payments = await paymentsOf(buyer.order)
      assert.equal(payments.length, 2)
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          shop.manager.post(`/api/orders/${buyer.order.id}/refunds`, {
            paymentId: String(payments[n % 2]?._id),
            amount: 300,
            reason: 'bruised',
            opId: `refund-of-two-${n}`,
          }),
        ),
      )
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
      const back = chargesOf(shop, buyer.order).map(({ refunded_amount }) => refunded_amount)
      assert.equal(
        back.reduce((sum, amount) => sum + amount, 0),
        900,
        back.join(' + '),
      )
      await shop.clean()
    })
  })
})
