import assert from 'node:assert/strict'
import sharp from 'sharp'
import { Sagas } from '../../models/saga.ts'
import { AuditEntries, StaffTasks } from '../../models/shop.ts'
import { type Product, Products } from '../../models/store.ts'
import { inMs } from '../../server/database/index.ts'
import { press } from '../support/bank-sandbox.ts'
import { becomes, decide, paymentsOf, pollNow, toldOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import type { StaffMember } from '../support/people.ts'
import { aProduct, type Buyer, eventually, type Story, startStory } from '../support/story.ts'

const bank = 'foreignAffairsBank'

/** Nobody can learn from this bank what became of a refund whose answer was lost. */
describe('a refund that only a person can bring to its end', function () {
  this.timeout(60_000)
  let shop: Story
  let product: Product
  before(async () => {
    shop = await startStory()
    await decide({ currency: 'TMT', logistics: false })
    product = await aProduct({ available: 50 })
    await Products.updateOne({ _id: product._id }, { $set: { 'prices.TMT': 30_050 } })
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset(bank))

  async function confirmed(): Promise<Buyer> {
    const { link } = await shop.order({ product })
    const buyer = await shop.open(link)
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway: bank, method: 'foreign_affairs_bank' })
    const next = await buyer.act('CONFIRM_PAYMENT_SELECTION')
    assert(next?.kind === 'popup')
    await press(next.url, 'pay')
    await pollNow(buyer.order)
    await becomes(buyer, 'CONFIRMED')
    await shop.idle()
    return buyer
  }
  const losesItsAnswer = (fault: string) => {
    shop.sandbox.faults.set(bank, 'refundsUntold', true)
    shop.sandbox.faults.set(bank, fault, 'refunds', 1)
  }
  async function refund(buyer: Buyer, amount: number, opId: string): Promise<void> {
    const [payment] = await paymentsOf(buyer.order)
    const wish = { paymentId: String(payment?._id), amount, reason: 'bruised', opId }
    await expectStatus(200, shop.manager.post(`/api/orders/${buyer.order.id}/refunds`, wish))
  }
  const asked = (opId: string) => StaffTasks.findOne({ kind: 'refund.unknown', subject: opId, state: 'open' })
  const isAsked = async (buyer: Buyer, opId: string) => {
    await pollNow(buyer.order)
    await eventually('staff are asked', () => asked(opId))
  }
  const settle = (buyer: Buyer, opId: string, wasMade: boolean, staff: StaffMember = shop.manager) =>
    staff.post<{ error: { code: string } }>(
      `/api/orders/${buyer.order.id}/refunds/${encodeURIComponent(opId)}/settle`,
      { wasMade },
    )
  const atTheBank = (buyer: Buyer) =>
    paymentsOf(buyer.order).then(
      ([payment]) =>
        shop.sandbox.foreignAffairsBank
          .orders()
          .find(({ merchantOrderId }) => merchantOrderId === String(payment?._id))?.refunds,
    )
  const states = async (buyer: Buyer) =>
    (await paymentsOf(buyer.order)).flatMap(({ operations }) => operations.map(({ state }) => state))

  it('stays unknown, is asked for once, and is done when staff have seen it at the bank', async () => {
    const buyer = await confirmed()
    losesItsAnswer('dropAfterCommit')
    await refund(buyer, 10_000, 'in-doubt-1')
    await isAsked(buyer, 'in-doubt-1')
    assert.deepEqual(await states(buyer), ['UNKNOWN'])
    assert.deepEqual(await atTheBank(buyer), [10_000])
    assert.match(String((await asked('in-doubt-1'))?.summary), /100\.00 TMT/)
    const { payments } = await shop.staffView(buyer.order.id)
    assert.equal(payments[0]?.refunds[0]?.forStaff, true)

    assert.equal((await settle(buyer, 'in-doubt-1', true, shop.agent)).status, 404)
    await expectStatus(200, settle(buyer, 'in-doubt-1', true))
    assert.equal((await buyer.reload()).refunded, 10_000)
    assert.equal(await asked('in-doubt-1'), null)
    assert.ok(await AuditEntries.exists({ action: 'order.refund.settle', subject: buyer.order.regNo }))
    await expectStatus(200, settle(buyer, 'in-doubt-1', true))
    assert.equal((await settle(buyer, 'in-doubt-1', false)).status, 409)
    await shop.clean()
    assert.equal((await toldOf(buyer.order)).filter((one) => one === 'refunded').length, 1)
    assert.deepEqual(await atTheBank(buyer), [10_000])
  })

  it('ends when staff have seen that it never arrived, and another one can be asked for', async () => {
    const buyer = await confirmed()
    losesItsAnswer('htmlErrorBefore')
    await refund(buyer, 30_050, 'in-doubt-2')
    await isAsked(buyer, 'in-doubt-2')
    const answers = await Promise.all([1, 2, 3].map(() => settle(buyer, 'in-doubt-2', false)))
    assert.ok(answers.some(({ status }) => status === 200))
    assert.deepEqual(await states(buyer), ['FAILED'])
    await refund(buyer, 30_050, 'in-doubt-3')
    assert.equal((await buyer.reload()).refunded, 30_050)
    assert.deepEqual(await atTheBank(buyer), [30_050])
    // What failed cannot be called made any more: there is nothing left that it could have given back.
    assert.equal((await settle(buyer, 'in-doubt-2', true)).status, 409)
    await shop.clean()
  })

  it('is settled without a person as soon as the bank tells how much went back', async () => {
    const buyer = await confirmed()
    losesItsAnswer('dropAfterCommit')
    await refund(buyer, 10_000, 'in-doubt-4')
    await isAsked(buyer, 'in-doubt-4')
    shop.sandbox.faults.reset(bank)
    await pollNow(buyer.order)
    await eventually('known', async () => (await buyer.reload()).refunded === 10_000)
    assert.equal(await asked('in-doubt-4'), null)
    await shop.clean()
  })

  for (const wasMade of [true, false]) {
    it(`of a cancelled order waits for the staff, who say that it was ${wasMade ? '' : 'not '}made`, async () => {
      const buyer = await confirmed()
      losesItsAnswer(wasMade ? 'dropAfterCommit' : 'htmlErrorBefore')
      const { id, version } = await shop.staffView(buyer.order.id)
      await expectStatus(200, shop.manager.post(`/api/orders/${id}/cancel`, { version, reason: 'sold out' }))
      const opId = await eventually('sent', async () => {
        const [payment] = await paymentsOf(buyer.order)
        return payment?.operations.find(({ state }) => state === 'UNKNOWN')?.opId
      })
      await isAsked(buyer, opId)
      assert.equal((await buyer.reload()).state, 'COMPENSATING')
      await expectStatus(200, settle(buyer, opId, wasMade))
      await eventually('the end', async () => {
        await Sagas.updateOne({ order: id, wakeAt: { $ne: null } }, { $set: { wakeAt: inMs(0) } })
        return (await buyer.reload()).state === 'CANCELED'
      })
      assert.equal(buyer.order.refunded, buyer.order.totals.total)
      assert.deepEqual(await atTheBank(buyer), [30_050])
      await shop.clean()
    })
  }
})

