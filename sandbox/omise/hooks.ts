import type { Faults } from '../faults.ts'
import { eventBody, time } from './bodies.ts'
import { newId } from './ids.ts'
import { platform } from './knobs.ts'
import type { ChargeRecord, EventRecord, Json } from './records.ts'
import { sign } from './signing.ts'
import type { Store } from './store.ts'
import { inVersion, type Version } from './versions.ts'

export interface Hooks {
  /** Stores an event; it goes out with the next `release`. */
  announce(key: string, data: Json, charge: ChargeRecord | null): void
  /** Sends what was announced; resolves when each was delivered or refused once. */
  release(): Promise<void>
  resend(eventId: string): Promise<void>
  flush(): void
  settled(): Promise<void>
  close(): void
}

interface Needs {
  store: Store
  faults: Faults
  now(): number
  target(): { url: string; secret: string }
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

  function announce(key: string, data: Json, charge: ChargeRecord | null) {
    const knob = <T extends boolean | string>(name: string) => faults.get<T>(platform, name)
    const endpoints = charge?.webhookEndpoints.length ? charge.webhookEndpoints : [target().url]
    const put = (eventKey: string, eventData: Json, about: string | null) => {
      const event: EventRecord = {
        id: newId('evnt'),
        key: eventKey,
        charge: about,
        data: inVersion(eventData, knob<Version>('eventVersion')),
        livemode: knob<boolean>('otherEnvironment'),
        endpoints: endpoints.filter((url) => url !== ''),
        deliveries: [],
        createdAt: now(),
      }
      store.save('events', event)
      announced.push(event)
    }
    put(key, data, charge?.id ?? null)
    if (knob<boolean>('foreignEvents')) {
      put('transfer.update', foreignTransfer(now()), null)
      if (charge) put(key, { ...data, id: newId('chrg'), metadata: {} }, null)
    }
  }

  function release(): Promise<void> {
    const events = announced
    announced = []
    if (faults.get(platform, 'webhookTiming') === 'never') return Promise.resolve()
    if (faults.get(platform, 'webhookOrder') === 'reversed') {
      held.push(...events)
      return held.length < 2 ? Promise.resolve() : sendHeld()
    }
    return sendAll([...held.splice(0), ...events])
  }

  async function sendHeld(): Promise<void> {
    const events = held.reverse()
    held = []
    // One after another: the reversed order is the point.
    for (const event of events) await sendAll([event])
  }

  async function sendAll(events: EventRecord[]): Promise<void> {
    await track(Promise.all(events.map(deliver)))
  }

  async function deliver(event: EventRecord): Promise<void> {
    if (closed || !event.endpoints.length) return
    const delay = faults.take<number>(platform, 'webhookDelayMs')
    if (delay > 0) await pause(delay)
    const copies = [event]
    for (let i = 1; i < faults.get<number>(platform, 'webhookCopies'); i += 1) copies.push(copyOf(event))
    await Promise.all(
      copies.flatMap((copy) => copy.endpoints.map((url) => attempt(copy, url, [...retryDelays]))),
    )
  }

  function copyOf(event: EventRecord): EventRecord {
    if (!faults.get(platform, 'webhookCopiesWithNewIds')) return event
    const copy = { ...event, id: newId('evnt'), deliveries: [] }
    store.save('events', copy)
    return copy
  }

  /** Resolves after the first try; the further ones go on by themselves. */
  async function attempt(event: EventRecord, url: string, delays: number[]): Promise<void> {
    if (closed || (await post(event, url))) return
    const delay = delays.shift()
    if (delay === undefined) return
    void track(pause(delay).then(() => attempt(event, url, delays)))
  }

  async function post(event: EventRecord, url: string): Promise<boolean> {
    const plain = JSON.stringify(eventBody(event, false))
    // Signed with the real time: whoever checks it does not live by the simulated clock.
    const how = faults.take<string>(platform, 'signature')
    const { body, headers } = sign(target().secret, plain, Date.now(), how)
    let status: number | null = null
    let error: string | null = null
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'User-Agent': 'Omise Webhook', ...headers },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000),
      })
      status = response.status
      await response.arrayBuffer()
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause)
    }
    event.deliveries.push({ id: newId('whdl'), uri: url, status, error, payload: body, createdAt: now() })
    // A reset may have forgotten it meanwhile.
    if (store.events.has(event.id)) store.save('events', event)
    return status !== null && status >= 200 && status < 300
  }

  return {
    announce,
    release,
    async resend(eventId) {
      const event = store.events.get(eventId)
      if (event) await sendAll([event])
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

const foreignTransfer = (now: number) => ({
  object: 'transfer',
  id: newId('trsf'),
  livemode: false,
  location: '/transfers',
  recipient: newId('recp'),
  amount: 5000,
  currency: 'THB',
  sent: true,
  paid: false,
  failure_code: null,
  created_at: time(now),
})
