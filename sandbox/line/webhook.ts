import { createHmac } from 'node:crypto'
import type { SandboxContext } from '../context.ts'
import { newEventId } from './ids.ts'
import type { ReplyTokens } from './reply-tokens.ts'
import type { Fields, LineChannel, NewEvent, Source } from './types.ts'

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
  /** LINE's words for why an attempt did not count. */
  reason?: 'could_not_connect' | 'request_timeout' | 'error_status_code' | 'lost'
  detail?: string
  tookMs?: number
}

export interface WebhookSender {
  /** Where events go, and whether they do. */
  endpoint: { url: string; active: boolean }
  deliveries: Delivery[]
  /** Sends one event of this world to the shop. Resolves when the first attempt is over (at once in a batch). */
  emit(event: NewEvent, options?: { replyable?: boolean; mode?: 'active' | 'standby' }): Promise<Fields>
  /** Sends the events that wait for their batch to fill up. */
  flush(): Promise<void>
  /** Sends these very events, finished or not: for tests of what nobody should ever send. */
  sendRaw(events: unknown[]): Promise<Delivery>
  /** LINE's connectivity check: a signed request without events. */
  verify(url?: string): Promise<Delivery>
  /** Resolves when nothing is under way any more, redeliveries included. */
  idle(): Promise<void>
  close(): void
}

const LONGEST_LOG = 200
const MOST_REDELIVERIES = 5

