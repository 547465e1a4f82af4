import type { Faults } from '../faults.ts'
import { eventBody } from './bodies.ts'
import { newDeliveryId, newId } from './ids.ts'
import { platform } from './knobs.ts'
import type { EventRecord, Json, PaymentRecord } from './records.ts'
import { sign } from './signing.ts'
import type { Store } from './store.ts'

export interface Hooks {
  /** Stores an event; it goes out with the next `release`. */
  announce(type: string, data: Json, payment: PaymentRecord | null): void
  /** Sends what was announced; resolves when each was delivered or refused once. */
  release(): Promise<void>
  resend(paymentId: string): Promise<void>
  flush(): void
  settled(): Promise<void>
  close(): void
}

interface Needs {
  store: Store
  faults: Faults
  now(): number
  target: { url: string; secret: string }
  retryDelays: number[]
}

/** Delivers events as the platform does: at least once, in no promised order, again when not answered 2xx. */
export function createHooks({ store, faults, now, target, retryDelays }: Needs): Hooks {
  const under = new Set<Promise<unknown>>()
  const waiting = new Set<() => void>()
  let announced: EventRecord[] = []
  let held: EventRecord[] = []
  let closed = false

  function track<T>(work: Promise<T>): Promise<T> {
    const done = work.finally(() => under.delete(done))
    under.add(done)
    return done
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        waiting.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      timer.unref()
      waiting.add(end)
    })
  }

  function put(type: string, data: Json, payment: string | null) {
    const event: EventRecord = { id: newId(), type, payment, data, createdAt: now(), deliveries: [] }
    store.save('events', event)
    announced.push(event)
  }

  async function sendAll(events: EventRecord[]): Promise<void> {
    await track(Promise.all(events.map(deliver)))
  }

  async function sendHeld(): Promise<void> {
    const events = held.reverse()
    held = []
    // One after another: the reversed order is the point.
    for (const event of events) await sendAll([event])
  }

  async function deliver(event: EventRecord): Promise<void> {
    if (closed || !target.url) return
    const delay = faults.take<number>(platform, 'webhookDelayMs')
    if (delay > 0) await pause(delay)
    const copies = Array.from({ length: faults.get<number>(platform, 'webhookCopies') }, () => event)
    await Promise.all(copies.map((copy) => attempt(copy, [...retryDelays])))
  }

  /** Resolves after the first try; the further ones go on by themselves. */
  async function attempt(event: EventRecord, delays: number[]): Promise<void> {
    if (closed || (await post(event))) return
    const delay = delays.shift()
    if (delay === undefined) return
    void track(pause(delay).then(() => attempt(event, delays)))
  }

  async function post(event: EventRecord): Promise<boolean> {
    const { body, headers } = sign(
      target.secret,
      JSON.stringify(eventBody(event)),
      faults.take<string>(platform, 'signature'),
    )
    let status: number | null = null
    let error: string | null = null
    try {
      const response = await fetch(target.url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'Komoju-Webhook',
          'X-Komoju-ID': newDeliveryId(),
          'X-Komoju-Event': event.type,
          ...headers,
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000),
      })
      status = response.status
      await response.arrayBuffer()
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause)
    }
    event.deliveries.push({ at: now(), status, error })
    // A reset may have forgotten it meanwhile.
    if (store.events.has(event.id)) store.save('events', event)
    return status !== null && status >= 200 && status < 300
  }

  return {
    announce(type, data, payment) {
      put(type, data, payment?.id ?? null)
      if (!faults.get<boolean>(platform, 'foreignEvents')) return
      put('ping', { resource: 'ping' }, null)
      put('settlement.created', { resource: 'settlement', id: newId(), amount: 5000 }, null)
      put(type, { ...data, id: newId(), external_order_num: null, metadata: {}, session: null }, null)
    },
    release() {
      const events = announced
      announced = []
      if (faults.get(platform, 'webhookTiming') === 'never') return Promise.resolve()
      if (faults.get(platform, 'webhookOrder') === 'reversed') {
        held.push(...events)
        return held.length < 2 ? Promise.resolve() : sendHeld()
      }
      return sendAll([...held.splice(0), ...events])
    },
    async resend(paymentId) {
      await sendAll([...store.events.values()].filter(({ payment }) => payment === paymentId))
    },
    flush() {
      void track(sendHeld())
    },
    async settled() {
      while (under.size) await Promise.allSettled(under)
    },
    close() {
      closed = true
      for (const end of waiting) end()
    },
  }
}
