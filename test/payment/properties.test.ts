import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Outbox } from '../../models/broker.ts'
import { MoneyMovements } from '../../models/money-log.ts'
import { type Order, Orders } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { type PaymentState, paymentRank } from '../../models/states.ts'
import { applyFound } from '../../server/payment/apply.ts'
import { asAttempt } from '../../server/payment/attempts.ts'
import { type Attempt, type Found, Refused, Unanswered } from '../../server/payment/gateway.ts'
import * as registered from '../../server/payment/gateways/index.ts'
import { anAttempt, anOrder } from '../support/bare-orders.ts'
import type { Bench, GatewayDriver } from '../support/gateway-bench.ts'
import { startServer, type TestServer } from '../support/server.ts'

const everything = process.env['FAULTS'] === 'all'
const price = 30_050

/*
 * Whatever order a platform's answers arrive in, however often and however many at once, an attempt ends where the
 * rank rule says: the highest state that anybody told, amounts taken over and never added up.
 */
describe('the rank rule', function () {
  this.timeout(everything ? 600_000 : 60_000)
  let shop: TestServer
  before(async () => {
    // Nobody else touches what is written here.
    shop = await startServer({ env: { ROLES: 'web' } })
  })
  after(() => shop.close())

  /** Answers to two attempts at one order, of which the first was given up. */
  const twoAttempts = (method: string, check: (order: Order) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(told, told, fc.boolean(), async (early, late, atOnce) => {
        const order = await anOrder({ amount: price, currency: 'THB' })
        const way = { gateway: 'omise', method }
        const first = await anAttempt(order, way, { state: 'CANCELED', open: false })
        const second = await anAttempt(order, way, { attemptNo: 2 })
        const answers = [
          ...early.map((found): Answer => [first, found]),
          ...late.map((found): Answer => [second, found]),
        ].sort(([, one], [, other]) => one.turn - other.turn)
        await apply(answers, atOnce)
        await checkRule(first, early, 'CANCELED')
        await checkRule(second, late, 'CREATED')
        await check(order)
      }),
      { numRuns: everything ? 500 : 30 },
    )

  it('holds for every order of answers to two attempts at one order', () =>
    twoAttempts('promptpay', async (order) => {
      await checkBooks(order)
      await checkOrder(order)
    }))

  it('holds where money is held first and taken later', () => twoAttempts('card', checkBooks))

  for (const name of Object.keys(registered)) {
    it(`holds for whatever happens at the simulator of ${name}`, async () => {
      const { driver } = (await import(`../support/gateways/${name}.ts`)) as { driver: GatewayDriver }
      const benches = await driver.start()
      try {
        for (const bench of benches.slice(0, everything ? benches.length : 2)) {
          // Two simulators may give the same name to two payments.
          await Payments.deleteMany({})
          await fc.assert(
            fc.asyncProperty(acts, fc.boolean(), fc.integer(), async (happens, atOnce, shuffle) => {
              await live(name, bench, happens, atOnce, shuffle)
            }),
            { numRuns: everything ? 60 : 4, endOnFailure: true },
          )
        }
      } finally {
        for (const bench of benches) bench.close()
      }
    })
  }
})

type Told = Found & { turn: number }
type Answer = [Payment, Told]

/** What a platform may tell of one payment as it goes on: how far it goes, and what of it is heard, when. */
const told: fc.Arbitrary<Told[]> = fc
  .record({
    pending: fc.subarray<PaymentState>(['PENDING', 'UNKNOWN', 'PENDING', 'AUTHORIZED']),
    end: fc.option(fc.constantFrom<PaymentState>('FAILED', 'CANCELED', 'EXPIRED')),
    paid: fc.boolean(),
    refunds: fc.array(fc.integer({ min: 1, max: Math.floor(price / 3) }), { maxLength: 3 }),
    heard: fc.array(fc.record({ which: fc.nat(20), turn: fc.nat(1000) }), { maxLength: 8 }),
  })
  .map(({ pending, end, paid, refunds, heard }) => {
    const life = pending.map((state) => foundOf(state, 0, []))
    if (end) life.push(foundOf(end, 0, []))
    if (paid) {
      for (let count = 0; count <= refunds.length; count += 1) {
        life.push(foundOf('CAPTURED', price, refunds.slice(0, count)))
      }
    }
    return heard.flatMap(({ which, turn }) => {
      const found = life[which % Math.max(1, life.length)]
      return found ? { ...found, turn } : []
    })
  })

const foundOf = (state: PaymentState, captured: number, refunds: number[]): Found => ({
  state,
  money: { amount: price, currency: 'THB' },
  captured,
  refunded: refunds.reduce((sum, amount) => sum + amount, 0),
  refunds: refunds.map((amount, index) => ({
    ref: `rfnd_${index}`,
    opId: null,
    amount,
    state: 'SUCCEEDED' as const,
  })),
  refs: [],
  said: state.toLowerCase(),
})

/** One after another, as each was read when nothing else was known; or all at once. */
async function apply(answers: Answer[], atOnce: boolean): Promise<void> {
  const one = ([payment, found]: Answer) => applyFound(payment, found, 'property')
  if (atOnce) await Promise.all(answers.map(one))
  else for (const answer of answers) await one(answer)
}

