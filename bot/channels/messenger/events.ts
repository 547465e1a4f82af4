import type { IncomingEvent } from '../../channel.ts'
import { timeOf } from '../keepable.ts'
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
  /** Of the whole event: what a message without an id is told apart by. */
  hash: string
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
    const until = watermarkOf(watermark)
    // One watermark may come twice, with other ids.
    const id = `delivery:${psid}:${until}:${messageIds.join()}`
    return [{ id: id.length < 900 ? id : null, event: { kind: 'delivered', messageIds, until } }]
  },

  read({ watermark }, { psid }) {
    const until = watermarkOf(watermark)
    return [{ id: `read:${psid}:${until}`, event: { kind: 'read', until } }]
  },

  referral: readReferral,
  // The plug-in that people write to the page by from some web page names what they were looking at.
  optin: (optin, about) => (text(optin['ref']) === null ? [] : readReferral(optin, about)),

  pass_thread_control: ({ new_owner_app_id: owner }, { appId }) => [handover(text(owner), appId)],
  take_thread_control: ({ new_owner_app_id: owner }, { appId }) => [handover(text(owner), appId)],

  policy_enforcement: ({ action, reason }) => [
    { id: null, event: { kind: 'warning', words: [text(action), text(reason)].filter(Boolean).join(': ') } },
  ],
}

/** Up to when, milliseconds; 0, which reaches nothing, where it is no time. */
const watermarkOf = (value: unknown): number => (Number(value) ? timeOf(Number(value)) : 0)

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

function readReferral({ ref }: Fields, { psid, timestamp }: About): Read[] {
  const event: IncomingEvent = { kind: 'referral', ref: text(ref) ?? '' }
  return [{ id: `referral:${psid}:${timestamp}:${event.ref}`, event }]
}

function readMessage(message: Fields, { hash }: About): Read[] {
  const mid = text(message['mid']) || hash
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
  const read = readMessages(mid, message).map(
    (one): Read => ({ id: one.id, event: { kind: 'message', message: one } }),
  )
  // The first words after an advertisement say which one it was.
  const ref = text(fieldsOf(message['referral'])['ref'])
  return ref === null ? read : [...read, { id: `${mid}:ref`, event: { kind: 'referral', ref } }]
}

function readPostback(postback: Fields, { psid, timestamp }: About): Read[] {
  const title = text(postback['title'])
  // While another app has the chat, its buttons are told without what they carry.
  const data = text(postback['payload']) ?? (title === null ? null : '')
  if (data === null) return []
  const mid = text(postback['mid'])
  const id = mid ?? `postback:${psid}:${timestamp}:${data}`
  const ref = text(fieldsOf(postback['referral'])['ref'])
  const first: Read =
    data === 'get_started'
      ? { id, event: { kind: 'follow', unblocked: false } }
      : { id, event: { kind: 'postback', data, label: title ?? '', messageId: mid } }
  return ref === null ? [first] : [first, { id: `${id}:ref`, event: { kind: 'referral', ref } }]
}

/** The page's own inbox, as an app. */
const inboxAppId = '263902037430900'

/** Who has the chat now; when nobody is named, somebody has taken it from us. */
function handover(owner: string | null, appId: string | null): Read {
  const ours = owner !== null && (appId ? owner === appId : owner !== inboxAppId)
  return { id: null, event: { kind: 'handover', ours } }
}
