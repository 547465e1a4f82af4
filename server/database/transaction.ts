import mongoose, { type ClientSession } from 'mongoose'

/**
 * Runs the work in one transaction, again from the start when MongoDB asks for it (a write conflict, a new
 * primary): so it may only touch the database, and only with the session it is given.
 */
export function transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
  return mongoose.connection.getClient().withSession((session) =>
    session.withTransaction(() => work(session as ClientSession), {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', j: true },
    }),
  ) as Promise<T>
}

/** True for the error of a unique index: somebody else was first. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === 11000
