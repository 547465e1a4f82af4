import type { Faults } from '../faults.ts'
import { post } from '../webhooks/post.ts'
import { createSender, type Sender } from '../webhooks/sender.ts'
import { eventBody, time } from './bodies.ts'
import { newId } from './ids.ts'
import { platform } from './knobs.ts'
import type { ChargeRecord, EventRecord, Json } from './records.ts'
import { sign } from './signing.ts'
import type { Store } from './store.ts'
import { inVersion, type Version } from './versions.ts'

export interface Hooks extends Omit<Sender<EventRecord>, 'announce' | 'send'> {
  /** Stores an event; it goes out with the next `release`. */
  announce(key: string, data: Json, charge: ChargeRecord | null): void
  resend(eventId: string): Promise<void>
}

interface Needs {
  store: Store
  faults: Faults
  now(): number
  target(): { url: string; secret: string }
  retryDelays: number[]
}

/** The platform's events: stored, and posted to the charge's own addresses or else to the account's. */
export function createHooks({ store, faults, now, target, retryDelays }: Needs): Hooks {
  const { announce, send, ...sender } = createSender<EventRecord>({
    faults,
    platform,
    retryDelays,
    addressesOf: ({ endpoints }) => endpoints,
    post: postEvent,
    copyOf(event) {
      if (!faults.get(platform, 'webhookCopiesWithNewIds')) return event
      const copy = { ...event, id: newId('evnt'), deliveries: [] }
      store.save('events', copy)
      return copy
    },
  })

  function put(key: string, data: Json, { charge, urls }: { charge: string | null; urls: string[] }) {
    const event: EventRecord = {
      id: newId('evnt'),
      key,
      charge,
      data: inVersion(data, faults.get<Version>(platform, 'eventVersion')),
      livemode: faults.get<boolean>(platform, 'otherEnvironment'),
      endpoints: urls.filter((url) => url !== ''),
      deliveries: [],
      createdAt: now(),
    }
    store.save('events', event)
    announce(event)
  }

  async function postEvent(event: EventRecord, url: string): Promise<boolean> {
    // Signed with the real time: whoever checks it does not live by the simulated clock.
    const how = faults.take<string>(platform, 'signature')
    const plain = JSON.stringify(eventBody(event, false))
    const { body, headers } = sign(target().secret, plain, Date.now(), how)
    const { status, error } = await post(url, {
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'Omise Webhook', ...headers },
      body,
    })
    event.deliveries.push({ id: newId('whdl'), uri: url, status, error, payload: body, createdAt: now() })
    // A reset may have forgotten it meanwhile.
    if (store.events.has(event.id)) store.save('events', event)
    return status !== null && status >= 200 && status < 300
  }

  return {
    ...sender,
    announce(key, data, charge) {
      const urls = charge?.webhookEndpoints.length ? charge.webhookEndpoints : [target().url]
      put(key, data, { charge: charge?.id ?? null, urls })
      if (!faults.get<boolean>(platform, 'foreignEvents')) return
      put('transfer.update', foreignTransfer(now()), { charge: null, urls })
      if (charge) put(key, { ...data, id: newId('chrg'), metadata: {} }, { charge: null, urls })
    },
    async resend(eventId) {
      const event = store.events.get(eventId)
      if (event) await send([event])
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
