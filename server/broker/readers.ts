import type { EventPayload, EventType } from './events.ts'

export interface Message {
  /** Unique and stable: what makes a second delivery recognisable. */
  id: string
  at: Date
}
type Reader = (payload: never, message: Message) => Promise<void>

const readers = new Map<EventType, Map<string, Reader>>()

/**
 * Registers a reader of one type of message under the name of its queue. A message is delivered at least once and,
 * while nothing fails, in order for its key; a reader that throws is called again later, alone. So it must be
 * idempotent, and must not rely on the order alone.
 */
export function consume<T extends EventType>(
  queue: string,
  type: T,
  reader: (payload: EventPayload<T>, message: Message) => Promise<void>,
): void {
  const queues = readers.get(type) ?? new Map<string, Reader>()
  queues.set(queue, reader as Reader)
  readers.set(type, queues)
}

/** The readers of a type, by queue. */
export const readersOf = (type: string): Map<string, Reader> => readers.get(type as EventType) ?? new Map()

/** Forgets all readers: a test's next server registers its own. */
export const forgetReaders = (): void => readers.clear()
