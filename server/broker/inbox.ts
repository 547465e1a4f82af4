import mongoose from 'mongoose'
import { Inbox, type InboxEvent } from '../../models/broker.ts'
import { now } from '../database/index.ts'

export interface NewEvent {
  /** The platform's id of the event; unique for its source. */
  eventId: string
  /** Whom it is about: events of one key are handled one after another. */
  key: string
  payload: unknown
}

interface Waiting {
  rows: InboxEvent[]
  resolve: () => void
  reject: (error: unknown) => void
}

let waiting: Waiting[] = []
let writing = false

/** Whoever handles events in this process: woken after some were stored, and asked before for those of a key. */
export interface Handling {
  wake(): void
  reserve(key: string): Reserved | null
}
interface Reserved {
  until: Date
  begin(rows: InboxEvent[]): void
  give(): void
}
let handling: Handling | null = null
export const handleBy = (handler: Handling | null): void => {
  handling = handler
}

/**
 * Stores events durably, each once, and resolves when they are: only then may the platform get its 200. Calls that
 * come while a write is under way share the next one, so a flood costs few commits.
 */
export function storeEvents(source: string, events: NewEvent[]): Promise<void> {
  if (!events.length) return Promise.resolve()
  const at = now()
  const rows = events.map(
    ({ eventId, key, payload }): InboxEvent => ({
      _id: new mongoose.Types.ObjectId(),
      source,
      eventId,
      key,
      payload,
      state: 'NEW',
      tries: 0,
      availableAt: at,
      leaseUntil: null,
      lastError: null,
      receivedAt: at,
    }),
  )
  return new Promise((resolve, reject) => {
    waiting.push({ rows, resolve, reject })
    if (!writing) void write()
  })
}

async function write(): Promise<void> {
  writing = true
  while (waiting.length) {
    const callers = waiting
    waiting = []
    const rows = callers.flatMap((caller) => caller.rows)
    const reserved = reserve(rows)
    try {
      const again = await insert(rows)
      for (const caller of callers) caller.resolve()
      for (const [key, { begin, give }] of reserved) {
        const mine = rows.filter((row) => row.key === key && !again.has(row))
        if (mine.length) begin(mine)
        else give()
      }
      if (rows.some((row) => row.leaseUntil === null)) handling?.wake()
    } catch (error) {
      for (const { give } of reserved.values()) give()
      for (const caller of callers) caller.reject(error)
    }
  }
  writing = false
}

/** Stored in the hands of who handles them here, where nobody is at their key: one write less for each. */
function reserve(rows: InboxEvent[]): Map<string, Reserved> {
  const reserved = new Map<string, Reserved>()
  for (const row of rows) {
    const mine = reserved.get(row.key) ?? handling?.reserve(row.key)
    if (!mine) continue
    reserved.set(row.key, mine)
    row.availableAt = mine.until
    row.leaseUntil = mine.until
  }
  return reserved
}

/** Answers the rows that were stored before, by this delivery or an earlier one: the unique index is for that. */
async function insert(rows: InboxEvent[]): Promise<Set<InboxEvent>> {
  try {
    await Inbox.collection.insertMany(rows, { ordered: false })
    return new Set()
  } catch (error) {
    const isBulk = error instanceof mongoose.mongo.MongoBulkWriteError
    if (!isBulk || error.result.getWriteConcernError() !== undefined) throw error
    const failures = error.result.getWriteErrors()
    // Without any, nothing was written at all: the database could not be asked.
    if (!failures.length || failures.some((one) => one.code !== 11000)) throw error
    return new Set(failures.flatMap(({ index }) => rows[index] ?? []))
  }
}
