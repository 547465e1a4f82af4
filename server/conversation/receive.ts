import { randomBytes } from 'node:crypto'
import mongoose, { type Types } from 'mongoose'
import {
  type Conversation,
  Conversations,
  type Media,
  MediaFiles,
  type Message,
  Messages,
} from '../../models/conversation.ts'
import type { MessageKind } from '../../models/states.ts'
import { announce } from '../broker/index.ts'
import { isDuplicate, now } from '../database/index.ts'
import { windowFrom } from './elsewhere.ts'
import { dropMedia } from './media-parts.ts'
import { previewOf } from './preview.ts'

export interface Received {
  /** The platform's id of the message; unique in its channel. */
  externalId: string
  kind: MessageKind
  text: string
  data: unknown
  /** When it was written. */
  at: Date
  /** What the platform is asked for to copy the picture or file. */
  mediaReference: string | null
  /** False where a machine answers: nobody waits for staff then. */
  waits: boolean
  /** The freshest reply token: single use, and good for less than a minute, but it saves one of the month's messages. */
  reply: { token: string; receivedAt: Date } | null
  /** How long the shop may write now that the customer has done this, milliseconds; null where it always may. */
  window?: { anybody: number; staff: number } | null
  /** The bot shall not speak here: another app does. */
  quiet?: boolean
}

/** What never changes about a conversation. */
export type Place = Pick<Conversation, '_id' | 'channel'>

/**
 * Stores what a customer wrote, once, and brings the conversation up to date: two writes. Every step can be repeated,
 * so that a second delivery or a crash in between changes nothing. Answers with the conversation as it is now; null
 * when the author has taken the message back already.
 */
export async function receiveMessage(place: Place, received: Received): Promise<Conversation | null> {
  const { channel } = place
  const { externalId } = received
  // A platform's clock may be ahead of ours: nothing is shown as written in the future.
  const at = new Date(Math.min(received.at.getTime(), now().getTime()))
  const message = await insertOnce(newInbound(place, { ...received, at }))
  const stored = message ?? (await Messages.findOne({ channel, externalId }).lean())
  if (!stored || stored.state === 'unsent' || (await isOfTakenBack(stored))) return null
  if (stored.media && received.mediaReference) await wantMedia(stored, received)
  const conversation = await noteInbound(place, { ...received, at }, message !== null)
  announce('message.changed', { messageId: String(stored._id) })
  announce('conversation.changed', { conversationId: String(place._id) })
  return conversation
}

/**
 * The author took a message back: what it said is forgotten at once. One that has not arrived yet leaves a mark, so
 * that it is never shown when it does.
 */
export async function takeBack(conversation: Place, externalId: string): Promise<void> {
  const blank = { ...newInbound(conversation, { ...nothing, externalId }), state: 'unsent' as const }
  await insertOnce(blank)
  const parts = await Messages.find(
    { channel: conversation.channel, externalId: partsOf(externalId), direction: 'in' },
    { externalId: 1 },
  ).lean()
  for (const id of [externalId, ...parts.map((part) => part.externalId)]) {
    if (id) await forget(conversation, id)
  }
}

/** Everything that a message says is gone, and so is its file. */
async function forget(conversation: Place, externalId: string): Promise<void> {
  const before = await Messages.findOneAndUpdate(
    { channel: conversation.channel, externalId, direction: 'in' },
    { $set: { state: 'unsent', text: '', data: null, media: null } },
    { returnDocument: 'before' },
  ).lean()
  if (!before) return
  if (before.media) await dropMedia(before.media)
  const preview = previewOf(before)
  if (preview) {
    await Conversations.updateOne(
      { _id: conversation._id, preview },
      { $set: { preview: previewOf(nothing) } },
    )
  }
  announce('message.changed', { messageId: String(before._id) })
  announce('conversation.changed', { conversationId: String(conversation._id) })
}

/** A message with several pictures is several of ours: `<id>`, `<id>#1` … */
const partsOf = (externalId: string) => ({ $gte: `${externalId}#`, $lt: `${externalId}$` })

/** One of several pictures whose message was taken back before it came. */
async function isOfTakenBack(part: Message): Promise<boolean> {
  const whole = /^(.+)#\d+$/.exec(part.externalId ?? '')?.[1]
  if (!whole) return false
  const gone = await Messages.exists({ channel: part.channel, externalId: whole, state: 'unsent' })
  if (gone)
    await Messages.updateOne(
      { _id: part._id },
      { $set: { state: 'unsent', text: '', data: null, media: null } },
    )
  return gone !== null
}

