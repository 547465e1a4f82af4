import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { Payments } from '../../models/payment.ts'
import { StaffTasks } from '../../models/shop.ts'
import { type Product, Products } from '../../models/store.ts'
import { dayIn } from '../../models/zone.ts'
import { inMs, now } from '../../server/database/index.ts'
import type { DifferenceView, ReconciliationView } from '../../server/reconciliation/contract.ts'
import { press } from '../support/bank-sandbox.ts'
import { becomes, decide, paymentsOf, pollNow, toldOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs } from '../support/people.ts'
import { aProduct, type Buyer, eventually, type Story, startStory } from '../support/story.ts'

type ComparedDay = ReconciliationView & { differences: DifferenceView[] }

const minute = 60_000
const banks = [
  { gateway: 'halkbank', method: 'halkbank', refusal: /2 Declined by rule/ },
  {
    gateway: 'foreignAffairsBank',
    method: 'foreign_affairs_bank',
    refusal: /OPG-00006: The merchant cancelled the order/,
  },
] as const

/** A shop that sells in manat, and pays at banks which call nobody back. */
describe('a shop in Turkmenistan', function () {
  this.timeout(90_000)
  let shop: Story
  let product: Product
  before(async () => {
    shop = await startStory()
    await decide({ currency: 'TMT', logistics: false })
    product = await aProduct({ name: 'Halyja' })
    await Products.updateOne({ _id: product._id }, { $set: { 'prices.TMT': 30_050 } })
  })
  after(() => shop.close())
  afterEach(() => {
    shop.sandbox.faults.reset('halkbank')
    shop.sandbox.faults.reset('foreignAffairsBank')
  })

  async function aBuyer({ gateway, method }: (typeof banks)[number]): Promise<Buyer> {
    const { link } = await shop.order({ product })
    const buyer = await shop.open(link)
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway, method })
    return buyer
  }

  /** Confirms; where the bank's page is. */
  async function atTheBank(buyer: Buyer): Promise<string> {
    const next = await buyer.act('CONFIRM_PAYMENT_SELECTION')
    assert(next?.kind === 'popup', JSON.stringify(next))
    return next.url
  }

  it('offers the banks for manat, and what pays in baht not at all', async () => {
    const { link } = await shop.order({ product })
    const { methods } = (await shop.open(link)).order
    for (const bank of banks) assert.ok(methods.some(({ gateway }) => gateway === bank.gateway))
    assert.ok(!methods.some(({ method }) => method === 'promptpay'))
  })

  it('answers on the page that says what is ready', async () => {
    const admin = await loginAs(shop.url, 'admin')
    for (const { gateway } of banks) {
      const row = await expectStatus(
        200,
        admin.post<{ lastTest: { ok: boolean } }>(`/api/readiness/${gateway}/test`),
      )
      assert.equal(row.lastTest.ok, true, gateway)
    }
  })

  for (const bank of banks) {
    describe(`at ${bank.gateway}`, () => {
      it('is paid in the window, and the order is confirmed once', async () => {
        const buyer = await aBuyer(bank)
        const back = await press(await atTheBank(buyer), 'pay')
        assert.ok(back?.startsWith(`${shop.settings.publicUrl}/r/`))
        // The window has closed: the page asks once.
        await check(buyer)
        await becomes(buyer, 'CONFIRMED')
        const [payment, ...more] = await paymentsOf(buyer.order)
        assert.deepEqual([payment?.state, payment?.captured, more.length], ['CAPTURED', 30_050, 0])
        await shop.clean()
      })

      it('finds whoever closed the page, by asking the bank', async () => {
        const buyer = await aBuyer(bank)
        await press(await atTheBank(buyer), 'pay')
        await pollNow(buyer.order)
        await becomes(buyer, 'CONFIRMED')
        await shop.clean()
      })

      it('keeps the cart of a customer who left without paying, until the session is over', async () => {
        const buyer = await aBuyer(bank)
        const page = await atTheBank(buyer)
        assert.equal(await press(page, 'leave'), null)
        await check(buyer)
        assert.equal(buyer.order.state, 'AWAITING_PAYMENT')
        shop.sandbox.clock.advance(25 * minute)
        shop.sandbox.halkbank.sweep()
        shop.sandbox.clock.advance(-25 * minute)
        await change(buyer, { expiresAt: inMs(-10 * minute) })
        await becomes(buyer, 'DRAFT')
        assert.equal(buyer.order.lines.length, 1)
        await atTheBank(buyer)
      })

      it('takes another way to pay, and gives late money back', async () => {
        const buyer = await aBuyer(bank)
        const page = await atTheBank(buyer)
        await buyer.act('CANCEL_PAYMENT')
        assert.equal(buyer.order.state, 'DRAFT')
        const second = await atTheBank(buyer)
        await press(second, 'pay')
        await pollNow(buyer.order)
        await becomes(buyer, 'CONFIRMED')
        await press(page, 'pay')
        await pollNow(buyer.order)
        await eventually('the second payment is seen', async () =>
          (await paymentsOf(buyer.order)).some(({ flags }) => flags.duplicate),
        )
        assert.equal((await buyer.reload()).state, 'CONFIRMED')
      })

      it('charges nobody for an answer that was lost', async () => {
        const buyer = await aBuyer(bank)
        shop.sandbox.faults.set(bank.gateway, 'dropAfterCommit', 'register', 1)
        const next = await buyer.act('CONFIRM_PAYMENT_SELECTION')
        if (next?.kind === 'popup') await press(next.url, 'pay')
        else {
          // Nobody knows the address of the lost order: when it is given up, the next try is a new one.
          assert.equal(next?.kind, 'checking')
          assert.equal((await buyer.try('CANCEL_PAYMENT')).status, 409)
          await change(buyer, { createdAt: inMs(-5 * minute) })
          await becomes(buyer, 'DRAFT')
          await press(await atTheBank(buyer), 'pay')
        }
        await pollNow(buyer.order)
        await becomes(buyer, 'CONFIRMED')
        const captured = (await paymentsOf(buyer.order)).filter((payment) => payment.captured > 0)
        assert.equal(captured.length, 1)
        await shop.clean()
      })

      it('gives a part back, and then the rest', async () => {
        const buyer = await aBuyer(bank)
        await press(await atTheBank(buyer), 'pay')
        await pollNow(buyer.order)
        await becomes(buyer, 'CONFIRMED')
        await refund(buyer, 10_000, 'r1')
        shop.sandbox.faults.set(bank.gateway, 'dropAfterCommit', 'refunds', 1)
        await refund(buyer, 20_050, 'r2')
        await eventually(
          'both are done',
          async () => (await paymentsOf(buyer.order))[0]?.state === 'REFUNDED',
        )
        const given = [
          ...shop.sandbox.halkbank.orders(),
          ...shop.sandbox.foreignAffairsBank.orders(),
        ].flatMap(({ refunds }) => (refunds.length ? [refunds] : []))
        assert.deepEqual(given.at(bank.gateway === 'halkbank' ? 0 : -1), [10_000, 20_050])
        await shop.clean()
      })

      it('leaves a refund that the bank refuses to staff, who try again or give it back by hand', async () => {
        const buyer = await aBuyer(bank)
        await press(await atTheBank(buyer), 'pay')
        await pollNow(buyer.order)
        await becomes(buyer, 'CONFIRMED')
        const [{ _id } = { _id: null }] = await paymentsOf(buyer.order)
        const asked = () => StaffTasks.findOne({ kind: 'refund.failed', subject: String(_id), state: 'open' })
        const refunds = async () =>
          (await shop.staffView(buyer.order.id)).payments.flatMap((payment) =>
            payment.refunds.map(({ state, forStaff, error }) => ({ state, forStaff, error })),
          )

        shop.sandbox.faults.set(bank.gateway, 'refundsRefused', true, 2)
        await refund(buyer, 10_000, 'refused-1')
        assert.match(String((await asked())?.summary), bank.refusal)
        assert.deepEqual(
          (await refunds()).map(({ state, forStaff }) => [state, forStaff]),
          [['FAILED', true]],
        )
        assert.match(String((await refunds())[0]?.error), bank.refusal)
        assert.equal((await buyer.reload()).refunded, 0)
        await shop.idle()
        assert.ok(!(await toldOf(buyer.order)).includes('refunded'))

        await refund(buyer, 20_050, 'refused-2')
        await refund(buyer, 10_000, 'tried-again')
        assert.equal((await buyer.reload()).refunded, 10_000)
        assert.deepEqual(
          (await refunds()).map(({ state, forStaff }) => [state, forStaff]),
          [
            ['FAILED', false],
            ['FAILED', true],
            ['SUCCEEDED', false],
          ],
        )
        assert.ok(await asked(), 'the other one is still to be given back')
        const byHand = `/api/orders/${buyer.order.id}/refunds/refund-refused-2/settle`
        await expectStatus(200, shop.manager.post(byHand, { wasMade: true }))
        assert.equal((await buyer.reload()).refunded, 30_050)
        assert.equal(await asked(), null)
        await shop.clean()
      })

      it('is asked for each payment of a day, where it lists none', async () => {
        const [known, unheard] = [await aBuyer(bank), await aBuyer(bank)]
        for (const buyer of [known, unheard]) {
          const page = await atTheBank(buyer)
          if (buyer === unheard) await change(buyer, {}, null)
          await press(page, 'pay')
        }
        await pollNow(known.order)
        await becomes(known, 'CONFIRMED')
        const [copy] = await paymentsOf(known.order)
        assert(copy)
        const { requestKey: _, ...rest } = copy
        const lost = {
          ...rest,
          _id: new mongoose.Types.ObjectId(),
          attemptNo: 2,
          refs: [],
          key: bank.gateway.repeat(4),
        }
        await Payments.collection.insertOne(lost)

        const day = await compared(bank.gateway)
        assert.equal(day.state, 'DONE', String(day.error))
        const of = (buyer: Buyer) => day.differences.filter(({ orderId }) => orderId === buyer.order.id)
        assert.deepEqual(
          of(known).map(({ verdict }) => verdict),
          ['missing_there'],
        )
        assert.deepEqual(
          of(unheard).map(({ verdict, healed }) => [verdict, healed]),
          [['matched', true]],
        )
        await becomes(unheard, 'CONFIRMED')
        await Payments.deleteOne({ _id: lost._id })
      })

      it('asks staff about a payment that nobody can learn of, and lets them end it', async () => {
        const buyer = await aBuyer(bank)
        const page = await atTheBank(buyer)
        shop.sandbox.faults.set(bank.gateway, 'htmlErrorBefore', 'reads')
        const end = () =>
          shop.manager
            .post(`/api/orders/${buyer.order.id}/payments/${unknown?._id}/end`)
            .then(({ status }) => status)
        const [unknown] = await paymentsOf(buyer.order)
        assert.equal(await end(), 409)
        await change(buyer, { expiresAt: inMs(-31 * minute) })
        const task = { kind: 'payment.unknown', subject: String(unknown?._id) }
        await eventually('a task', () => StaffTasks.exists({ ...task, state: 'open' }))
        assert.equal((await shop.staffView(buyer.order.id)).payments[0]?.overdue, true)
        assert.equal(await end(), 200)
        assert.equal((await buyer.reload()).state, 'DRAFT')
        assert.ok(await StaffTasks.exists({ ...task, state: 'done' }))
        // What comes all the same is late money.
        shop.sandbox.faults.reset(bank.gateway)
        await press(page, 'pay')
        await pollNow(buyer.order)
        await becomes(buyer, 'CONFIRMED')
        await shop.clean()
      })

      it('never takes another amount for paid', async () => {
        const buyer = await aBuyer(bank)
        await press(await atTheBank(buyer), 'pay')
        shop.sandbox.faults.set(bank.gateway, 'amountOffBy', -1)
        await pollNow(buyer.order)
        await becomes(buyer, 'MANUAL_REVIEW')
      })
    })
  }

  it('hears of a declined card, and lets the customer try again', async () => {
    const buyer = await aBuyer(banks[0])
    await press(await atTheBank(buyer), 'decline')
    await check(buyer)
    await becomes(buyer, 'DRAFT')
    assert.equal(buyer.order.attempt?.failureCode, 'insufficient_fund')
    await press(await atTheBank(buyer), 'pay')
    await pollNow(buyer.order)
    await becomes(buyer, 'CONFIRMED')
  })

  /** Time passes for the open attempt, and it is looked at now. */
  const change = ({ order }: Buyer, set: object, checkAt: Date | null = now()) =>
    Payments.collection.updateMany(
      { order: new mongoose.Types.ObjectId(order.id), open: true },
      { $set: { ...set, checkAt } },
    )

  /** Today, compared from its beginning. */
  async function compared(gateway: string): Promise<ComparedDay> {
    const { gateways } = await expectStatus(
      200,
      shop.manager.get<{ gateways: { name: string; comparing: string }[] }>('/api/reconciliations'),
    )
    assert.equal(gateways.find(({ name }) => name === gateway)?.comparing, 'one_by_one')
    const day = dayIn('Asia/Bangkok', now())
    const wish = { gateway, day }
    const { id } = await expectStatus(
      200,
      shop.manager.post<ReconciliationView>('/api/reconciliations', wish),
    )
    return eventually(
      'compared',
      async () => {
        const found = await expectStatus(200, shop.manager.get<ComparedDay>(`/api/reconciliations/${id}`))
        return found.state === 'RUNNING' ? null : found
      },
      30_000,
    )
  }

  /** The page asks the bank, some seconds after it was opened. */
  async function check(buyer: Buyer): Promise<void> {
    await Payments.collection.updateMany(
      { order: new mongoose.Types.ObjectId(buyer.order.id) },
      { $set: { updatedAt: inMs(-3000) } },
    )
    await buyer.act('CHECK_PAYMENT')
  }

  async function refund(buyer: Buyer, amount: number, opId: string): Promise<void> {
    const [payment] = await paymentsOf(buyer.order)
    const path = `/api/orders/${buyer.order.id}/refunds`
    const wish = { paymentId: String(payment?._id), opId: `refund-${opId}`, amount, reason: 'came broken' }
    await expectStatus(200, shop.manager.post(path, wish))
  }
})
