// Makes a mongod that has just been started the primary of a replica set of one.
import { existsSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Db, MongoClient, MongoServerError } from 'mongodb'

async function withAdmin<T>(port: number, work: (admin: Db) => Promise<T>): Promise<T> {
  // A client whose first connection failed stays closed for good (driver 7), so each try has its own.
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 2000,
  })
  try {
    return await work(client.db('admin'))
  } finally {
    await client.close()
  }
}

/** One step towards a primary that knows its own address; true when it is there. */
async function step(admin: Db, port: number): Promise<boolean> {
  const host = `127.0.0.1:${port}`
  const hello = await admin.command({ hello: 1 })
  if (hello['isWritablePrimary'] === true && hello['me'] === host) return true
  const current = await admin.command({ replSetGetConfig: 1 }).catch((error: unknown) => {
    if (error instanceof MongoServerError && error.codeName === 'NotYetInitialized') return null
    throw error
  })
  if (!current) {
    await admin.command({
      replSetInitiate: {
        _id: 'rs0',
        members: [{ _id: 0, host }],
        settings: { electionTimeoutMillis: 1000 },
      },
    })
  } else if (current['config'].members[0].host !== host) {
    // The files were last served on another port: the set must learn its new address.
    const config = current['config']
    config.members = [{ ...config.members[0], host }]
    config.version += 1
    await admin.command({ replSetReconfig: config, force: true })
  }
  return false
}

/** Whether anybody listens; far quicker to ask than a client that waits half a second before it tries again. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}

/** The address of a MongoDB of ours that runs on this folder already, for tools beside a running shop. */
export async function findRunning(dir: string): Promise<string | undefined> {
  const portFile = join(dir, 'port')
  if (!existsSync(portFile)) return undefined
  const port = Number(readFileSync(portFile, 'utf8'))
  if (!(await accepts(port))) return undefined
  const isPrimary = await withAdmin(port, (admin) => step(admin, port)).catch(() => false)
  return isPrimary ? addressOf(port) : undefined
}

/** How our own MongoDB on this port is reached. */
export const addressOf = (port: number): string =>
  `mongodb://127.0.0.1:${port}/?replicaSet=rs0&w=majority&readConcernLevel=majority&retryWrites=true`

/** Waits until the mongod on this port can be written to; gives up when `dead` says that it has ended. */
export async function makePrimary(port: number, dead: () => boolean): Promise<void> {
  const limit = Date.now() + 60_000
  let last: unknown
  while (Date.now() < limit && !dead() && !(await accepts(port))) await wait(20)
  while (Date.now() < limit && !dead()) {
    try {
      return await withAdmin(port, async (admin) => {
        while (!(await step(admin, port))) {
          if (Date.now() > limit) throw new Error('it had a minute')
          await wait(20)
        }
      })
    } catch (error) {
      // It drops its connections while it changes its role.
      last = error
      await wait(20)
    }
  }
  throw new Error('mongod did not become primary', { cause: last })
}