/** The author changed a message. The latest change wins, and one that overtakes its message stands in for it. */
export async function editReceived(
  conversation: Place,
  edit: { externalId: string; text: string; at: Date },
): Promise<void> {
  const { externalId, text, at } = edit
  const data = { editedAt: at.toISOString() }
  await insertOnce(newInbound(conversation, { ...nothing, kind: 'text', externalId, text, at, data }))
  const message = await Messages.findOneAndUpdate(
    {
      channel: conversation.channel,
      externalId,
      direction: 'in',
      state: 'received',
      $or: [{ 'data.editedAt': { $exists: false } }, { 'data.editedAt': { $lt: data.editedAt } }],
    },
    { $set: { text, 'data.editedAt': data.editedAt } },
  ).lean()
  if (message) announce('message.changed', { messageId: String(message._id) })
}

const nothing: Received = {
  externalId: '',
  kind: 'unknown',
  text: '',
  data: null,
  at: new Date(0),
  mediaReference: null,
  waits: false,
  reply: null,
}

function newInbound(conversation: Place, received: Received): Message {
  const created = now()
  return {
    _id: new mongoose.Types.ObjectId(),
    conversation: conversation._id,
    channel: conversation.channel,
    externalId: received.externalId,
    direction: 'in',
    kind: received.kind,
    text: received.text,
    media: received.mediaReference ? new mongoose.Types.ObjectId() : null,
    data: received.data,
    card: null,
    order: null,
    author: null,
    state: 'received',
    failure: null,
    quickReplies: null,
    retryKey: null,
    via: null,
    tries: 0,
    sendAfter: null,
    at: received.at.getTime() === 0 ? created : received.at,
    createdAt: created,
    updatedAt: created,
  }
}

/** The message, or null when the platform's id is known already. */
async function insertOnce(message: Message): Promise<Message | null> {
  try {
    await Messages.collection.insertOne(message)
    return message
  } catch (error) {
    if (isDuplicate(error)) return null
    throw error
  }
}

async function wantMedia(message: Message, { mediaReference, data }: Received): Promise<void> {
  const { fileName } = (data ?? {}) as { fileName?: unknown }
  const wanted: Omit<Media, '_id'> = {
    key: randomBytes(24).toString('base64url'),
    type: 'application/octet-stream',
    name: typeof fileName === 'string' ? fileName.slice(0, 200) : '',
    size: 0,
    width: null,
    height: null,
    state: 'wanted',
    source: { channel: message.channel, reference: mediaReference ?? '', tries: 0, tryAfter: now() },
    bytes: null,
    createdAt: now(),
  }
  await MediaFiles.collection.updateOne(
    { _id: message.media as Types.ObjectId },
    { $setOnInsert: wanted },
    { upsert: true },
  )
}

/**
 * The list's line, the wait, the reopening and the reply token. An older message that comes late does not turn the
 * list back, and one that was noted before is not noted again: staff may have answered since.
 */
async function noteInbound(place: Place, received: Received, isNew: boolean): Promise<Conversation | null> {
  const { at, waits, kind, reply } = received
  const isLatest = { $gte: [at, { $ifNull: ['$lastInboundAt', at] }] }
  const fresher = reply && { $gt: [reply.receivedAt, { $ifNull: ['$reply.receivedAt', new Date(0)] }] }
  // Of something other than words the list says nothing.
  const said = kind !== 'event' && {
    preview: { $cond: [isLatest, { $literal: previewOf(received) }, '$preview'] },
    lastMessageAt: { $max: ['$lastMessageAt', at] },
    lastInboundAt: { $max: ['$lastInboundAt', at] },
  }
  const noted = await Conversations.collection.findOneAndUpdate(
    {
      _id: place._id,
      ...(isNew ? {} : { $or: [{ lastInboundAt: null }, { lastInboundAt: { $lt: at } }] }),
    },
    [
      {
        $set: {
          ...said,
          ...(waits && {
            waitingSince: { $ifNull: ['$waitingSince', at] },
            state: 'open',
            snoozedUntil: null,
          }),
          ...(received.window && { window: windowFrom(at, received.window) }),
          ...(received.quiet && { greetedAt: { $ifNull: ['$greetedAt', at] } }),
          ...(reply && { reply: { $cond: [fresher, { $literal: reply }, '$reply'] } }),
          updatedAt: now(),
        },
      },
    ],
    { returnDocument: 'after' },
  )
  return (noted as Conversation | null) ?? Conversations.findById(place._id).lean()
}
