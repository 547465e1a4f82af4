import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { validateSignature, type webhook } from '@line/bot-sdk'
import {
  BadBody,
  BadSignature,
  type Incoming,
  type IncomingEvent,
  type IncomingMessage,
} from '../../channel.ts'
import { keepable, timeOf } from '../keepable.ts'

/** What LINE's console used to send as its own check, with tokens that nobody may answer. */
const checkUser = /^Udeadbeef/

/** Any JSON at all may come, even signed: LINE adds types without notice. */
type Loose<T> = { [K in keyof T]?: T[K] | undefined }
type LineEvent = Loose<webhook.EventBase> & Record<string, unknown>

/**
 * Reads a webhook of LINE. The signature is over the raw bytes: LINE escapes characters inside the JSON, so a body
 * that was parsed and written again never fits.
 */
export function readLine(
  headers: IncomingHttpHeaders,
  body: Buffer,
  shop: { secret: string; botUserId: string | null },
): Incoming[] {
  const signature = headers['x-line-signature']
  // The SDK throws a TypeError when there is none.
  if (typeof signature !== 'string' || !validateSignature(body, shop.secret, signature)) {
    throw new BadSignature('The signature of this LINE webhook does not fit its body')
  }
  const { destination, events } = parse(body)
  const foreign = shop.botUserId !== null && destination !== shop.botUserId
  return events.filter(isObject).map((event) => readEvent(event as LineEvent, foreign))
}

function parse(body: Buffer): { destination: unknown; events: unknown[] } {
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString('utf8'))
  } catch {
    throw new BadBody('The body is not JSON')
  }
  if (!isObject(parsed) || !Array.isArray(parsed['events'])) throw new BadBody('The body has no events')
  return { destination: parsed['destination'], events: parsed['events'] }
}

function readEvent(event: LineEvent, foreign: boolean): Incoming {
  const source: Record<string, unknown> = isObject(event.source) ? event.source : {}
  const userId = text(source['userId'])
  const group = readGroup(source)
  return {
    eventId: text(event.webhookEventId) || hashOf(event),
    key: group?.id ?? userId ?? 'nobody',
    timestamp: timeOf(event.timestamp),
    externalId: group ? null : userId,
    replyToken: text(event['replyToken']),
    event: foreign ? { kind: 'ignored', type: 'other_account' } : readKind(event, { userId, group }),
  }
}

function readKind(
  event: LineEvent,
  { userId, group }: { userId: string | null; group: { type: string; id: string } | null },
): IncomingEvent {
  const type = text(event.type) ?? 'unknown'
  const ignored: IncomingEvent = { kind: 'ignored', type }
  // In standby another module has the chat: whatever we sent would be a second voice.
  if (event.mode === 'standby') return { kind: 'ignored', type: 'standby' }
  if (group) return readInGroup(type, group)
  if (type === 'botSuspended') return { kind: 'warning', words: 'the account has been suspended' }
  if (!userId || checkUser.test(userId)) return ignored
  switch (type) {
    case 'message': {
      const message = isObject(event['message']) ? readMessage(event['message']) : null
      return message ? { kind: 'message', message } : ignored
    }
    case 'messageEdited': {
      const message = isObject(event['message']) ? event['message'] : {}
      const id = text(message['id'])
      return id ? { kind: 'edited', messageId: id, text: text(message['text']) ?? '' } : ignored
    }
    case 'postback': {
      const data = isObject(event['postback']) ? text(event['postback']['data']) : null
      return data === null ? ignored : { kind: 'postback', data, label: '', messageId: null }
    }
    case 'unsend': {
      const id = isObject(event['unsend']) ? text(event['unsend']['messageId']) : null
      return id ? { kind: 'unsend', messageId: id } : ignored
    }
    case 'follow': {
      const follow = isObject(event['follow']) ? event['follow'] : {}
      return { kind: 'follow', unblocked: follow['isUnblocked'] === true }
    }
    case 'unfollow':
      return { kind: 'unfollow' }
    default:
      return ignored
  }
}

function readInGroup(type: string, group: { type: string; id: string }): IncomingEvent {
  if (type === 'join') return { kind: 'joined', group }
  // After a leave, or when only other members come and go, there is nothing to leave any more.
  return type === 'message' || type === 'postback' ? { kind: 'group', group } : { kind: 'ignored', type }
}

function readGroup(source: Record<string, unknown>): { type: string; id: string } | null {
  const id = text(source['groupId']) ?? text(source['roomId'])
  return id ? { type: text(source['groupId']) ? 'group' : 'room', id } : null
}

const kinds = ['text', 'image', 'video', 'audio', 'file', 'sticker', 'location'] as const
const withContent = ['image', 'video', 'audio', 'file']

function readMessage(message: Record<string, unknown>): IncomingMessage | null {
  const id = text(message['id'])
  if (!id) return null
  const kind = kinds.find((one) => one === message['type']) ?? 'unknown'
  const provider = isObject(message['contentProvider']) ? message['contentProvider'] : { type: 'line' }
  return {
    id,
    kind,
    text:
      text(message['text']) ?? [text(message['title']), text(message['address'])].filter(Boolean).join(', '),
    // What lies elsewhere lies at an address that the sender chose: it is shown as a link, and never fetched.
    mediaReference: withContent.includes(kind) && provider['type'] === 'line' ? id : null,
    data: dataOf(message),
  }
}

/** What a kind carries besides its text; tokens are left out, as nobody needs them and they open something. */
function dataOf(message: Record<string, unknown>): Record<string, unknown> {
  const { id: _, text: __, quoteToken: ___, markAsReadToken: ____, ...rest } = message
  return keepable(rest) as Record<string, unknown>
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
/** Ids are digits: tools that write tests send some of them as numbers. */
const text = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null
const hashOf = (event: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(keepable(event)))
    .digest('hex')
