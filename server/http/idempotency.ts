import { createHash } from 'node:crypto'
import { IdempotencyRecords } from '../../models/broker.ts'
import { inMs, isDuplicate, now } from '../database/index.ts'
import { AppError } from './errors.ts'
import { Reply } from './route.ts'

/** A request that has not answered after this long died with its process: its key may be used again. */
const LEASE = 60_000
const KEPT = 24 * 3600_000

export interface Repeatable {
  /** Whose key it is: an order's id, a staff member's. */
  scope: string
  /** The `Idempotency-Key` header; without one the work simply runs. */
  key: string | undefined
  /** What was asked: the same key with anything else is refused. */
  request: unknown
}

/**
 * Runs the work once for each key. The same key and request again gets the first answer again, errors included; a
 * different request under the same key is refused with 422, one still in progress with 409.
 *
 * An error that is not ours to explain (a crash, a time-out) forgets the key: its outcome is not known, and the
 * work itself must be safe to repeat.
 */
export async function once(repeatable: Repeatable, work: () => Promise<unknown>): Promise<unknown> {
  const { scope, key } = repeatable
  if (!key) return work()
  if (key.length > 200) {
    throw new AppError('idempotency.key', 'The Idempotency-Key is too long: use at most 200 characters.')
  }
  const requestHash = createHash('sha256').update(JSON.stringify(repeatable.request)).digest('hex')
  const stored = await claim(scope, key, requestHash)
  if (stored) return stored

  const answer = await work().catch(async (error: unknown) => {
    if (!(error instanceof AppError) || error.status >= 500) {
      await IdempotencyRecords.deleteOne({ scope, key, requestHash, state: 'STARTED' })
      throw error
    }
    return asReply(error)
  })
  const reply = answer instanceof Reply ? answer : new Reply(200, answer)
  await IdempotencyRecords.updateOne(
    { scope, key, requestHash },
    {
      $set: {
        state: 'DONE',
        status: reply.status,
        response: JSON.stringify(reply.body ?? null),
        expiresAt: inMs(KEPT),
      },
    },
  )
  return reply
}

/** Takes the key, or returns the answer that is stored under it. */
async function claim(scope: string, key: string, requestHash: string): Promise<Reply | null> {
  const at = now()
  const lease = new Date(at.getTime() + LEASE)
  try {
    await IdempotencyRecords.create({
      scope,
      key,
      requestHash,
      state: 'STARTED',
      expiresAt: lease,
      createdAt: at,
    })
    return null
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
  const found = await IdempotencyRecords.findOne({ scope, key }).lean()
  if (found && found.requestHash !== requestHash) {
    throw new AppError(
      'idempotency.reused',
      'This Idempotency-Key was used for another request: make a new one.',
      {
        status: 422,
      },
    )
  }
  if (found?.state === 'DONE') return new Reply(found.status ?? 200, JSON.parse(String(found.response)))
  const taken = await IdempotencyRecords.updateOne(
    { scope, key, requestHash, state: 'STARTED', expiresAt: { $lt: at } },
    { $set: { expiresAt: lease } },
  )
  if (taken.modifiedCount === 1) return null
  throw new AppError(
    'idempotency.in_progress',
    'The same request is still being worked on: ask again in a moment.',
    {
      status: 409,
      details: { retryAfter: 2 },
    },
  )
}

/** An error as the answer that it will be. */
export function asReply(error: AppError): Reply {
  const { code, message, details, reload } = error
  return new Reply(error.status, { error: { code, message, details, reload } })
}
