import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { BadSignature, type Notice } from '../../gateway.ts'

const text = z.string().nullish()
const Notification = z.looseObject({
  type: z.literal('notification'),
  event: z.string(),
  object: z.looseObject({
    id: z.string(),
    status: text,
    payment_id: text,
    test: z.boolean().nullish(),
    metadata: z.unknown().optional(),
  }),
})

/**
 * Reads a notification. The platform signs none, so each is a hint, no more. `strict` refuses those that a proxy of
 * ours says came from elsewhere than the platform's own addresses.
 */
export function readNotification(
  headers: IncomingHttpHeaders,
  body: Buffer,
  { live, strict }: { live: boolean; strict: boolean },
): Notice | null {
  if (strict) checkSource(headers)
  const { data: notification } = Notification.safeParse(parse(body))
  if (!notification) return null
  const { event, object } = notification
  if ((object.test ?? !live) === live) return null
  const about = subject(event, object)
  if (!about) return null
  return {
    // There is no id of the event: the same bytes are the same event.
    eventId: createHash('sha256').update(body).digest('hex'),
    ...about,
    authentic: false,
    said: event,
  }
}

/** Which payment it is about; null for deals, payouts and payments that were made elsewhere. */
function subject(
  event: string,
  object: z.output<typeof Notification>['object'],
): Pick<Notice, 'attemptId' | 'ref'> | null {
  if (event.startsWith('refund.')) {
    return object.payment_id ? { ref: { kind: 'payment', value: object.payment_id } } : null
  }
  if (!event.startsWith('payment.')) return null
  const { data: ours } = z.looseObject({ attempt: z.string() }).safeParse(object.metadata)
  return ours ? { attemptId: ours.attempt, ref: { kind: 'payment', value: object.id } } : null
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** Where the platform's notifications come from, by its own list. */
const sources = new BlockList()
for (const [net, bits] of [
  ['185.71.76.0', 27],
  ['185.71.77.0', 27],
  ['77.75.153.0', 25],
  ['77.75.154.128', 25],
] as const) {
  sources.addSubnet(net, bits, 'ipv4')
}
for (const address of ['77.75.156.11', '77.75.156.35']) sources.addAddress(address, 'ipv4')
for (const net of ['2a02:5180:0:1509::', '2a02:5180:0:2655::', '2a02:5180:0:1533::', '2a02:5180:0:2669::']) {
  sources.addSubnet(net, 64, 'ipv6')
}

/**
 * A proxy in front of us names the sender. With several proxies the platform is one of those named; without any
 * nobody is, and the notification stays what it is anyway: a hint.
 */
function checkSource(headers: IncomingHttpHeaders): void {
  const given = headers['x-forwarded-for']
  if (!given) return
  const named = String(given)
    .split(',')
    .map((address) => address.trim())
  if (!named.some(isSource)) {
    throw new BadSignature('The notification does not come from an address of the platform')
  }
}

function isSource(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && sources.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
