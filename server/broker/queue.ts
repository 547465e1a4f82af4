import type { mongo, Types } from 'mongoose'
import { DeadLetters } from '../../models/broker.ts'
import { isDuplicate, now, writeMany } from '../database/index.ts'
import { raiseTask } from '../shop/index.ts'
import { together } from './together.ts'

/** What outbox and inbox have in common. */
interface Row {
  _id: Types.ObjectId
  key: string
  state: 'NEW' | 'DONE' | 'DEAD'
  tries: number
  availableAt: Date
  leaseUntil: Date | null
  lastError: string | null
}

interface Work<R extends Row> {
  name: 'outbox' | 'inbox'
  rows: unknown
  /** Handles one row; throws to be called again. */
  handle(row: R): Promise<void>
  /** Added to the row when it is done. */
  finished?(): Record<string, unknown>
  describe(row: R): string
  /** What given-up rows have in common, where one task for all of them will do; each has its own otherwise. */
  group?(row: R): string
}

const batch = 100
/** Short, for what a process held when it died waits so long; renewed while the work goes on. */
const leaseMs = 15_000
const renewMs = 5000
const pollMs = 1000
const mostTries = 12

/** 1 s, 2 s, 4 s … to 10 minutes. */
const backoff = (tries: number): number => Math.min(1000 * 2 ** (tries - 1), 600_000)

/**
 * Works through rows as they come: woken by `wake`, and by the clock in case nobody did. Rows of one key are
 * handled one after another, keys side by side. A row that was being handled when its process died is taken up again
 * when its lease ends.
 */
