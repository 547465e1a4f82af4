import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { BadBody, BadSignature, type Incoming, NotOurs } from '../../channel.ts'
import { keepable, timeOf } from '../keepable.ts'
import { readEvent } from './events.ts'
import { type Fields, fieldsOf, isFields, text } from './fields.ts'

/**
 * Reads a webhook of Messenger: up to a thousand events about several people and several pages in one body. The
 * signature is over the raw bytes: Meta writes what is not ASCII as \uXXXX, so what was parsed and written again
 * never fits.
 */
export function readMessenger(
  headers: IncomingHttpHeaders,
  body: Buffer,
  page: { appSecret: string; pageId: string; appId: string | null },
): Incoming[] {
  checkSignature(headers['x-hub-signature-256'], body, page.appSecret)
  const { object, entry } = parse(body)
  if (object !== 'page') throw new NotOurs(`This address is for pages, not for ${String(object)}`)
  if (!Array.isArray(entry)) throw new BadBody('The body has no entries')
  return entry.filter(isFields).flatMap((one) => {
    const foreign = text(one['id']) !== page.pageId
    const active = listOf(one['messaging']).flatMap((event) => read(event, page, { foreign, standby: false }))
    const standby = listOf(one['standby']).flatMap((event) => read(event, page, { foreign, standby: true }))
    // Meta's own tests, and some subscriptions, tell the same events as changes.
    const changes = listOf(one['changes']).flatMap(({ value }) =>
      read(fieldsOf(value), page, { foreign, standby: false }),
    )
    return [...active, ...standby, ...changes]
  })
}

function checkSignature(header: string | string[] | undefined, body: Buffer, secret: string): void {
  const given = typeof header === 'string' && header.startsWith('sha256=') ? header.slice(7) : ''
  const wanted = createHmac('sha256', secret).update(body).digest('hex')
  // Lengths first: the comparison takes no others.
  if (given.length !== wanted.length || !timingSafeEqual(Buffer.from(given), Buffer.from(wanted))) {
    throw new BadSignature('The signature of this Messenger webhook does not fit its body')
  }
}

function parse(body: Buffer): Fields {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    if (isFields(parsed)) return parsed
  } catch {
    // Told below.
  }
  throw new BadBody('The body is not what Messenger sends')
}

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])

/** One event of theirs, which may be several of ours: a message with ten pictures is ten messages. */
function read(
  event: Fields,
  page: { pageId: string; appId: string | null },
  { foreign, standby }: { foreign: boolean; standby: boolean },
): Incoming[] {
  const isEcho = fieldsOf(event['message'])['is_echo'] === true
  const person = text(fieldsOf(event[isEcho ? 'recipient' : 'sender'])['id'])
  // Their checkbox gives no id, and a page that speaks to itself is nobody.
  const psid = person && person !== page.pageId ? person : null
  const timestamp = timeOf(event['timestamp'])
  const about = {
    key: psid ?? 'nobody',
    timestamp,
    externalId: psid,
    replyToken: null,
    ...(standby && { standby }),
  }
  const hash = hashOf(event)
  if (foreign) return [{ ...about, eventId: hash, event: { kind: 'ignored', type: 'other_account' } }]
  return readEvent(event, { psid, timestamp, appId: page.appId, hash }).map(({ id, event: read }) => ({
    ...about,
    eventId: id ?? hash,
    event: read,
  }))
}

const hashOf = (event: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(keepable(event)))
    .digest('hex')