describe('a refund of a gateway that makes none', () => {
  let shop: Story
  before(async () => {
    shop = await startStory({ PROMPTPAY_ID: '0801234567' })
  })
  after(() => shop.close())

  it('is made by hand, and the order is undone when staff have said so', async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'promptpay', method: 'promptpay_slip' })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const [payment] = await paymentsOf(buyer.order)
    await sendSlip(buyer)
    const { slips } = await expectStatus(
      200,
      shop.manager.get<{ slips: { id: string }[] }>(`/api/payments/${payment?._id}/slips`),
    )
    const seen = { amount: buyer.order.totals.total, bankReference: 'REF 4711' }
    await expectStatus(200, shop.manager.post(`/api/slips/${slips[0]?.id}/confirm`, seen))
    await becomes(buyer, 'CONFIRMED')
    await shop.idle()

    const { id, version } = await shop.staffView(buyer.order.id)
    await expectStatus(200, shop.manager.post(`/api/orders/${id}/cancel`, { version, reason: 'sold out' }))
    const task = await eventually('a task', () =>
      StaffTasks.findOne({ kind: 'refund.by_hand', order: buyer.order.id, state: 'open' }).lean(),
    )
    const path = `/api/orders/${id}/refunds/${encodeURIComponent(task.subject)}/settle`
    await expectStatus(200, shop.manager.post(path, { wasMade: true }))
    await eventually('the end', async () => {
      await Sagas.updateOne({ order: id, wakeAt: { $ne: null } }, { $set: { wakeAt: inMs(0) } })
      return (await buyer.reload()).state === 'CANCELED'
    })
    assert.equal(buyer.order.refunded, buyer.order.totals.total)
    assert.equal(await StaffTasks.countDocuments({ kind: 'refund.by_hand', state: 'open' }), 0)
    await shop.clean()
  })

  async function sendSlip(buyer: Buyer): Promise<void> {
    const bytes = await sharp({ create: { width: 300, height: 500, channels: 3, background: '#cde' } })
      .png()
      .toBuffer()
    const { status } = await buyer.send('POST', `/api/payments/${buyer.order.id}/slip`, {
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(bytes),
    })
    assert.equal(status, 200)
  }
})
