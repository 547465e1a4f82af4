import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Inbox, Outbox } from '../../models/broker.ts'
import { MoneyMovements } from '../../models/money-log.ts'
import { Orders } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { storeEvents } from '../../server/broker/index.ts'
import { isAway } from '../../server/database/index.ts'
import { applyFound } from '../../server/payment/apply.ts'
import type { Found } from '../../server/payment/gateway.ts'
import { anAttempt, anOrder } from '../support/bare-orders.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { type OwnMongod, startOwnMongod } from '../support/step-down.ts'
import { eventually } from '../support/story.ts'

const everything = process.env['FAULTS'] === 'all'
const price = 30_050
const captured: Found = {
  state: 'CAPTURED',
  money: { amount: price, currency: 'THB' },
  captured: price,
  refunded: 0,
  refunds: [],
  refs: [],
  said: 'captured',
}

describe('a primary that steps down while many payments are settled together', function () {
  this.timeout(120_000)
  let mongod: OwnMongod
  let shop: TestServer
  before(async () => {
    mongod = await startOwnMongod()
    // Nobody else touches what is written here.
    shop = await startServer({ env: { ROLES: 'web' } })
  })
  after(async () => {
    await shop?.close()
    await mongod?.close()
  })

  const settle = (payment: Payment) => applyFound(payment, captured, 'test')

  for (const ms of everything ? [2, 5, 10, 20, 40, 80] : [10]) {
    it(`${ms} ms on: each is settled once, at the latest when it is told again`, async () => {
      const payments = await Promise.all(
        Array.from({ length: 48 }, async () =>
          anAttempt(await anOrder({ amount: price, currency: 'THB' }), {
            gateway: 'omise',
            method: 'promptpay',
          }),
        ),
      )
      const tried = await mongod.during(() => Promise.allSettled(payments.map(settle)), ms)
      for (const one of tried) if (one.status === 'rejected') assert(isAway(one.reason), one.reason)
      await eventually('primary again', () => mongod.isPrimary(), 20_000)
      await Promise.all(payments.map(settle))
      for (const { _id, order } of payments) {
        const paid = await Orders.findById(order).lean()
        assert.equal(paid?.history.filter(({ to }) => to === 'PAID').length, 1)
        assert.equal((await Payments.findById(_id).lean())?.state, 'CAPTURED')
        assert.equal(await Outbox.countDocuments({ key: String(order), type: 'order.process' }), 1)
        assert.equal(await MoneyMovements.countDocuments({ payment: _id }), 1)
      }
    })
  }

  it('takes no event for stored that could not be, and tells that the database is away', async () => {
    const eventId = randomUUID()
    await mongod.stepDown(7)
    const stored = await storeEvents('payment:omise', [{ eventId, key: eventId, payload: {} }]).then(
      () => null,
      (error: unknown) => ({ error }),
    )
    assert(stored, 'it says that it was stored')
    assert(isAway(stored.error), String(stored.error))
    await eventually('primary again', () => mongod.isPrimary(), 20_000)
    assert.equal(await Inbox.countDocuments({ eventId }), 0)
  })
})
