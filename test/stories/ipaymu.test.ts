import assert from 'node:assert/strict'
import { Inbox } from '../../models/broker.ts'
import { StaffTasks } from '../../models/shop.ts'
import { becomes, endAttempt, endOrder, paymentsOf, pollNow, toldOf } from '../support/checkout.ts'
import { customersOf, startIpaymuShop } from '../support/ipaymu-shop.ts'
import { loginAs } from '../support/people.ts'
import { eventually, type Story } from '../support/story.ts'

describe('a payment with iPaymu', function () {
  this.timeout(60_000)
  let shop: Story
  const { knob, anOrder, page, send, press, transactionsOf, atIpaymu, callback, paid } = customersOf(
    () => shop,
  )
  before(async () => {
    shop = await startIpaymuShop()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  it('goes to the page of iPaymu and back, and the callback makes it paid, with one receipt', async () => {
    const buyer = await anOrder()
    const answer = await press(buyer)
    assert.equal(answer.status, 303)
    const url = answer.headers.get('location') ?? ''
    assert.match(url, /\/ipaymu\/pay\//)
    const [session] = shop.sandbox.ipaymu.sessions().slice(-1)
    assert.equal(session?.amount, 150_049)
    assert.equal(session.notifyUrl, `${shop.settings.publicUrl}/ipaymu/callback`)
    const back = new URL(await atIpaymu(url, 'pay', 'va bca'))
    assert.equal(back.searchParams.get('status'), 'berhasil')
    await shop.sandbox.ipaymu.settled()
    await becomes(buyer, 'CONFIRMED')
    const home = await page(buyer, back.pathname + back.search)
    assert.deepEqual([home.status, home.headers.get('location')], [303, `/my/orders/${buyer.order.id}`])
    const { text } = await page(buyer, `/my/orders/${buyer.order.id}`)
    assert.ok(text.includes('This order is paid') && text.includes('Confirmed'))
    await shop.clean()
    assert.deepEqual(await toldOf(buyer.order), ['receipt'])
    const [payment] = await paymentsOf(buyer.order)
    assert.deepEqual(payment?.flags, { settled: true, escrow: false })
  })

  it('hears a callback twenty times and of both forms, and pays once', async () => {
    knob('webhookCopies', 20)
    knob('webhookFormat', 'json')
    const buyer = await anOrder()
    await paid(buyer)
    await shop.sandbox.ipaymu.settled()
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
    assert.deepEqual(await toldOf(buyer.order), ['receipt'])
    const { history } = await shop.staffView(buyer.order.id)
    assert.equal(history.filter(({ to }) => to === 'PAID').length, 1)
  })

  it('answers every callback alike, and a forged one moves nothing', async () => {
    const buyer = await anOrder()
    const url = (await press(buyer)).headers.get('location') ?? ''
    await atIpaymu(url, 'choose', 'va bri')
    const [transaction] = await transactionsOf(buyer)
    const fields = {
      trx_id: transaction?.id ?? '',
      reference_id: transaction?.reference ?? '',
      status: 'berhasil',
    }
    const answer = await callback({ ...fields, sid: transaction?.session ?? '', status_code: '1' })
    assert.deepEqual([answer.status, answer.body], [200, { status: 'success' }])
    assert.deepEqual((await callback({})).body, { status: 'success' })
    await shop.idle()
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    await shop.clean()
  })

  it('keeps a callback of an unknown transaction, and tries it again', async () => {
    const answer = await callback({ trx_id: '424242', status: 'berhasil', status_code: '1' })
    assert.deepEqual([answer.status, answer.body], [200, { status: 'success' }])
    const kept = await eventually('tried once', () =>
      Inbox.findOne({ source: 'payment:ipaymu', key: '424242', tries: { $gte: 1 } }).lean(),
    )
    assert.ok(kept)
    await Inbox.deleteOne({ _id: kept._id })
  })

  it('finds a payment whose callback never came', async () => {
    knob('webhookTiming', 'never')
    const buyer = await anOrder()
    await paid(buyer)
    await pollNow(buyer.order)
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('takes money that came late for what it is', async () => {
    knob('webhookTiming', 'never')
    const buyer = await anOrder()
    const url = (await press(buyer)).headers.get('location') ?? ''
    await atIpaymu(url, 'choose', 'va bri')
    await endAttempt(buyer.order)
    await endOrder(buyer.order)
    shop.sandbox.ipaymu.advance(3 * 3600_000)
    shop.sandbox.ipaymu.advance(-3 * 3600_000)
    await pollNow(buyer.order)
    await eventually('over', async () => ['EXPIRED', 'DRAFT'].includes((await buyer.reload()).state))
    knob('webhookTiming', 'at_once')
    knob('acceptLatePayment', true, 1)
    const [transaction] = await transactionsOf(buyer)
    await shop.sandbox.ipaymu.pay(transaction?.id ?? '')
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('shows what is not settled yet, what is in escrow, and what was given back in the dashboard', async () => {
    for (const [as, flags] of [
      ['unsettled', { settled: false, escrow: false }],
      ['escrow', { settled: false, escrow: true }],
    ] as const) {
      knob('paidAs', as)
      const buyer = await anOrder()
      await paid(buyer)
      await becomes(buyer, 'CONFIRMED')
      assert.deepEqual((await paymentsOf(buyer.order))[0]?.flags, flags)
      const [transaction] = await transactionsOf(buyer)
      await shop.sandbox.ipaymu.refund(transaction?.id ?? '')
      await eventually('given back', async () => (await paymentsOf(buyer.order))[0]?.state === 'REFUNDED')
      await shop.clean()
      const { text } = await page(buyer, `/my/orders/${buyer.order.id}`)
      assert.ok(text.includes('Refunded'))
    }
  })

  it('asks staff to give money back in the dashboard, and sees that they did', async () => {
    const buyer = await anOrder()
    await paid(buyer)
    await becomes(buyer, 'CONFIRMED')
    const [payment] = await paymentsOf(buyer.order)
    const whole = {
      paymentId: String(payment?._id),
      amount: payment?.amount,
      reason: 'bruised',
      opId: 'refund-by-hand-1',
    }
    const asked = await shop.manager.post(`/api/orders/${buyer.order.id}/refunds`, whole)
    assert.equal(asked.status, 200, asked.text)
    assert.ok(await StaffTasks.exists({ kind: 'refund.by_hand', subject: whole.opId, state: 'open' }))
    knob('webhookTiming', 'never')
    const [transaction] = await transactionsOf(buyer)
    await shop.sandbox.ipaymu.refund(transaction?.id ?? '')
    await pollNow(buyer.order)
    await eventually('given back', async () => (await paymentsOf(buyer.order))[0]?.state === 'REFUNDED')
    const [{ operations = [], refunded = 0 } = {}] = await paymentsOf(buyer.order)
    assert.deepEqual(
      operations.map(({ opId, state }) => [opId, state]),
      [[whole.opId, 'SUCCEEDED']],
    )
    assert.equal(refunded, whole.amount)
    await eventually('done', () => StaffTasks.exists({ subject: whole.opId, state: 'done' }))
    await shop.clean()
  })

  it('lets managers test the connection, with the answer of iPaymu and what to do', async () => {
    const path = '/admin/settings/payment/test'
    const good = await send(shop.manager, path, { gateway: 'ipaymu' })
    assert.equal(good.status, 200)
    assert.ok(good.text.includes('balance Rp 51125') && good.text.includes('It works'))
    assert.ok(!good.text.includes('SANDBOX0123456789ABCDEF'))
    assert.match(good.text, /IPAYMU_API_KEY<\/dt><dd>SAND••••CDEF/)
    const cases: [string, string, RegExp, RegExp][] = [
      ['htmlErrorBefore', 'balance', /500/, /support/],
      ['rateLimited', 'balance', /429 Too Many Requests/, /does not take the request/],
      ['dropAfterCommit', 'balance', /did not answer/, /network/],
    ]
    for (const [name, value, said, advice] of cases) {
      knob(name, value, 1)
      const { text } = await send(shop.manager, path, { gateway: 'ipaymu' })
      assert.match(text, said)
      assert.match(/data-advice>([^<]*)/.exec(text)?.[1] ?? '', advice)
    }
    assert.equal((await page(shop.agent, path)).status, 403)
    const admin = await loginAs(shop.url, 'admin')
    assert.equal((await page(admin, path)).status, 200)
  })
})
