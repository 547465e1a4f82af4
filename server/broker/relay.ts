import { Inbox, type InboxEvent, Outbox, type OutboxRow } from '../../models/broker.ts'
import { now, onCommit } from '../database/index.ts'
import { handleBy } from './inbox.ts'
import { workThrough } from './queue.ts'
import { readersOf } from './readers.ts'

type EventHandler = (payload: never, event: { eventId: string; key: string }) => Promise<void>
const handlers = new Map<string, EventHandler>()

/** Registers what handles the stored events of a source. At least once, one after another for each key. */
export function handleEvents<T>(
  source: string,
  handler: (payload: T, event: { eventId: string; key: string }) => Promise<void>,
): void {
  handlers.set(source, handler as EventHandler)
}

type Queue = Pick<ReturnType<typeof workThrough>, 'wake' | 'stop' | 'idle'>
let outbox: Queue | null = null
let inbox: Queue | null = null

/** Starts delivering what the outbox holds and handling what the inbox holds. */
export function startBroker(): void {
  outbox = workThrough<OutboxRow>({
    name: 'outbox',
    rows: Outbox.collection,
    handle: deliver,
    finished: () => ({ finishedAt: now() }),
    describe: (row) => `Message ${row.type} of ${row.key}`,
  })
  const events = workThrough<InboxEvent>({
    name: 'inbox',
    rows: Inbox.collection,
    handle: handleEvent,
    describe: (row) => `Event ${row.eventId.slice(0, 100)} from ${row.source}`,
    // Some platforms sign nothing: whoever invents events must not fill the staff's list with them.
    group: (row) => row.source,
  })
  onCommit(() => outbox?.wake())
  inbox = events
  handleBy(events)
  outbox.wake()
  inbox.wake()
}

/** Finishes what is in hand, and stops. What is left is taken up at the next start. */
export async function stopBroker(): Promise<void> {
  const both = [outbox, inbox]
  outbox = inbox = null
  handleBy(null)
  await Promise.all(both.map((queue) => queue?.stop()))
}

/** Resolves when everything that is due has been handled, including what that led to: for tests and benches. */
export async function brokerIdle(): Promise<void> {
  for (let quiet = 0; quiet < 2; quiet += 1) {
    await inbox?.idle()
    await outbox?.idle()
    const due = { state: 'NEW' as const, availableAt: { $lte: now() } }
    if ((await Outbox.exists(due)) || (await Inbox.exists(due))) quiet = -1
  }
}

/** Each queue that has not had the message gets it; those that fail get it again later. */
async function deliver(row: OutboxRow): Promise<void> {
  const missing = [...readersOf(row.type)].filter(([queue]) => !row.done.includes(queue))
  const message = { id: String(row._id), at: row.createdAt }
  const results = await Promise.allSettled(missing.map(([, reader]) => reader(row.payload as never, message)))
  const failure = results.find((result) => result.status === 'rejected')
  if (!failure) return
  const done = missing.filter((_, index) => results[index]?.status === 'fulfilled').map(([queue]) => queue)
  if (done.length) await Outbox.updateOne({ _id: row._id }, { $addToSet: { done: { $each: done } } })
  throw failure.reason
}

/** One stored event to whom its source belongs. */
export async function handleEvent(row: InboxEvent): Promise<void> {
  const handler = handlers.get(row.source)
  // Its channel or gateway is switched off now: kept, and handled when it is back.
  if (!handler) throw new Error(`nothing here handles events from ${row.source}`)
  await handler(row.payload as never, { eventId: row.eventId, key: row.key })
}
