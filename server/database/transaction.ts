import mongoose, { type ClientSession } from 'mongoose'
import { DatabaseAway, isAway } from './away.ts'

type Listener = () => void
const listeners: Listener[] = []

/** Calls back after a transaction that was committed here with rows at its end: what wakes the relay of the outbox. */
export const onCommit = (listener: Listener): void => void listeners.push(listener)

/** Longer than a set needs to choose a new primary; the driver would go on for two minutes. */
const patienceMs = 15_000

/**
 * Runs the work in one transaction, again from the start when MongoDB asks for it (a write conflict, a new
 * primary): so it may only touch the database, and only with the session it is given.
 */
export async function transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
  const inTime = whileThere()
  const { result, hasRows } = await mongoose.connection.getClient().withSession((session) =>
    session.withTransaction(() => inTime(() => workThenRows(work, session as ClientSession)), {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', j: true },
    }),
  )
  if (hasRows) for (const listener of listeners) listener()
  return result
}

/** Runs each try of one transaction; another one no more when there was no primary for too long. */
function whileThere(): <T>(attempt: () => Promise<T>) => Promise<T> {
  const began = performance.now()
  let away: unknown
  return async (attempt) => {
    if (away && performance.now() - began > patienceMs) {
      throw new DatabaseAway('the database has no primary', { cause: away })
    }
    away = undefined
    return attempt().catch((error: unknown) => {
      if (isAway(error)) away = error
      throw error
    })
  }
}

type Collection = mongoose.Collection
const rowsAtEnd = new WeakMap<ClientSession, Map<Collection, object[]>>()

async function workThenRows<T>(
  work: (session: ClientSession) => Promise<T>,
  session: ClientSession,
): Promise<{ result: T; hasRows: boolean }> {
  const rows = new Map<Collection, object[]>()
  rowsAtEnd.set(session, rows)
  const result = await work(session)
  for (const [collection, list] of rows) await collection.insertMany(list as never, { session })
  return { result, hasRows: rows.size > 0 }
}

/** Inserts a row at the end of the transaction, in one go with others that wait for it. */
export function insertAtEnd(session: ClientSession, collection: Collection, row: object): void {
  const rows = rowsAtEnd.get(session)
  if (!rows) throw new Error('a row waits for the end of a transaction that nobody has begun')
  rows.set(collection, [...(rows.get(collection) ?? []), row])
}

/** True for the error of a unique index: somebody else was first. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === 11000
