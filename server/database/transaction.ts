import mongoose, { type ClientSession } from 'mongoose'

type Listener = () => void
const listeners: Listener[] = []

/** Calls back after every transaction that was committed here: what wakes the relay of the outbox. */
export const onCommit = (listener: Listener): void => void listeners.push(listener)

/**
 * Runs the work in one transaction, again from the start when MongoDB asks for it (a write conflict, a new
 * primary): so it may only touch the database, and only with the session it is given.
 */
export async function transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
  const result = await mongoose.connection.getClient().withSession((session) =>
    session.withTransaction(() => work(session as ClientSession), {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', j: true },
    }),
  )
  for (const listener of listeners) listener()
  return result as T
}

/** True for the error of a unique index: somebody else was first. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === 11000
