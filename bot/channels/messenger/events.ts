import type { IncomingEvent } from '../../channel.ts'
import { type Fields, fieldsOf, isFields, text } from './fields.ts'
import { readMessages } from './messages.ts'
import { saysItsLabel } from './send.ts'

/** `id`: what the event is told apart by; null where Meta gives nothing, and its whole text has to do. */
interface Read {
  id: string | null
  event: IncomingEvent
}
interface About {
  psid: string | null
  timestamp: number
  /** Our own app, where it is known. */
  appId: string | null
}

/** What an event says, by the one of these keys that it has. What is not here is stored and left alone. */
const readers: Record<string, (value: Fields, about: About) => Read[]> = {
  message: readMessage,
  postback: readPostback,

  reaction({ mid, action, emoji, reaction }, { psid, timestamp }) {
    const messageId = text(mid)
    if (!messageId) return []
    const sign = action === 'unreact' ? null : (text(emoji) ?? text(reaction) ?? '❤')
    const id = `reaction:${psid}:${messageId}:${timestamp}:${String(action)}`
    return [{ id, event: { kind: 'reaction', messageId, emoji: sign } }]
  },

  message_edit({ mid, text: words, num_edit: count }, { timestamp }) {
    const messageId = text(mid)
    if (!messageId) return []
    const event: IncomingEvent = { kind: 'edited', messageId, text: text(words) ?? '' }
    return [{ id: `edit:${messageId}:${text(count) ?? timestamp}`, event }]
  },

  delivery({ mids, watermark }, { psid }) {
    const messageIds = (Array.isArray(mids) ? mids : []).flatMap((mid) => text(mid) ?? [])
    const until = Number(watermark) || 0
    // One watermark may come twice, with other ids.
    const id = `delivery:${psid}:${until}:${messageIds.join()}`
    return [{ id: id.length < 900 ? id : null, event: { kind: 'delivered', messageIds, until } }]
  },

  read({ watermark }, { psid }) {
    const until = Number(watermark) || 0
    return [{ id: `read:${psid}:${until}`, event: { kind: 'read', until } }]
  },

  referral({ ref }, { psid, timestamp }) {
    const event: IncomingEvent = { kind: 'referral', ref: text(ref) ?? '' }
    return [{ id: `referral:${psid}:${timestamp}:${event.ref}`, event }]
  },

  pass_thread_control: ({ new_owner_app_id: owner }, { appId }) => [handover(text(owner), appId)],
  take_thread_control: ({ new_owner_app_id: owner }, { appId }) => [handover(text(owner), appId)],

  policy_enforcement: ({ action, reason }) => [
    { id: null, event: { kind: 'warning', words: [text(action), text(reason)].filter(Boolean).join(': ') } },
  ],
}

export function readEvent(event: Fields, about: About): Read[] {
  for (const [name, reader] of Object.entries(readers)) {
    const value = event[name]
    if (isFields(value) && (about.psid !== null || name === 'policy_enforcement')) {
      const read = reader(value, about)
      if (read.length) return read
    }
  }
  const type = Object.keys(event).find((key) => !['sender', 'recipient', 'timestamp'].includes(key))
  return [{ id: null, event: { kind: 'ignored', type: type ?? 'unknown' } }]
}

function readMessage(message: Fields): Read[] {
  const mid = text(message['mid'])
  if (!mid) return []
  if (message['is_echo'] === true) {
    const [first] = readMessages(mid, message)
    const mark = text(message['metadata'])
    return first ? [{ id: `echo:${mid}`, event: { kind: 'echo', mark, message: first } }] : []
  }
  if (message['is_deleted'] === true)
    return [{ id: `gone:${mid}`, event: { kind: 'unsend', messageId: mid } }]
  const payload = text(fieldsOf(message['quick_reply'])['payload'])
  if (payload && payload !== saysItsLabel) {
    const label = text(message['text']) ?? ''
    return [{ id: mid, event: { kind: 'postback', data: payload, label, messageId: mid } }]
  }
  // The same message may come again with another time: only its id counts.
  return readMessages(mid, message).map((one) => ({ id: one.id, event: { kind: 'message', message: one } }))
}

function readPostback(postback: Fields, { psid, timestamp }: About): Read[] {
  const data = text(postback['payload'])
  if (data === null) return []
  const mid = text(postback['mid'])
  const id = mid ?? `postback:${psid}:${timestamp}:${data}`
  const ref = text(fieldsOf(postback['referral'])['ref'])
  const first: Read =
    data === 'get_started'
      ? { id, event: { kind: 'follow', unblocked: false } }
      : { id, event: { kind: 'postback', data, label: text(postback['title']) ?? '', messageId: mid } }
  return ref === null ? [first] : [first, { id: `${id}:ref`, event: { kind: 'referral', ref } }]
}

/** The page's own inbox, as an app. */
const inboxAppId = '263902037430900'

/** Who has the chat now; when nobody is named, somebody has taken it from us. */
function handover(owner: string | null, appId: string | null): Read {
  const ours = owner !== null && (appId ? owner === appId : owner !== inboxAppId)
  return { id: null, event: { kind: 'handover', ours } }
}
