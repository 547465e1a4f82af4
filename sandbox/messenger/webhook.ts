import { createHmac } from 'node:crypto'
import { createDeliveries, type Delivery, succeeded } from '../chats/deliveries.ts'
import type { SandboxContext } from '../context.ts'
import { createUnderway } from '../webhooks/underway.ts'
import type { Fields, MessengerPage } from './types.ts'

export interface WebhookSender {
  /** Where events go, and which of them; not active once Meta has given up. */
  endpoint: { url: string; active: boolean; fields: string[] }
  deliveries: Delivery[]
  /** Sends one event about a person to the shop. Resolves when the first attempt is over (at once in a batch). */
  emit(field: string, event: Fields, options?: { standby?: boolean }): Promise<void>
  /** Sends the events that wait for their batch to fill up. */
  flush(): Promise<void>
  /** Sends this very body, whatever it is, signed. */
  sendRaw(body: unknown): Promise<Delivery>
  /** Resolves when nothing is under way any more, redeliveries included. */
  idle(): Promise<void>
  close(): void
}

export const allFields = [
  'messages',
  'messaging_postbacks',
  'message_echoes',
  'message_deliveries',
  'message_reads',
  'messaging_referrals',
  'messaging_optins',
  'messaging_handovers',
  'standby',
  'message_reactions',
  'message_edits',
  'messaging_policy_enforcement',
]

const MOST_REDELIVERIES = 5

interface Item {
  event: Fields
  standby: boolean
}

export function createWebhookSender(context: SandboxContext, page: MessengerPage): WebhookSender {
  const { faults, clock } = context
  const endpoint = { url: page.webhookUrl, active: true, fields: [...allFields] }
  const underway = createUnderway()
  const deliveries = createDeliveries(clock, underway.closed)
  let batch: Item[] = []
  let failures = 0

  return {
    endpoint,
    deliveries: deliveries.list,
    async emit(field, event, { standby = false } = {}) {
      if (!endpoint.active || !endpoint.fields.includes(standby ? 'standby' : field)) return
      if (faults.get<number>('messenger', 'webhookBatch') > 1) {
        batch.push({ event, standby })
        if (batch.length >= faults.get<number>('messenger', 'webhookBatch')) await flush()
      } else await underway.track(deliver([{ event, standby }]))
    },
    flush,
    sendRaw: (body) => attempt(body, { isRedelivery: false, events: ['raw'] }),
    idle: underway.settled,
    close: underway.close,
  }

  async function flush(): Promise<void> {
    const waiting = batch
    batch = []
    if (waiting.length > 0) await underway.track(deliver(waiting))
  }

  /** One entry for each event, as Meta batches them: never rely on the first alone. */
  function bodyOf(items: Item[]) {
    return {
      object: 'page',
      entry: items.map(({ event, standby }) => ({
        id: page.pageId,
        time: clock.now(),
        [standby ? 'standby' : 'messaging']: [event],
      })),
    }
  }

  async function deliver(items: Item[]): Promise<void> {
    const late = faults.take<number>('messenger', 'webhookDelayMs')
    if (late > 0) await underway.pause(late)
    if (underway.closed.aborted) return
    const body = bodyOf(items)
    const events = items.map(({ event }) => describe(event))
    if (faults.take<boolean>('messenger', 'webhookLost')) {
      return deliveries.lose({ url: endpoint.url, events, isRedelivery: false, body: '' })
    }
    const first = await attempt(body, { isRedelivery: false, events })
    const duplicates = faults.take<number>('messenger', 'webhookDuplicates')
    // At once rather than one after another: that is when they do harm.
    await Promise.all(
      Array.from({ length: duplicates }, () => attempt(body, { isRedelivery: false, events })),
    )
    if (succeeded(first) || !faults.get<boolean>('messenger', 'webhookRedelivery')) return
    // Not awaited: whoever wrote the message does not wait for the third try.
    void underway.track(redeliver(body, events))
  }

  async function redeliver(body: unknown, events: string[]): Promise<void> {
    let wait = faults.get<number>('messenger', 'webhookRedeliveryMs')
    for (let time = 0; time < MOST_REDELIVERIES; time++, wait *= 2) {
      await underway.pause(wait)
      if (underway.closed.aborted || !endpoint.active) return
      if (succeeded(await attempt(body, { isRedelivery: true, events }))) return
    }
  }

  async function attempt(
    content: unknown,
    about: { isRedelivery: boolean; events: string[] },
  ): Promise<Delivery> {
    const body = escaped(JSON.stringify(content))
    const forged = faults.take<boolean>('messenger', 'webhookBadSignature')
    const secret = forged ? `not ${page.appSecret}` : page.appSecret
    const signed = (algorithm: string) => createHmac(algorithm, secret).update(body).digest('hex')
    const delivery = await deliveries.attempt(
      { ...about, url: endpoint.url, body },
      {
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          'x-hub-signature': `sha1=${signed('sha1')}`,
          'x-hub-signature-256': `sha256=${signed('sha256')}`,
        },
        timeoutMs: faults.get<number>('messenger', 'webhookTimeoutMs'),
      },
    )
    countFailure(!succeeded(delivery))
    return delivery
  }

  /** Whoever never answers is subscribed no longer, and has to come back by itself. */
  function countFailure(failed: boolean): void {
    failures = failed ? failures + 1 : 0
    const most = faults.get<number>('messenger', 'webhookGivesUpAfter')
    if (most > 0 && failures >= most) endpoint.active = false
  }

  /** Meta writes what is not ASCII as \uXXXX, and slashes with a backslash: only the bytes on the wire fit. */
  function escaped(json: string): string {
    if (faults.get<boolean>('messenger', 'webhookUnescaped')) return json
    return json
      .replace(/[\u0080-\uffff<%@]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .replaceAll('/', '\\/')
  }
}

const describe = (event: Fields): string =>
  Object.keys(event)
    .filter((key) => !['sender', 'recipient', 'timestamp'].includes(key))
    .join(' ')
