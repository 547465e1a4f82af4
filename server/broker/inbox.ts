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
let stored: () => void = () => undefined

/** Called after events were stored: what wakes their handling. */
export const onStored = (listener: () => void): void => {
  stored = listener
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
    try {
      await insert(callers.flatMap((caller) => caller.rows))
      for (const caller of callers) caller.resolve()
      stored()
    } catch (error) {
      for (const caller of callers) caller.reject(error)
    }
  }
  writing = false
}

async function insert(rows: InboxEvent[]): Promise<void> {
  try {
    await Inbox.collection.insertMany(rows, { ordered: false })
  } catch (error) {
    // Stored before, by this delivery or an earlier one: that is what the unique index is for.
    const duplicates =
      error instanceof mongoose.mongo.MongoBulkWriteError &&
      error.result.getWriteConcernError() === undefined &&
      error.result.getWriteErrors().every((one) => one.code === 11000)
    if (!duplicates) throw error
  }
}
