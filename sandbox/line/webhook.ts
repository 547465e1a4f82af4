import { createHmac } from 'node:crypto'
import { createDeliveries, type Delivery, succeeded } from '../chats/deliveries.ts'
import type { SandboxContext } from '../context.ts'
import { createUnderway } from '../webhooks/underway.ts'
import { newEventId } from './ids.ts'
import type { ReplyTokens } from './reply-tokens.ts'
import type { Fields, LineChannel, NewEvent, Source } from './types.ts'

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

const MOST_REDELIVERIES = 5

export function createWebhookSender(
  context: SandboxContext,
  channel: LineChannel,
  replyTokens: ReplyTokens,
): WebhookSender {
  const { faults, clock } = context
  const endpoint = { url: channel.webhookUrl, active: true }
  const underway = createUnderway()
  const deliveries = createDeliveries(clock, underway.closed)
  let batch: Fields[] = []

  return {
    endpoint,
    deliveries: deliveries.list,
    async emit(event, options = {}) {
      const finished = finish(event, options)
      if (!endpoint.active) return finished
      if (faults.get<number>('line', 'webhookBatch') > 1) {
        batch.push(finished)
        if (batch.length >= faults.get<number>('line', 'webhookBatch')) await flush()
      } else await underway.track(deliver([finished]))
      return finished
    },
    flush,
    sendRaw: (events) => attempt(events, { url: endpoint.url, isRedelivery: false }),
    verify: (url = endpoint.url) => attempt([], { url, isRedelivery: false }),
    idle: underway.settled,
    close: underway.close,
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
    if (waiting.length > 0) await underway.track(deliver(waiting))
  }

  async function deliver(events: Fields[]): Promise<void> {
    const ordered = faults.get<boolean>('line', 'webhookShuffled') ? shuffled(events) : events
    const late = faults.take<number>('line', 'webhookDelayMs')
    if (late > 0) await underway.pause(late)
    if (underway.closed.aborted) return
    if (faults.take<boolean>('line', 'webhookLost')) {
      return deliveries.lose({
        events: events.map(describe),
        url: endpoint.url,
        isRedelivery: false,
        body: '',
      })
    }
    const first = await attempt(ordered, { url: endpoint.url, isRedelivery: false })
    const duplicates = faults.take<number>('line', 'webhookDuplicates')
    for (let time = 0; time < duplicates; time++) {
      await attempt(ordered, { url: endpoint.url, isRedelivery: false })
    }
    if (!succeeded(first) && faults.get<boolean>('line', 'webhookRedelivery')) {
      // Not awaited: whoever wrote the message does not wait for the third try.
      void underway.track(redeliver(ordered))
    }
  }

  async function redeliver(events: Fields[]): Promise<void> {
    let wait = faults.get<number>('line', 'webhookRedeliveryMs')
    for (let time = 0; time < MOST_REDELIVERIES; time++, wait *= 2) {
      await underway.pause(wait)
      if (underway.closed.aborted || !faults.get<boolean>('line', 'webhookRedelivery')) return
      const again = events.map((event) => ({ ...event, deliveryContext: { isRedelivery: true } }))
      if (succeeded(await attempt(again, { url: endpoint.url, isRedelivery: true }))) return
    }
  }

  async function attempt(
    events: unknown[],
    { url, isRedelivery }: { url: string; isRedelivery: boolean },
  ): Promise<Delivery> {
    const body = escaped(JSON.stringify({ destination: channel.botUserId, events }))
    const forged = faults.take<boolean>('line', 'webhookBadSignature')
    const secret = forged ? `not ${channel.channelSecret}` : channel.channelSecret
    const signature = createHmac('sha256', secret).update(body).digest('base64')
    for (const event of events) renewReplyToken(event)
    return deliveries.attempt(
      { events: events.map(describe), url, isRedelivery, body },
      {
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'LineBotWebhook/2.0',
          'x-line-signature': signature,
        },
        timeoutMs: faults.get<number>('line', 'webhookTimeoutMs'),
      },
    )
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
}

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
