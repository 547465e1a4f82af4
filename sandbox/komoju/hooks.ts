import type { Faults } from '../faults.ts'
import { post } from '../webhooks/post.ts'
import { createSender, type Sender } from '../webhooks/sender.ts'
import { eventBody } from './bodies.ts'
import { newDeliveryId, newId } from './ids.ts'
import { platform } from './knobs.ts'
import type { EventRecord, Json, PaymentRecord } from './records.ts'
import { sign } from './signing.ts'
import type { Store } from './store.ts'

export interface Hooks extends Omit<Sender<EventRecord>, 'announce' | 'send'> {
  /** Stores an event; it goes out with the next `release`. */
  announce(type: string, data: Json, payment: PaymentRecord | null): void
  resend(paymentId: string): Promise<void>
}

interface Needs {
  store: Store
  faults: Faults
  now(): number
  target: { url: string; secret: string }
  retryDelays: number[]
}

/** The platform's events: stored, and posted to the one address that the dashboard knows. */
export function createHooks({ store, faults, now, target, retryDelays }: Needs): Hooks {
  const { announce, send, ...sender } = createSender<EventRecord>({
    faults,
    platform,
    retryDelays,
    addressesOf: () => (target.url ? [target.url] : []),
    post: postEvent,
  })

  function put(type: string, data: Json, payment: string | null) {
    const event: EventRecord = { id: newId(), type, payment, data, createdAt: now(), deliveries: [] }
    store.save('events', event)
    announce(event)
  }

  /** Every delivery has an `X-Komoju-ID` of its own. */
  async function postEvent(event: EventRecord, url: string): Promise<boolean> {
    const { body, headers } = sign(
      target.secret,
      JSON.stringify(eventBody(event)),
      faults.take<string>(platform, 'signature'),
    )
    const { status, error } = await post(url, {
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'Komoju-Webhook',
        'X-Komoju-ID': newDeliveryId(),
        'X-Komoju-Event': event.type,
        ...headers,
      },
      body,
    })
    event.deliveries.push({ at: now(), status, error })
    // A reset may have forgotten it meanwhile.
    if (store.events.has(event.id)) store.save('events', event)
    return status !== null && status >= 200 && status < 300
  }

  return {
    ...sender,
    announce(type, data, payment) {
      put(type, data, payment?.id ?? null)
      if (!faults.get<boolean>(platform, 'foreignEvents')) return
      put('ping', { resource: 'ping' }, null)
      put('settlement.created', { resource: 'settlement', id: newId(), amount: 5000 }, null)
      put(type, { ...data, id: newId(), external_order_num: null, metadata: {}, session: null }, null)
    },
    async resend(paymentId) {
      await send([...store.events.values()].filter(({ payment }) => payment === paymentId))
    },
  }
}