export function createWebhookSender(
  context: SandboxContext,
  channel: LineChannel,
  replyTokens: ReplyTokens,
): WebhookSender {
  const { faults, clock } = context
  const endpoint = { url: channel.webhookUrl, active: true }
  const deliveries: Delivery[] = []
  const underway = new Set<Promise<unknown>>()
  const closing = new AbortController()
  let batch: Fields[] = []
  let count = 0

  return {
    endpoint,
    deliveries,
    async emit(event, options = {}) {
      const finished = finish(event, options)
      if (!endpoint.active) return finished
      if (faults.get<number>('line', 'webhookBatch') > 1) {
        batch.push(finished)
        if (batch.length >= faults.get<number>('line', 'webhookBatch')) await flush()
      } else await track(deliver([finished]))
      return finished
    },
    flush,
    sendRaw: (events) => attempt(events, { url: endpoint.url, isRedelivery: false }),
    verify: (url = endpoint.url) => attempt([], { url, isRedelivery: false }),
    async idle() {
      while (underway.size > 0) await Promise.allSettled([...underway])
    },
    close: () => closing.abort(),
  }

  function finish(event: NewEvent, options: { replyable?: boolean; mode?: string }): Fields {
    const mode = options.mode ?? 'active'
    // In standby another module has the chat: no reply token, and the bot must stay silent.
    const replyToken =
      options.replyable && mode === 'active' ? replyTokens.issue(receiverOf(event.source)) : undefined
    return {
      ...event,
      webhookEventId: newEventId(clock.now()),
      deliveryContext: { isRedelivery: false },
      timestamp: clock.now(),
      ...(replyToken ? { replyToken } : {}),
      mode,
    }
  }

  async function flush(): Promise<void> {
    const waiting = batch
    batch = []
    if (waiting.length > 0) await track(deliver(waiting))
  }

  async function deliver(events: Fields[]): Promise<void> {
    const ordered = faults.get<boolean>('line', 'webhookShuffled') ? shuffled(events) : events
    const late = faults.take<number>('line', 'webhookDelayMs')
    if (late > 0) await pause(late)
    if (closing.signal.aborted) return
    if (faults.take<boolean>('line', 'webhookLost')) {
      log({ events, url: endpoint.url, isRedelivery: false, body: '' }).reason = 'lost'
      return
    }
    const first = await attempt(ordered, { url: endpoint.url, isRedelivery: false })
    const duplicates = faults.take<number>('line', 'webhookDuplicates')
    for (let time = 0; time < duplicates; time++) {
      await attempt(ordered, { url: endpoint.url, isRedelivery: false })
    }
    if (!succeeded(first) && faults.get<boolean>('line', 'webhookRedelivery')) {
      // Not awaited: whoever wrote the message does not wait for the third try.
      void track(redeliver(ordered))
    }
  }

  async function redeliver(events: Fields[]): Promise<void> {
    let wait = faults.get<number>('line', 'webhookRedeliveryMs')
    for (let time = 0; time < MOST_REDELIVERIES; time++, wait *= 2) {
      await pause(wait)
      if (closing.signal.aborted || !faults.get<boolean>('line', 'webhookRedelivery')) return
      const again = events.map((event) => ({ ...event, deliveryContext: { isRedelivery: true } }))
      if (succeeded(await attempt(again, { url: endpoint.url, isRedelivery: true }))) return
    }
  }

  async function attempt(
    events: unknown[],
    { url, isRedelivery }: { url: string; isRedelivery: boolean },
  ): Promise<Delivery> {
    const body = escaped(JSON.stringify({ destination: channel.botUserId, events }))
    const delivery = log({ events, url, isRedelivery, body })
    const forged = faults.take<boolean>('line', 'webhookBadSignature')
    const secret = forged ? `not ${channel.channelSecret}` : channel.channelSecret
    const signature = createHmac('sha256', secret).update(body).digest('base64')
    for (const event of events) renewReplyToken(event)
    const began = performance.now()
    try {
      const timeout = AbortSignal.timeout(faults.get<number>('line', 'webhookTimeoutMs'))
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'LineBotWebhook/2.0',
          'x-line-signature': signature,
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([timeout, closing.signal]),
      })
      delivery.status = response.status
      if (!response.ok) delivery.reason = 'error_status_code'
      const answer = await response.text()
      if (!response.ok) delivery.detail = answer.slice(0, 300)
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError'
      delivery.reason = timedOut ? 'request_timeout' : 'could_not_connect'
      delivery.detail = error instanceof Error ? String(error.cause ?? error.message) : String(error)
    }
    delivery.tookMs = Math.round(performance.now() - began)
    return delivery
  }

  function log(about: { events: unknown[]; url: string; isRedelivery: boolean; body: string }): Delivery {
    const delivery: Delivery = {
      ...about,
      id: ++count,
      at: clock.now(),
      events: about.events.map(describe),
    }
    deliveries.push(delivery)
    deliveries.splice(0, deliveries.length - LONGEST_LOG)
    return delivery
  }

  function renewReplyToken(event: unknown): void {
    const token = (event as Fields | null)?.['replyToken']
    if (typeof token === 'string') replyTokens.delivered(token)
  }

  /** LINE writes some characters as \uXXXX: parsing and writing again breaks the signature. */
  function escaped(json: string): string {
    const which = faults.get<string>('line', 'webhookEscapes')
    if (which === 'never') return json
    const pattern = which === 'always' ? /[\u0080-\uffff]/g : /[\ud800-\udfff]/g
    return json.replace(pattern, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
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

const succeeded = (delivery: Delivery): boolean => delivery.reason === undefined

function receiverOf(source: Source | undefined): string {
  if (source?.type === 'group') return source.groupId
  if (source?.type === 'room') return source.roomId
  return source?.userId ?? ''
}

function shuffled<Item>(items: Item[]): Item[] {
  const mixed = [...items]
  for (let place = mixed.length - 1; place > 0; place--) {
    const other = Math.floor(Math.random() * (place + 1))
    ;[mixed[place], mixed[other]] = [mixed[other] as Item, mixed[place] as Item]
  }
  return mixed
}

function describe(event: unknown): string {
  if (typeof event !== 'object' || event === null) return String(event)
  const { type, message } = event as { type?: unknown; message?: { type?: unknown } }
  return message?.type ? `${type} ${message.type}` : String(type)
}
