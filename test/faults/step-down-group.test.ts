import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Inbox } from '../../models/broker.ts'
import { storeEvents } from '../../server/broker/index.ts'
import { isAway } from '../../server/database/index.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { expectPaidOnce, settle, someAttempts } from '../support/settling.ts'
import { type OwnMongod, startOwnMongod } from '../support/step-down.ts'
import { eventually } from '../support/story.ts'

const everything = process.env['FAULTS'] === 'all'

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

  for (const ms of everything ? [2, 5, 10, 20, 40, 80] : [10]) {
    it(`${ms} ms on: each is settled once, at the latest when it is told again`, async () => {
      const payments = await someAttempts(48)
      const tried = await mongod.during(() => Promise.allSettled(payments.map(settle)), ms)
      for (const one of tried) if (one.status === 'rejected') assert(isAway(one.reason), one.reason)
      await eventually('primary again', () => mongod.isPrimary(), 20_000)
      await Promise.all(payments.map(settle))
      for (const payment of payments) await expectPaidOnce(payment)
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
