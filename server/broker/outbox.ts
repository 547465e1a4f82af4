import mongoose, { type ClientSession } from 'mongoose'
import { Outbox, type OutboxRow } from '../../models/broker.ts'
import { insertAtEnd, now } from '../database/index.ts'
import { type EventPayload, type EventType, events } from './events.ts'
import { type Message, readersOf } from './readers.ts'

/**
 * Stores a message in the transaction of the state that causes it: both are there, or neither. `key` is what it is
 * about, an order's id as a rule. The relay delivers it after the commit.
 */
export async function publish<T extends EventType>(
  session: ClientSession,
  type: T,
  key: string,
  payload: EventPayload<T>,
): Promise<void> {
  const at = now()
  const row: OutboxRow = {
    _id: new mongoose.Types.ObjectId(),
    type,
    key,
    payload: events[type].parse(payload),
    state: 'NEW',
    done: [],
    tries: 0,
    availableAt: at,
    leaseUntil: null,
    lastError: null,
    createdAt: at,
    finishedAt: null,
  }
  insertAtEnd(session, Outbox.collection, row)
}

/**
 * Tells the readers in this process and stores nothing: for screens that refresh themselves, where a lost word costs
 * a second, not an order. Never throws.
 */
export function announce<T extends EventType>(type: T, payload: EventPayload<T>): void {
  const message: Message = { id: new mongoose.Types.ObjectId().toHexString(), at: now() }
  for (const reader of readersOf(type).values()) reader(payload as never, message).catch(() => undefined)
}
