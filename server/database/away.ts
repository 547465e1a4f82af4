import mongoose from 'mongoose'

/** Nobody could be asked for so long that whoever waits should hear of it. */
export class DatabaseAway extends Error {}

/** No primary, another primary, or one that is just stopping. */
const codes = new Set([6, 7, 89, 91, 189, 9001, 10_107, 11_600, 11_602, 13_435, 13_436])

/** Whether the database could not be reached, or was without a primary: the same again will do in a moment. */
export function isAway(error: unknown): boolean {
  const { mongo } = mongoose
  const kinds = [
    DatabaseAway,
    mongo.MongoNetworkError,
    mongo.MongoServerSelectionError,
    mongo.MongoNotConnectedError,
    mongo.MongoWriteConcernError,
  ]
  if (kinds.some((kind) => error instanceof kind)) return true
  // The driver wraps what kept many writes from being made at all.
  if (error instanceof mongo.MongoBulkWriteError && error.errorResponse instanceof Error) {
    return isAway(error.errorResponse)
  }
  return error instanceof mongo.MongoServerError && codes.has(Number(error.code))
}

/**
 * Writes many documents, and once more when the primary steps down meanwhile: the driver does that by itself only for
 * writes of one document. So it must be a write that may be done twice.
 */
export const writeMany = <T>(write: () => Promise<T>): Promise<T> =>
  write().catch((error: unknown) => {
    if (!isAway(error)) throw error
    return write()
  })
