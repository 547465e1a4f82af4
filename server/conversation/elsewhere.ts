import mongoose from 'mongoose'
import { type Conversation, Conversations, type Message, Messages } from '../../models/conversation.ts'
import { announce } from '../broker/index.ts'
import { isDuplicate, now } from '../database/index.ts'
import { previewOf } from './preview.ts'
import type { Place, Received } from './receive.ts'

/**
 * A colleague has written to the customer in the platform's own inbox: shown as such, once, and never taken for the
 * customer's words. Whoever waited has been answered.
 */
export async function heardElsewhere(
  place: Place,
  said: Pick<Received, 'externalId' | 'kind' | 'text' | 'data' | 'at'>,
): Promise<void> {
  const at = new Date(Math.min(said.at.getTime(), now().getTime()))
  const message: Message = {
    _id: new mongoose.Types.ObjectId(),
    conversation: place._id,
    channel: place.channel,
    externalId: said.externalId,
    direction: 'out',
    kind: said.kind,
    text: said.text,
    media: null,
    data: said.data,
    card: null,
    order: null,
    author: 'elsewhere',
    state: 'sent',
    failure: null,
    quickReplies: null,
    retryKey: null,
    via: null,
    tries: 0,
    sendAfter: null,
    sentAt: said.at,
    at,
    createdAt: now(),
    updatedAt: now(),
  }
  try {
    await Messages.collection.insertOne(message)
  } catch (error) {
    if (isDuplicate(error)) return
    throw error
  }
  await Conversations.collection.updateOne({ _id: place._id }, [
    {
      $set: {
        preview: { $literal: previewOf(message) },
        lastMessageAt: { $max: ['$lastMessageAt', at] },
        waitingSince: null,
        // Somebody has spoken to them: a greeting by machine would come too late.
        greetedAt: { $ifNull: ['$greetedAt', at] },
      },
    },
  ])
  announce('message.changed', { messageId: String(message._id) })
  announce('conversation.changed', { conversationId: String(place._id) })
}

const mostTold = 30

/** Up to this moment of the platform's, what went out has arrived, or was read. Moments only move forward. */
export async function noteReached(
  place: Place,
  what: 'delivered' | 'read',
  { until, externalIds = [] }: { until: Date; externalIds?: string[] },
): Promise<void> {
  if (externalIds.length) {
    await Messages.updateMany(
      { channel: place.channel, externalId: { $in: externalIds }, deliveredAt: { $exists: false } },
      { $set: { deliveredAt: until } },
    )
  }
  const path = `reached.${what}`
  const before = (await Conversations.collection.findOneAndUpdate(
    { _id: place._id, $or: [{ reached: null }, { [path]: null }, { [path]: { $lt: until } }] },
    [{ $set: { [path]: until } }],
    { returnDocument: 'before' },
  )) as Conversation | null
  if (!before) return
  const since = before.reached?.[what] ?? new Date(0)
  const moved = await Messages.find(
    { conversation: place._id, direction: 'out', sentAt: { $gt: since, $lte: until } },
    { _id: 1 },
  )
    .sort({ _id: -1 })
    .limit(mostTold)
    .lean()
  for (const { _id } of moved) announce('message.changed', { messageId: String(_id) })
}

/** The customer put a sign on a message, or took it away; null for none. */
export async function noteReaction(place: Place, externalId: string, emoji: string | null): Promise<void> {
  const message = await Messages.collection.findOneAndUpdate(
    { channel: place.channel, externalId },
    [{ $set: { data: { $mergeObjects: [{ $ifNull: ['$data', {}] }, { reaction: { $literal: emoji } }] } } }],
    { projection: { _id: 1 } },
  )
  if (message) announce('message.changed', { messageId: String(message._id) })
}

/** The customer did something that lets the shop write for a while. */
export async function openWindow(
  place: Place,
  at: Date,
  window: { anybody: number; staff: number } | null,
): Promise<void> {
  if (!window) return
  await Conversations.collection.updateOne({ _id: place._id }, [{ $set: { window: windowFrom(at, window) } }])
}

/** As a stage of an update: what is open already is never shortened by something that comes late. */
export const windowFrom = (at: Date, window: { anybody: number; staff: number }) => ({
  anybody: { $max: ['$window.anybody', new Date(at.getTime() + window.anybody)] },
  staff: { $max: ['$window.staff', new Date(at.getTime() + window.staff)] },
})

/** Another app answers this customer from now on, or we do again. */
export async function setElsewhere(place: Place, elsewhere: boolean): Promise<void> {
  await Conversations.updateOne({ _id: place._id }, { $set: { elsewhere } })
  announce('conversation.changed', { conversationId: String(place._id) })
}
