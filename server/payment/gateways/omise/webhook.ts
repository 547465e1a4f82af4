import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { BadSignature, type Notice } from '../../gateway.ts'

/** Farther from our clock than this, an event may be an old one played again: a hint, no more. */
const FRESH_SECONDS = 300

const text = z.string().nullish()
/** An object's name, or the object itself, where an account has its objects written out. */
const named = z.union([z.string(), z.looseObject({ id: z.string() }).transform(({ id }) => id)]).nullish()
const Event = z.looseObject({
  object: z.literal('event'),
  id: text,
  key: z.string(),
  livemode: z.boolean().nullish(),
  data: z.looseObject({
    object: text,
    id: text,
    charge: named,
    status: text,
    metadata: z.unknown().optional(),
  }),
})
type EventBody = z.output<typeof Event>

/**
 * Reads an event. Its embedded object is written in the account's version of that time, so nothing but names is taken
 * from it. Throws `BadSignature` when a secret is configured and the signature is missing or wrong.
 */
export function readEvent(
  headers: IncomingHttpHeaders,
  body: Buffer,
  { secret, live, now }: { secret: string | null; live: boolean; now: number },
): Notice | null {
  const authentic = secret !== null && isFresh(verify(headers, body, secret), now)
  const event = parse(body)
  if (!event || (event.livemode ?? live) !== live) return null
  const about = subject(event)
  if (!about) return null
  return {
    eventId: event.id || createHash('sha256').update(body).digest('hex'),
    ...about,
    authentic,
    said: [event.key, event.data.status].filter(Boolean).join(' '),
  }
}

/** Which payment an event is about; null for objects that are none of ours, transfers and cards among them. */
function subject({ key, data }: EventBody): Pick<Notice, 'attemptId' | 'ref'> | null {
  const [kind] = key.split('.')
  if (kind === 'refund' || kind === 'dispute') {
    return data.charge ? { ref: { kind: 'charge', value: data.charge } } : null
  }
  if (kind !== 'charge' || data.object !== 'charge' || !data.id) return null
  const ref = { kind: 'charge', value: data.id }
  // Events of very old accounts carry no metadata; with metadata, a charge without our mark was made elsewhere.
  if (data.metadata === undefined) return { ref }
  const { data: ours } = z.looseObject({ attempt: z.string() }).safeParse(data.metadata)
  return ours ? { attemptId: ours.attempt, ref } : null
}

function parse(body: Buffer): EventBody | undefined {
  try {
    return Event.safeParse(JSON.parse(body.toString('utf8'))).data
  } catch {
    return undefined
  }
}

/**
 * The platform signs `timestamp.body` with the decoded secret, and sends two values, comma-separated, while a secret
 * is being changed: either will do. Returns the timestamp.
 */
function verify(headers: IncomingHttpHeaders, body: Buffer, secret: string): number {
  const signature = headers['omise-signature']
  const timestamp = headers['omise-signature-timestamp']
  if (typeof signature !== 'string' || typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) {
    throw new BadSignature('The event is not signed, and OMISE_WEBHOOK_SECRET is set')
  }
  const expected = createHmac('sha256', Buffer.from(secret, 'base64'))
    .update(`${timestamp}.`)
    .update(body)
    .digest()
  const good = signature.split(',').map((value) => {
    const given = Buffer.from(value.trim(), 'hex')
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!good.includes(true)) {
    throw new BadSignature('The signature is not right: compare OMISE_WEBHOOK_SECRET with the dashboard')
  }
  return Number(timestamp)
}

const isFresh = (timestamp: number, now: number): boolean => Math.abs(now / 1000 - timestamp) <= FRESH_SECONDS
