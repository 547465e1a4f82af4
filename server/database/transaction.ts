import mongoose, { type ClientSession } from 'mongoose'
import { DatabaseAway, isAway } from './away.ts'

type Listener = () => void
const listeners: Listener[] = []

/** Calls back after a transaction that was committed here with writes at its end: what wakes the relay of the outbox. */
export const onCommit = (listener: Listener): void => void listeners.push(listener)

/** Longer than a set needs to choose a new primary; the driver would go on for two minutes. */
const patienceMs = 15_000

/**
 * Runs the work in one transaction, again from the start when MongoDB asks for it (a write conflict, a new
 * primary): so it may only touch the database, and only with the session it is given. After so many `tries` that were
 * lost to others who write to the same it throws: what a killed process has left is locked for more than a minute.
 */
export async function transaction<T>(
  work: (session: ClientSession) => Promise<T>,
  { tries = Number.POSITIVE_INFINITY }: { tries?: number } = {},
): Promise<T> {
  const inTime = whileThere(tries)
  const { result, wroteAtEnd } = await mongoose.connection.getClient().withSession((session) =>
    session.withTransaction(() => inTime(() => workThenEnd(work, session as ClientSession)), {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', j: true },
    }),
  )
  if (wroteAtEnd) for (const listener of listeners) listener()
  return result
}

/** Runs each try of one transaction; another one no more when there was no primary for too long, or too many failed. */
function whileThere(tries: number): <T>(attempt: () => Promise<T>) => Promise<T> {
  const began = performance.now()
  let away: unknown
  let failed = 0
  return async (attempt) => {
    if (away && performance.now() - began > patienceMs) {
      throw new DatabaseAway('the database has no primary', { cause: away })
    }
    if (failed >= tries) throw new Error('others are writing to the same')
    away = undefined
    return attempt().catch((error: unknown) => {
      if (isAway(error)) away = error
      else failed += 1
      throw error
    })
  }
}

type Ending<T> = (session: ClientSession, items: T[]) => Promise<void>
const endings = new WeakMap<ClientSession, Map<Ending<unknown>, unknown[]>>()

async function workThenEnd<T>(
  work: (session: ClientSession) => Promise<T>,
  session: ClientSession,
): Promise<{ result: T; wroteAtEnd: boolean }> {
  const gathered = new Map<Ending<unknown>, unknown[]>()
  endings.set(session, gathered)
  const result = await work(session)
  const wroteAtEnd = gathered.size > 0
  while (gathered.size) {
    const [...now] = gathered
    gathered.clear()
    for (const [ending, items] of now) await ending(session, items)
  }
  return { result, wroteAtEnd }
}

/** Has a transaction end with `ending`, once for all the items that were gathered for it meanwhile. */
export function atEnd<T>(session: ClientSession, ending: Ending<T>, item: T): void {
  const gathered = endings.get(session)
  if (!gathered) throw new Error('something waits for the end of a transaction that nobody has begun')
  const same = ending as Ending<unknown>
  gathered.set(same, [...(gathered.get(same) ?? []), item])
}

type Collection = mongoose.Collection
const inserts = new WeakMap<Collection, Ending<object>>()

/** Inserts a row at the end of the transaction, in one go with others that wait for it. */
export function insertAtEnd(session: ClientSession, collection: Collection, row: object): void {
  let insert = inserts.get(collection)
  if (!insert) {
    insert = async (session, rows) => void (await collection.insertMany(rows as never, { session }))
    inserts.set(collection, insert)
  }
  atEnd(session, insert, row)
}

/** True for the error of a unique index: somebody else was first. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === 11000