async function checkRule({ _id }: Payment, heard: Found[], begun: PaymentState): Promise<void> {
  const payment = await Payments.collection.findOne<Payment>({ _id })
  assert(payment)
  const captured = Math.max(0, ...heard.map((found) => found.captured))
  const refunded = Math.max(0, ...heard.map((found) => found.refunded))
  assert.equal(payment.captured, captured)
  assert.equal(payment.refunded, refunded)
  assert(payment.refunded <= payment.captured)
  const claims = heard.map(({ state, captured }): PaymentState => {
    if (captured > 0) return 'CAPTURED'
    return state === 'MISSING' ? begun : state
  })
  const highest = Math.max(paymentRank[begun], ...claims.map((state) => paymentRank[state]))
  const wanted =
    refunded === 0 ? highest : refunded === captured ? paymentRank.REFUNDED : paymentRank.PARTIALLY_REFUNDED
  assert.equal(paymentRank[payment.state], wanted, `${payment.state} after ${claims.join()}`)
}

/** One payment pays an order, once; a second one is a duplicate. */
async function checkOrder({ _id }: Order): Promise<void> {
  const order = await Orders.collection.findOne<Order>({ _id })
  assert(order)
  const paid = await Payments.collection.find<Payment>({ order: _id, captured: { $gt: 0 } }).toArray()
  const duplicates = paid.filter(({ flags }) => flags.duplicate)
  assert.equal(duplicates.length, Math.max(0, paid.length - 1))
  assert.equal(order.history.filter(({ to }) => to === 'PAID').length, Math.min(1, paid.length))
  if (paid.length) assert.equal(order.state, 'PAID')
  else assert(order.state === 'AWAITING_PAYMENT' || order.state === 'DRAFT', order.state)
}

/** At most one attempt is open, the saga is asked for once, and every movement is in the log. */
async function checkBooks({ _id }: Order): Promise<void> {
  const order = await Orders.collection.findOne<Order>({ _id })
  const payments = await Payments.collection.find<Payment>({ order: _id }).toArray()
  assert(order)
  assert(payments.filter(({ open }) => open).length <= 1, 'two attempts are open')
  const times = order.history.filter(({ to }) => to === 'PAID').length
  assert(times <= 1, 'paid twice')
  assert.equal(await Outbox.countDocuments({ key: String(_id), type: 'order.process' }), times)
  assert.equal(
    order.refunded,
    payments.reduce((sum, { flags, refunded }) => sum + (flags.duplicate ? 0 : refunded), 0),
  )
  for (const payment of payments) {
    for (const kind of ['captured', 'refunded'] as const) {
      const rows = await MoneyMovements.find({ payment: payment._id, kind }).lean()
      assert.equal(
        rows.reduce((sum, { amount }) => sum + amount, 0),
        payment[kind],
      )
    }
  }
}

const actNames = ['pays', 'declines', 'cancels', 'runs out', 'pays late', 'refund', 'look'] as const
const acts = fc.array(
  fc.record({ act: fc.constantFrom(...actNames), share: fc.integer({ min: 1, max: 100 }) }),
  { maxLength: 6 },
)

/** Lives through a payment at a simulator, looks at it after every turn, and applies what was seen in any order. */
async function live(
  gateway: string,
  bench: Bench,
  happens: { act: (typeof actNames)[number]; share: number }[],
  atOnce: boolean,
  shuffle: number,
): Promise<void> {
  const order = await anOrder(bench.money)
  const payment = await anAttempt(order, { gateway, method: bench.method })
  const opened = await bench.gateway.open(asAttempt(payment), await bench.details())
  const attempt: Attempt = { ...asAttempt(payment), refs: opened.refs }
  const seen: Found[] = opened.found ? [opened.found] : []
  const look = async () => {
    const found = await bench.gateway.check(attempt)
    seen.push(found)
    return found
  }
  for (const [index, { act, share }] of happens.entries()) {
    const last = await look()
    const rest = last.captured - last.refunded
    const amount = bench.gateway.can.refund === 'whole' ? rest : Math.floor((rest * share) / 100)
    const refund = { opId: `${attempt.id}-${index}`, amount, reason: 'property' }
    const doing = {
      pays: () => bench.customer.pays(attempt),
      declines: () => bench.customer.declines?.(attempt),
      cancels: () => bench.customer.cancels?.(attempt),
      'runs out': () => bench.runsOut?.(attempt),
      'pays late': () => bench.customer.paysLate?.(attempt),
      refund: () => {
        if (amount <= 0 || bench.gateway.can.refund === 'none') return undefined
        attempt.refunds = [...(attempt.refunds ?? []), { opId: refund.opId, amount, state: 'SENT' }]
        return bench.gateway.refund(attempt, refund)
      },
      look: () => undefined,
    }
    // A platform refuses what makes no sense to it, as paying twice does: then nothing has happened.
    await Promise.resolve(doing[act]()).catch((error: unknown) => {
      if (error instanceof Unanswered || error instanceof Refused) return
      if (error instanceof assert.AssertionError) return
      assert(error instanceof Error, String(error))
    })
  }
  await look()
  bench.calm()
  const turns = seen.map((found, index): Told => ({ ...found, turn: (index * 7919 + shuffle) % 101 }))
  const inTurn = turns.toSorted((one, other) => one.turn - other.turn)
  await apply(
    inTurn.map((found): Answer => [payment, found]),
    atOnce,
  )
  await checkRule(payment, seen, 'CREATED')
  await checkBooks(order)
  await checkOrder(order)
}