export function workThrough<R extends Row>(work: Work<R>) {
  const rows = work.rows as mongo.Collection<Row>
  /** The keys in hand: their next rows wait for them. */
  const busy = new Map<string, Promise<void>>()
  /** Rows of these keys were stored to be claimed: what is stored next must not come before them. */
  const waiting = new Set<string>()
  let running: Promise<void> | null = null
  let again = false
  let stopped = false

  const wake = () => {
    if (stopped) return
    if (running) {
      again = true
      return
    }
    running = drain()
      // The database is away: the clock will wake us.
      .catch(() => undefined)
      .finally(() => {
        running = null
        if (again) {
          again = false
          wake()
        }
      })
  }
  const timer = setInterval(wake, pollMs)

  async function drain(): Promise<void> {
    while (!stopped) {
      const claimed = await claim()
      if (!claimed.length) return forgetClaimed()
      for (const [key, list] of Map.groupBy(claimed, (row) => row.key)) {
        waiting.delete(key)
        // Reserved while we claimed what had failed before, or what another process has stored.
        const handling = handleKey(list, busy.get(key)).finally(() => {
          leave(key, handling)
          wake()
        })
        busy.set(key, handling)
      }
      if (busy.size >= batch) await Promise.race(busy.values())
    }
  }

  /** Nothing is due: what waited for no key in hand is another process's by now. */
  function forgetClaimed(): void {
    for (const key of waiting) if (!busy.has(key)) waiting.delete(key)
  }

  function leave(key: string, handling: Promise<void> | undefined): void {
    if (busy.get(key) === handling) busy.delete(key)
  }

  /** One key's rows, one after another, behind those in hand `before`. A slow one holds up nobody else's. */
  async function handleKey(list: R[], before?: Promise<void>): Promise<void> {
    const stopRenewing = keepLease(list)
    try {
      await before
      const done: Types.ObjectId[] = []
      await inOrder(list, done)
      if (done.length) await finish(done)
    } catch {
      // The database is away: the rows come again when their lease ends.
    } finally {
      stopRenewing()
    }
  }

  /** A gateway may take its time: while we wait for it, nobody else takes the rows for those of a dead process. */
  function keepLease(claimed: R[]): () => void {
    const held = {
      _id: { $in: claimed.map((row) => row._id) },
      state: 'NEW' as const,
      leaseUntil: { $ne: null },
    }
    const renew = () => {
      const until = newLease()
      // A lease that could not be renewed runs out: the rows are handled again, which their handlers bear.
      rows.updateMany(held, { $set: { availableAt: until, leaseUntil: until } }).catch(() => undefined)
    }
    const renewing = setInterval(renew, renewMs)
    return () => clearInterval(renewing)
  }

  /** Not a round number: whoever reads it back knows whether it is their own. */
  const newLease = () => new Date(now().getTime() + leaseMs + Math.floor(Math.random() * 1000))

  async function claim(): Promise<R[]> {
    const at = now()
    const free = await rows
      .find({
        state: 'NEW',
        availableAt: { $lte: at },
        ...(busy.size && { key: { $nin: [...busy.keys()] } }),
      })
      .sort({ availableAt: 1, _id: 1 })
      .limit(batch)
      .toArray()
    if (!free.length) return []
    // availableAt moves on to the end of the lease: the row is invisible until then, and to everybody else.
    const token = newLease()
    const ids = { $in: free.map((row) => row._id) }
    const { modifiedCount } = await writeMany(() =>
      rows.updateMany(
        { _id: ids, state: 'NEW', availableAt: { $lte: at } },
        { $set: { availableAt: token, leaseUntil: token } },
      ),
    )
    if (modifiedCount === free.length) return free as R[]
    // Another process was quicker with some of them, or we have asked twice.
    const ours = await rows.find({ _id: ids, leaseUntil: token }, { projection: { _id: 1 } }).toArray()
    const taken = new Set(ours.map((row) => String(row._id)))
    return free.filter((row) => taken.has(String(row._id))) as R[]
  }

  async function inOrder(list: R[], done: Types.ObjectId[]): Promise<void> {
    for (const row of list) {
      try {
        await work.handle(row)
        done.push(row._id)
      } catch (error) {
        await failed(row, error)
      }
    }
  }

  /** Those that end while others are being written down share the next write. */
  const finish = together(async (ids: Types.ObjectId[]) => {
    const done = { state: 'DONE' as const, leaseUntil: null, ...work.finished?.() }
    await writeMany(() => rows.updateMany({ _id: { $in: ids } }, { $set: done }))
  })

  async function failed(row: R, error: unknown): Promise<void> {
    const tries = row.tries + 1
    const lastError = error instanceof Error ? error.message.slice(0, 500) : String(error).slice(0, 500)
    if (tries >= mostTries) return bury(row, tries, lastError)
    await rows.updateOne(
      { _id: row._id },
      {
        $set: {
          tries,
          lastError,
          leaseUntil: null,
          availableAt: new Date(now().getTime() + backoff(tries)),
        },
      },
    )
  }

  /** Kept for people: nothing is lost, and nothing is tried for ever. */
  async function bury(row: R, tries: number, lastError: string): Promise<void> {
    const what = work.describe(row)
    try {
      await DeadLetters.create({ from: work.name, original: row._id, what, error: lastError, at: now() })
    } catch (error) {
      if (!isDuplicate(error)) throw error
    }
    await raiseTask({
      kind: 'dead_letter',
      subject: work.group?.(row) ?? String(row._id),
      summary: `${what} could not be handled: ${lastError}`,
    })
    await rows.updateOne({ _id: row._id }, { $set: { state: 'DEAD', tries, lastError, leaseUntil: null } })
  }

  return {
    wake,
    /**
     * Takes a key in hand before rows of it are stored, if nobody is at it: whoever stores them with this lease saves
     * the write that claims them. Null: store them without, and they come by themselves.
     */
    reserve(key: string): { until: Date; begin(list: R[]): void; give(): void } | null {
      if (stopped || busy.has(key) || waiting.has(key) || busy.size >= batch) {
        waiting.add(key)
        return null
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      busy.set(key, promise)
      const give = () => {
        leave(key, promise)
        resolve()
        if (waiting.has(key)) wake()
      }
      return { until: newLease(), begin: (list) => void handleKey(list).finally(give), give }
    },
    /** Stops taking new rows, and waits for those in hand. */
    async stop(): Promise<void> {
      stopped = true
      clearInterval(timer)
      await running
      await Promise.all(busy.values())
    },
    /** Resolves when nothing that is due is left: for tests. */
    async idle(): Promise<void> {
      const inHand = () => running ?? (busy.size ? Promise.race(busy.values()) : null)
      while (inHand()) await inHand()
      wake()
      while (inHand()) await inHand()
    },
  }
}
