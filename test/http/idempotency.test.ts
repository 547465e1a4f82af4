import assert from 'node:assert/strict'
import { IdempotencyRecords } from '../../models/broker.ts'
import { AppError, once, Reply } from '../../server/http/index.ts'
import { emptyDatabase } from '../support/server.ts'
import { eventually } from '../support/story.ts'

const failing = (error: Error) => () => Promise.reject(error)

describe('an Idempotency-Key', () => {
  beforeEach(emptyDatabase)
  const ask = { scope: 'order-1', key: 'k-1', request: { amount: 1 } }

  it('gets the first answer again, and the work is done once', async () => {
    let done = 0
    const work = async () => {
      done += 1
      return { number: done }
    }
    assert.deepEqual((await once(ask, work)) as Reply, new Reply(200, { number: 1 }))
    assert.deepEqual(await once(ask, work), new Reply(200, { number: 1 }))
    assert.equal(done, 1)
  })

  it('gets a refusal again too', async () => {
    const refused = await once(
      ask,
      failing(new AppError('card.declined', 'Use another card', { status: 402 })),
    )
    const again = await once(ask, async () => assert.fail('worked twice'))
    assert.equal((refused as Reply).status, 402)
    assert.equal(JSON.stringify(again), JSON.stringify(refused))
  })

  it('is refused for another request', async () => {
    await once(ask, async () => ({}))
    await assert.rejects(
      once({ ...ask, request: { amount: 2 } }, async () => ({})),
      (error: AppError) => error.status === 422,
    )
  })

  it('does the work once when it comes many times at once', async () => {
    let done = 0
    const work = async () => {
      done += 1
      return { number: done }
    }
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => once(ask, work)))
    const refused = results.filter((result) => result.status === 'rejected')
    assert.equal(done, 1)
    for (const { reason } of refused) assert.equal((reason as AppError).status, 409)
  })

  it('may be used again after a crash whose outcome nobody knows', async () => {
    await assert.rejects(once(ask, failing(new Error('connection reset'))))
    assert.deepEqual(await once(ask, async () => ({ second: true })), new Reply(200, { second: true }))
  })

  it('is freed when its process died in the middle', async () => {
    const now = Date.now()
    await once(ask, async () => ({}))
    await IdempotencyRecords.updateMany({}, { $set: { state: 'STARTED', expiresAt: new Date(now + 60_000) } })
    await assert.rejects(
      once(ask, async () => ({})),
      (error: AppError) => error.status === 409,
    )
    await IdempotencyRecords.updateMany({}, { $set: { expiresAt: new Date(now - 1) } })
    assert.deepEqual(await once(ask, async () => ({ again: true })), new Reply(200, { again: true }))
  })

  it('is held by the clock of the database, however wrong its own is', async () => {
    const { promise, resolve } = Promise.withResolvers<object>()
    const right = Date
    const behind = {
      construct: (_: unknown, given: unknown[]) =>
        Reflect.construct(right, given.length ? given : [right.now() - 600_000]) as Date,
    }
    globalThis.Date = new Proxy<DateConstructor>(right, behind)
    const first = once(ask, () => promise)
    await eventually('the key is taken', () => IdempotencyRecords.exists({}))
    globalThis.Date = right
    await assert.rejects(
      once(ask, async () => assert.fail('worked twice')),
      (error: AppError) => error.status === 409,
    )
    resolve({ first: true })
    assert.deepEqual(await first, new Reply(200, { first: true }))
  })

  it('of one order says nothing of another', async () => {
    await once(ask, async () => ({ order: 1 }))
    const other = await once({ ...ask, scope: 'order-2' }, async () => ({ order: 2 }))
    assert.deepEqual((other as Reply).body, { order: 2 })
  })
})
