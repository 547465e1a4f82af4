import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { BadSignature, type Notice } from '../../gateway.ts'

const text = z.string().nullish()
const Event = z.looseObject({
  resource: z.literal('event'),
  id: text,
  type: z.string(),
  data: z.looseObject({
    resource: text,
    id: text,
    status: text,
    external_order_num: text,
    payment: z.unknown().optional(),
  }),
})

/**
 * Reads an event; nothing but names is taken from it. Throws `BadSignature` when a secret is configured and the
 * signature is missing or wrong. There is no timestamp in it: only the event's id tells a replay.
 */
export function readEvent(headers: IncomingHttpHeaders, body: Buffer, secret: string | null): Notice | null {
  if (secret !== null) verify(headers, body, secret)
  const notice = noticeOf(parse(body))
  if (!notice) return null
  const eventId = notice.eventId || createHash('sha256').update(body).digest('hex')
  return { ...notice, eventId, authentic: secret !== null }
}

/**
 * Which payment an event is about; null for what is none of ours: pings, customers, settlements, and payments that
 * somebody made by hand, which carry no order number. Without an id of its own the event has an empty one.
 */
export function noticeOf(body: unknown): Notice | null {
  const event = Event.safeParse(body).data
  if (!event) return null
  const about = subject(event)
  if (!about) return null
  const said = [event.type, event.data.status].filter(Boolean).join(' ')
  return { eventId: event.id ?? '', ...about, authentic: false, said }
}

function subject({ type, data }: z.output<typeof Event>): Pick<Notice, 'attemptId' | 'ref'> | null {
  if (type.startsWith('refund_request.') && typeof data.payment === 'string') {
    return { ref: { kind: 'payment', value: data.payment } }
  }
  if (!type.startsWith('payment.') || data.resource !== 'payment' || !data.id) return null
  if (!data.external_order_num) return null
  return { attemptId: data.external_order_num, ref: { kind: 'payment', value: data.id } }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** hex(HMAC-SHA256(raw body, the webhook's secret token)). */
function verify(headers: IncomingHttpHeaders, body: Buffer, secret: string): void {
  const signature = headers['x-komoju-signature']
  if (typeof signature !== 'string') {
    throw new BadSignature('The event is not signed, and KOMOJU_WEBHOOK_SECRET is set')
  }
  const expected = createHmac('sha256', secret).update(body).digest()
  const given = Buffer.from(signature.trim(), 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new BadSignature('The signature is not right: compare KOMOJU_WEBHOOK_SECRET with the dashboard')
  }
}
