import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { Payments } from '../../models/payment.ts'
import { type Reconciliation, ReconciliationRows, Reconciliations } from '../../models/reconciliation.ts'
import { StaffTasks } from '../../models/shop.ts'
import { dayIn } from '../../models/zone.ts'
import { now } from '../../server/database/index.ts'
import type { Listed } from '../../server/payment/gateway.ts'
import type {
  DifferenceView,
  MovementView,
  ReconciliationView,
} from '../../server/reconciliation/contract.ts'
import { begin } from '../../server/reconciliation/days.ts'
import { type Lister, work } from '../../server/reconciliation/run.ts'
import { becomes, chargesOf, paid, payByCard, paymentsOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { aProduct, eventually, type Story, startStory } from '../support/story.ts'

type Day = ReconciliationView & { differences: DifferenceView[]; more: boolean }

describe('a day beside what the gateway lists', () => {
  let shop: Story
  let today: string
  before(async () => {
    shop = await startStory()
    today = dayIn('Asia/Bangkok', now())
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const atOmise = (path: string, body: object) =>
    fetch(`${shop.sandbox.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${shop.settings.gateways.omise?.secretKey}:`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    }).then(async (response) => (await response.json()) as { id: string })
  const confirmed = async () => {
    const buyer = await paid(shop)
    await becomes(buyer, 'CONFIRMED')
    return buyer
  }
  const compare = async (): Promise<Day> => {
    const { id } = await expectStatus(
      200,
      shop.manager.post<ReconciliationView>('/api/reconciliations', { gateway: 'omise', day: today }),
    )
    return eventually(
      'compared',
      async () => {
        const day = await expectStatus(200, shop.manager.get<Day>(`/api/reconciliations/${id}`))
        return day.state === 'RUNNING' ? null : day
      },
      20_000,
    )
  }

  it('tells what is missing on either side, what differs, and heals what was not heard of', async () => {
    const [same, returned, wrong] = [await confirmed(), await confirmed(), await confirmed()]
    await shop.idle()
    const declined = await shop.buyer('card', { product: await aProduct() })
    await assert.rejects(payByCard(shop, declined, '4111111111140011'))
    // Given back in the dashboard, and no webhook came.
    shop.sandbox.faults.set('omise', 'webhookTiming', 'never')
    await atOmise(`/charges/${chargesOf(shop, returned.order)[0]?.id}/refunds`, { amount: 700 })
    const foreign = await atOmise('/charges', { amount: 5000, currency: 'THB', card: await shop.cardToken() })
    await Payments.updateOne({ order: wrong.order.id }, { $inc: { captured: 100 } })
    const [copy] = await paymentsOf(same.order)
    assert(copy)
    const lost = { ...copy, _id: new mongoose.Types.ObjectId(), attemptNo: 2, refs: [], key: 'x'.repeat(32) }
    const { requestKey: _, ...rest } = lost
    await Payments.collection.insertOne(rest)

    const day = await compare()
    assert.equal(day.state, 'DONE')
    assert.deepEqual(day.counts, { matched: 2, missing_here: 1, missing_there: 1, amount: 1, refunded: 0 })
    const found = (verdict: string) => day.differences.filter((row) => row.verdict === verdict)
    assert.equal(found('missing_here')[0]?.ref, foreign.id)
    assert.equal(found('missing_there')[0]?.orderId, same.order.id)
    assert.equal(found('amount')[0]?.orderRegNo, wrong.order.regNo)
    const [healed] = found('matched')
    assert(healed?.healed)
    assert.equal(healed.ours?.refunded, 700)
    assert.equal((await returned.reload()).refunded, 700)
    const [sums] = day.sums
    assert.equal(sums?.currency, 'THB')
    assert.equal((sums?.theirs.captured ?? 0) - 5000 + 100, (sums?.ours.captured ?? 0) - copy.captured)
    assert.equal(await StaffTasks.countDocuments({ kind: 'reconciliation.differs', state: 'open' }), 1)

    const csv = await shop.manager.get(`/api/reconciliations/${day.id}/csv`)
    assert.equal(csv.status, 200)
    assert.equal(csv.text.trim().split('\r\n').length, 6)
    assert.match(csv.text, new RegExp(`missing_here,,,${foreign.id}`))
    const price = returned.order.totals.total / 100
    const inRow = [price, price, 7, price - 7].map((sum) => sum.toFixed(2)).join(',')
    assert.match(csv.text, new RegExp(`THB,${inRow},.*,${inRow},PARTIALLY_REFUNDED,yes`), 'gross and net')
    assert.equal((await shop.agent.get(`/api/reconciliations/${day.id}`)).status, 404)

    await Payments.deleteOne({ _id: lost._id })
    await Payments.updateOne({ order: wrong.order.id }, { $inc: { captured: -100 } })
    const { days } = await expectStatus(
      200,
      shop.manager.get<{ days: ReconciliationView[] }>('/api/reconciliations'),
    )
    assert.deepEqual(
      days.map(({ gateway, day }) => `${gateway} ${day}`),
      [`omise ${today}`],
    )
    await shop.clean()
  })

  it('compared again is compared from its beginning', async () => {
    const day = await compare()
    assert.deepEqual(day.counts, { matched: 3, missing_here: 1, missing_there: 0, amount: 0, refunded: 0 })
  })

  it('waits for a gateway that does not answer, and is done when it does', async () => {
    shop.sandbox.faults.set('omise', 'htmlErrorAfterCommit', 'reads')
    const { id } = await expectStatus(
      200,
      shop.manager.post<ReconciliationView>('/api/reconciliations', { gateway: 'omise', day: today }),
    )
    await eventually('put off', async () => (await Reconciliations.findById(id).lean())?.error, 20_000)
    shop.sandbox.faults.reset()
    await Reconciliations.updateOne({ _id: id }, { $set: { wakeAt: now() } })
    await eventually(
      'done',
      async () => (await Reconciliations.findById(id).lean())?.state === 'DONE',
      20_000,
    )
  })

  it('goes on where a killed process has stopped', async () => {
    // A gateway of which the sweeps of the shop know nothing.
    await begin('another', '2026-01-15', 'test')
    const asked: string[] = []
    const upTo = (hours: number): Lister =>
      async function* ({ from }): AsyncGenerator<Listed> {
        if (asked.length === hours) throw new Error('killed')
        asked.push(from.toISOString())
        yield listedAt(from, 'early')
        yield listedAt(from, 'late')
      }
    const run = () => Reconciliations.findOne({ gateway: 'another' }).lean<Reconciliation>()
    const first = await run()
    assert(first)
    await assert.rejects(work(first, upTo(10)), /killed/)
    const killed = await run()
    assert.equal(killed?.state, 'RUNNING')
    // While its lease lasts, nobody else works on it.
    assert(killed)
    assert.equal(await work(killed, upTo(99)), false)
    await Reconciliations.updateOne({ _id: first._id }, { $set: { wakeAt: now() } })
    assert.equal(await work((await run()) ?? killed, upTo(99)), true)
    assert.equal(new Set(asked).size, asked.length, 'an hour was listed twice')
    assert.equal(asked.length, 24)
    const done = await run()
    assert.equal(done?.state, 'DONE')
    assert.equal(done?.counts.missing_here, 48)
    assert.equal(await ReconciliationRows.countDocuments({ run: first._id }), 48)
  })

  it('is no day that has not come, and no gateway that lists nothing', async () => {
    const ask = (body: object) => shop.manager.post('/api/reconciliations', body).then(({ status }) => status)
    assert.equal(await ask({ gateway: 'omise', day: '2999-01-01' }), 400)
    assert.equal(await ask({ gateway: 'nobody', day: today }), 400)
    assert.equal(await ask({ gateway: 'omise', day: 'yesterday' }), 400)
  })

  it('has a log of all money that moved, with who moved it', async () => {
    const buyer = await confirmed()
    await expectStatus(
      200,
      shop.manager.post(`/api/orders/${buyer.order.id}/refunds`, {
        paymentId: String((await paymentsOf(buyer.order))[0]?._id),
        amount: 1250,
        reason: 'bruised',
        opId: 'log-1-refund',
      }),
    )
    await shop.idle()
    const span = `from=${today}&to=${today}`
    const { movements } = await expectStatus(
      200,
      shop.manager.get<{ movements: MovementView[] }>(`/api/money?${span}`),
    )
    const mine = movements.filter(({ orderRegNo }) => orderRegNo === buyer.order.regNo)
    assert.deepEqual(
      mine.map(({ kind, amount, by }) => [kind, amount, by]),
      [
        ['refunded', 1250, 'Ploy Manager'],
        ['captured', buyer.order.totals.total, 'customer'],
      ],
    )
    assert.equal(mine[1]?.ref, chargesOf(shop, buyer.order)[0]?.id)
    const csv = await shop.manager.get(`/api/money/csv?${span}`)
    assert.match(csv.text, new RegExp(`refunded,${buyer.order.regNo},1,omise,card,-12.50,THB,rfnd_`))
    assert.equal((await shop.agent.get(`/api/money?${span}`)).status, 403)
    const other = await expectStatus(
      200,
      shop.manager.get<{ movements: [] }>('/api/money?from=2020-01-01&to=2020-01-31'),
    )
    assert.deepEqual(other.movements, [])
    await shop.clean()
  })
})

const listedAt = (at: Date, name: string): Listed => ({
  ref: { kind: 'charge', value: `chrg_${name}_${at.getTime()}` },
  attemptId: null,
  money: { amount: 100, currency: 'THB' },
  captured: 100,
  refunded: 0,
  said: 'successful',
  at,
})
