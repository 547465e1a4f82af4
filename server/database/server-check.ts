import type { Connection } from 'mongoose'

/** A database that cannot be used, in one sentence with what to do. */
export class DatabaseError extends Error {}

/** The oldest MongoDB that will do. */
export const OLDEST = 6

/** Refuses a server that is too old or that is no replica set. */
export async function checkServer(connection: Connection): Promise<void> {
  const admin = connection.getClient().db('admin')
  const { version } = await admin.command({ buildInfo: 1 })
  if (Number.parseInt(version, 10) < OLDEST) {
    throw new DatabaseError(
      `MONGODB_URI leads to MongoDB ${version}; Parley needs ${OLDEST} or later: upgrade it, or remove MONGODB_URI to use one of Parley's own.`,
    )
  }
  const hello = await admin.command({ hello: 1 })
  if (!hello['setName'] && hello['msg'] !== 'isdbgrid') {
    throw new DatabaseError(
      "MONGODB_URI leads to a MongoDB that is no replica set, and transactions and change streams need one: start it with --replSet rs0 and run rs.initiate() once, or remove MONGODB_URI to use one of Parley's own.",
    )
  }
}

/** Turns the driver's error into a sentence for whoever wrote MONGODB_URI. The address is shown without its password. */
export function explain(error: unknown, uri: string): unknown {
  if (error instanceof DatabaseError || !(error instanceof Error)) return error
  const shown = uri.replace(/\/\/[^@/]*@/, '//…@')
  if (/auth/i.test(error.message)) {
    return new DatabaseError(
      `MONGODB_URI leads to ${shown}, which refuses the user name or the password: correct them.`,
      { cause: error },
    )
  }
  return new DatabaseError(
    `MONGODB_URI leads to ${shown}, which cannot be reached (${error.message.split('\n')[0]}): start that MongoDB, correct the address, or remove MONGODB_URI to use one of Parley's own.`,
    { cause: error },
  )
}
