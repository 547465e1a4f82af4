import assert from 'node:assert/strict'
import sharp from 'sharp'
import { Payments } from '../../models/payment.ts'
import { StaffTasks } from '../../models/shop.ts'
import { inMs } from '../../server/database/index.ts'
import { becomes, chargesOf, payByCard, paymentsOf, pollNow } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { aProduct, type Buyer, eventually } from '../support/story.ts'

const keys = ['OMISE_PUBLIC_KEY', 'OMISE_SECRET_KEY', 'PROMPTPAY_ID']

interface Row {
  id: string
  state: string
}

/** The keys are taken out of the settings and the program starts again, while customers are paying. */
describe('a gateway that is switched off while money is under way', function () {
  this.timeout(60_000)
  let shop: OtherProcess
  let admin: StaffMember
  let waiting: Buyer
  let left: Buyer
  let held: Buyer
  let refunded: Buyer
  let bought: Buyer
  let slip: Buyer
  const kept: Record<string, string> = {}

  before(async () => {
    shop = await startElsewhere({ PROMPTPAY_ID: '0801234567' })
    admin = await loginAs(shop.url, 'admin')
    ;[waiting, left] = [await scanning(), await scanning()]
    slip = await withSlip()
    ;[refunded, bought] = [await confirmed(), await confirmed()]
    shop.sandbox.faults.set('omise', 'htmlErrorBefore', 'refunds')
    await refund(refunded, 5000, 'under-way')
    held = await withHeldMoney()
    await restart(() => {
      for (const key of keys) {
        kept[key] = shop.env[key] ?? ''
        delete shop.env[key]
      }
    })
    shop.sandbox.faults.reset()
  })
  after(() => shop.close())

  async function restart(change: () => void): Promise<void> {
    await shop.idle()
    await shop.kill()
    change()
    await shop.restart()
  }
  async function scanning(): Promise<Buyer> {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    assert.equal((await buyer.act('CONFIRM_PAYMENT_SELECTION'))?.kind, 'qr')
    return buyer
  }
  async function withSlip(): Promise<Buyer> {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'promptpay', method: 'promptpay_slip' })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const picture = sharp({ create: { width: 30, height: 60, channels: 3, background: '#fff' } })
    const body = new Uint8Array(await picture.png().toBuffer())
    const headers = { 'content-type': 'image/png' }
    await expectStatus(200, buyer.send('POST', `/api/payments/${buyer.order.id}/slip`, { headers, body }))
    return buyer
  }
  async function confirmed(): Promise<Buyer> {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    await payByCard(shop, buyer)
    await becomes(buyer, 'CONFIRMED')
    return buyer
  }
  async function withHeldMoney(): Promise<Buyer> {
    const { version } = await expectStatus(200, admin.get<{ version: number }>('/api/shop'))
    await expectStatus(200, admin.put('/api/shop', { version, captureLater: true }))
    shop.sandbox.faults.set('omise', 'htmlErrorBefore', 'captures')
    const buyer = await shop.buyer('card', { product: await aProduct() })
    await payByCard(shop, buyer)
    await eventually('the capture is asked for', async () =>
      (await paymentsOf(buyer.order))[0]?.operations.some(({ state }) => state === 'UNKNOWN'),
    )
    return buyer
  }
  async function refund(buyer: Buyer, amount: number, opId: string): Promise<void> {
    const [payment] = await paymentsOf(buyer.order)
    const wish = { paymentId: String(payment?._id), amount, reason: 'bruised', opId }
    await expectStatus(200, shop.manager.post(`/api/orders/${buyer.order.id}/refunds`, wish))
  }
  const settle = (buyer: Buyer, opId: string, wasMade: boolean) =>
    expectStatus(200, shop.manager.post(`/api/orders/${buyer.order.id}/refunds/${opId}/settle`, { wasMade }))
  /** Staff say that nothing came, half an hour after the attempt's end. */
  async function nothingCame(buyer: Buyer): Promise<void> {
    await Payments.updateMany({ order: buyer.order.id }, { $set: { expiresAt: inMs(-61 * 60_000) } })
    const [payment] = await paymentsOf(buyer.order)
    const path = `/api/orders/${buyer.order.id}/payments/${payment?._id}/end`
    await expectStatus(200, shop.manager.post(path))
  }
  const asked = (words: RegExp) =>
    eventually(`the task says ${words}`, async () => {
      const open = await StaffTasks.find({ kind: 'gateway.off', state: 'open' }).lean()
      assert.ok(open.length <= 1)
      return open.find(({ summary }) => words.test(summary))
    })
  const row = async (id: string): Promise<Row | undefined> =>
    (await expectStatus(200, admin.get<Row[]>('/api/readiness'))).find((one) => one.id === id)
  const totalOf = (...buyers: Buyer[]) =>
    (buyers.reduce((sum, { order }) => sum + order.totals.total, 0) / 100).toFixed(2)

  it('is one task that says how much of it is left, and in which orders', async () => {
    const task = await asked(/3 attempts/)
    assert.equal(task.subject, 'omise')
    const words = `3 attempts (${totalOf(waiting, left, held)} THB) and 1 refund (50.00 THB)`
    assert.ok(task.summary.includes(words), task.summary)
    for (const { order } of [waiting, left, held, refunded]) assert.ok(task.summary.includes(order.regNo))
    assert.ok(!task.summary.includes(bought.order.regNo))
    assert.equal(await StaffTasks.countDocuments({ kind: 'payment.unknown' }), 0)
  })

  it('is red on the page that says what is ready', async () => {
    const red = await row('omise')
    assert.equal(red?.state, 'attention')
    assert.match(JSON.stringify(red), /OMISE_SECRET_KEY/)
    assert.equal((await row('promptpay'))?.state, 'off')
  })

  it('is told in its orders, and in no other', async () => {
    const off = async ({ order }: Buyer) => (await shop.staffView(order.id)).payments.map((one) => one.off)
    for (const buyer of [waiting, left, held, refunded]) assert.deepEqual(await off(buyer), [true])
    for (const buyer of [bought, slip]) assert.deepEqual(await off(buyer), [false])
  })

  it('asks nobody to pay there, and breaks no page of the customer', async () => {
    const { attempt, state } = await waiting.reload()
    assert.deepEqual([state, attempt?.next], ['AWAITING_PAYMENT', { kind: 'checking' }])
    await Payments.updateMany({ order: waiting.order.id }, { $set: { updatedAt: inMs(-3000) } })
    await waiting.act('CHECK_PAYMENT')
    assert.equal((await waiting.try('CANCEL_PAYMENT')).body.error.code, 'payment.checking')
    const [payment] = await paymentsOf(waiting.order)
    for (const path of ['/my/orders', `/my/orders/${waiting.order.id}`, `/r/${payment?.key}`]) {
      assert.equal((await waiting.get(path)).status, 200, path)
    }
    const result = await shop.browser().post(`/api/results/${payment?.key}/check`, {})
    assert.equal(result.status, 200)
    const { methods } = (await shop.open((await shop.order({ product: await aProduct() })).link)).order
    assert.ok(!methods.some(({ gateway }) => gateway === 'omise' || gateway === 'promptpay'))
  })

  it('takes no webhook, and lets staff cancel nothing that may be paid', async () => {
    const hook = await fetch(`${shop.url}/webhooks/payments/omise`, { method: 'POST', body: '{}' })
    assert.equal(hook.status, 404)
    const { version } = await shop.staffView(waiting.order.id)
    const path = `/api/orders/${waiting.order.id}/cancel`
    assert.equal((await shop.manager.post(path, { version, reason: 'no stock' })).status, 409)
  })

  it('leaves a refund to a person', async () => {
    await refund(bought, 3000, 'while-off')
    const task = await StaffTasks.findOne({ kind: 'refund.by_hand', subject: 'while-off', state: 'open' })
    assert.match(String(task?.summary), /omise is switched off here/)
    assert.equal((await bought.reload()).refunded, 0)
    await refund(bought, 1000, 'left-open')
    await asked(/ 1 refund \(50\.00 THB\)/)
  })

  it('lets staff settle all of it by hand', async () => {
    await settle(refunded, 'under-way', false)
    await settle(bought, 'while-off', true)
    assert.equal((await bought.reload()).refunded, 3000)
    await nothingCame(left)
    assert.equal((await left.reload()).state, 'DRAFT')
    await nothingCame(held)
    await becomes(held, 'CANCELED')
    const { summary } = await asked(/1 attempt \(/)
    assert.ok(summary.includes(waiting.order.regNo) && !summary.includes('refund ('), summary)
  })

  it('still takes a slip that waited, for staff alone decide about it', async () => {
    const [payment] = await paymentsOf(slip.order)
    const { slips } = await expectStatus(
      200,
      shop.manager.get<{ slips: { id: string }[] }>(`/api/payments/${payment?._id}/slips`),
    )
    const seen = { amount: slip.order.totals.total, bankReference: 'REF 1' }
    await expectStatus(200, shop.manager.post(`/api/slips/${slips[0]?.id}/confirm`, seen))
    await becomes(slip, 'CONFIRMED')
  })

  it('finds who paid meanwhile when its keys are back, and the task is done', async () => {
    const [payment] = await paymentsOf(waiting.order)
    const charge = payment?.refs.find(({ kind }) => kind === 'charge')?.value ?? ''
    await shop.mark(charge, 'mark_as_paid')
    await restart(() => Object.assign(shop.env, kept))
    await pollNow(waiting.order)
    await becomes(waiting, 'CONFIRMED')
    await eventually(
      'the task is done',
      async () => !(await StaffTasks.exists({ kind: 'gateway.off', state: 'open' })),
    )
    assert.equal((await row('omise'))?.state, 'ready')
    assert.deepEqual(
      (await shop.staffView(waiting.order.id)).payments.map(({ off }) => off),
      [false],
    )
  })

  it('does not send by itself what a person was asked to give back', async () => {
    await eventually('it was looked at', async () => (await paymentsOf(bought.order))[0]?.checkAt === null)
    const [payment] = await paymentsOf(bought.order)
    const refunds = payment?.operations.flatMap(({ kind, opId, state }) =>
      kind === 'refund' ? [`${opId} ${state}`] : [],
    )
    assert.deepEqual(refunds, ['while-off SUCCEEDED', 'left-open REQUESTED'])
    assert.equal(chargesOf(shop, bought.order)[0]?.refunded_amount, 0)
    await settle(bought, 'left-open', false)
    await refund(bought, 1000, 'asked-again')
    await eventually('it is back', async () => (await bought.reload()).refunded === 4000)
    await shop.clean()
    assert.ok(!/A sweep failed|"level":50/.test(shop.printed()), shop.printed())
  })
})
