import mongoose, { type Types } from 'mongoose'
import { type Conversation, Conversations } from '../../models/conversation.ts'
import { isDuplicate, now } from '../database/index.ts'

/**
 * The one conversation with a person on a channel; made when there is none. Safe for two first messages that arrive
 * at once.
 */
export async function openConversation(person: {
  channel: string
  externalId: string
  customer: Types.ObjectId
}): Promise<Conversation> {
  const { channel, externalId, customer } = person
  const found = await findConversation(channel, externalId)
  if (found) return found
  const at = now()
  const conversation: Conversation = {
    _id: new mongoose.Types.ObjectId(),
    channel,
    customer,
    externalId,
    state: 'open',
    snoozedUntil: null,
    assignee: null,
    lastMessageAt: at,
    preview: '',
    lastInboundAt: null,
    waitingSince: null,
    reply: null,
    window: null,
    reached: null,
    elsewhere: false,
    greetedAt: null,
    awayNoticeAt: null,
    sendLease: null,
    createdAt: at,
    updatedAt: at,
  }
  try {
    await Conversations.collection.insertOne(conversation)
    return conversation
  } catch (error) {
    if (!isDuplicate(error)) throw error
    const winner = await findConversation(channel, externalId)
    if (!winner) throw error
    return winner
  }
}

/** The conversation with a person on a channel, or null. */
export const findConversation = (channel: string, externalId: string): Promise<Conversation | null> =>
  Conversations.findOne({ channel, externalId }).lean()

/** Takes the reply token, so that nobody else uses it; null when there is none that is still fresh. */
export async function claimReplyToken(conversation: Types.ObjectId, window: number): Promise<string | null> {
  const freshest = new Date(now().getTime() - window)
  const before = await Conversations.findOneAndUpdate(
    { _id: conversation, 'reply.receivedAt': { $gt: freshest } },
    { $set: { reply: null } },
    { returnDocument: 'before' },
  ).lean()
  return before?.reply?.token ?? null
}
