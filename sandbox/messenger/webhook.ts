import { createHmac } from 'node:crypto'
import type { SandboxContext } from '../context.ts'
import type { Fields, MessengerPage } from './types.ts'

/** One attempt to hand events to the shop. */
export interface Delivery {
  id: number
  at: number
  url: string
  events: string[]
  isRedelivery: boolean
  /** The exact text that was signed and sent. */
  body: string
  status?: number
  reason?: 'could_not_connect' | 'request_timeout' | 'error_status_code' | 'lost'
  detail?: string
  tookMs?: number
}

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

const LONGEST_LOG = 200
const MOST_REDELIVERIES = 5

interface Item {
  event: Fields
  standby: boolean
}

export function createWebhookSender(context: SandboxContext, page: MessengerPage): WebhookSender {
  const { faults, clock } = context
  const endpoint = { url: page.webhookUrl, active: true, fields: [...allFields] }
  const deliveries: Delivery[] = []
  const underway = new Set<Promise<unknown>>()
  const closing = new AbortController()
  let batch: Item[] = []
  let count = 0
  let failures = 0

  return {
    endpoint,
    deliveries,
    async emit(field, event, { standby = false } = {}) {
      if (!endpoint.active || !endpoint.fields.includes(standby ? 'standby' : field)) return
      if (faults.get<number>('messenger', 'webhookBatch') > 1) {
        batch.push({ event, standby })
        if (batch.length >= faults.get<number>('messenger', 'webhookBatch')) await flush()
      } else await track(deliver([{ event, standby }]))
    },
    flush,
    sendRaw: (body) => attempt(body, { isRedelivery: false, events: ['raw'] }),
    async idle() {
      while (underway.size > 0) await Promise.allSettled([...underway])
    },
    close: () => closing.abort(),
  }

  async function flush(): Promise<void> {
    const waiting = batch
    batch = []
    if (waiting.length > 0) await track(deliver(waiting))
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
    if (late > 0) await pause(late)
    if (closing.signal.aborted) return
    const body = bodyOf(items)
    const events = items.map(({ event }) => describe(event))
    if (faults.take<boolean>('messenger', 'webhookLost')) {
      log({ events, isRedelivery: false, body: '' }).reason = 'lost'
      return
    }
    const first = await attempt(body, { isRedelivery: false, events })
    const duplicates = faults.take<number>('messenger', 'webhookDuplicates')
    // At once rather than one after another: that is when they do harm.
    await Promise.all(
      Array.from({ length: duplicates }, () => attempt(body, { isRedelivery: false, events })),
    )
    if (first.reason === undefined || !faults.get<boolean>('messenger', 'webhookRedelivery')) return
    // Not awaited: whoever wrote the message does not wait for the third try.
    void track(redeliver(body, events))
  }

  async function redeliver(body: unknown, events: string[]): Promise<void> {
    let wait = faults.get<number>('messenger', 'webhookRedeliveryMs')
    for (let time = 0; time < MOST_REDELIVERIES; time++, wait *= 2) {
      await pause(wait)
      if (closing.signal.aborted || !endpoint.active) return
      if ((await attempt(body, { isRedelivery: true, events })).reason === undefined) return
    }
  }

  async function attempt(
    content: unknown,
    about: { isRedelivery: boolean; events: string[] },
  ): Promise<Delivery> {
    const body = escaped(JSON.stringify(content))
    const delivery = log({ ...about, body })
    const forged = faults.take<boolean>('messenger', 'webhookBadSignature')
    const secret = forged ? `not ${page.appSecret}` : page.appSecret
    const began = performance.now()
    try {
      const timeout = AbortSignal.timeout(faults.get<number>('messenger', 'webhookTimeoutMs'))
      const response = await fetch(endpoint.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([timeout, closing.signal]),
      })
      delivery.status = response.status
      const answer = await response.text()
      if (!response.ok) {
        delivery.reason = 'error_status_code'
        delivery.detail = answer.slice(0, 300)
      }
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError'
      delivery.reason = timedOut ? 'request_timeout' : 'could_not_connect'
      delivery.detail = error instanceof Error ? String(error.cause ?? error.message) : String(error)
    }
    delivery.tookMs = Math.round(performance.now() - began)
    countFailure(delivery.reason !== undefined)
    return delivery
  }

  /** Whoever never answers is subscribed no longer, and has to come back by itself. */
  function countFailure(failed: boolean): void {
    failures = failed ? failures + 1 : 0
    const most = faults.get<number>('messenger', 'webhookGivesUpAfter')
    if (most > 0 && failures >= most) endpoint.active = false
  }

  function log(about: { events: string[]; isRedelivery: boolean; body: string }): Delivery {
    const delivery: Delivery = { ...about, url: endpoint.url, id: ++count, at: clock.now() }
    deliveries.push(delivery)
    deliveries.splice(0, deliveries.length - LONGEST_LOG)
    return delivery
  }

  /** Meta writes what is not ASCII as \uXXXX, and slashes with a backslash: only the bytes on the wire fit. */
  function escaped(json: string): string {
    if (faults.get<boolean>('messenger', 'webhookUnescaped')) return json
    return json
      .replace(/[\u0080-\uffff<%@]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .replaceAll('/', '\\/')
  }

  async function track<Result>(work: Promise<Result>): Promise<Result> {
    underway.add(work)
    try {
      return await work
    } finally {
      underway.delete(work)
    }
  }

  /** Waits so many milliseconds, or until the sandbox closes. */
  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      closing.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

const describe = (event: Fields): string =>
  Object.keys(event)
    .filter((key) => !['sender', 'recipient', 'timestamp'].includes(key))
    .join(' ')
