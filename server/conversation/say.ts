import mongoose, { type ClientSession, type Types } from 'mongoose'
import { Conversations, type Message, Messages } from '../../models/conversation.ts'
import { announce, publish } from '../broker/index.ts'
import { isDuplicate, now, transaction } from '../database/index.ts'
import { previewOf } from './preview.ts'

export interface Words {
  conversation: Types.ObjectId
  channel: string
  kind: 'text' | 'image' | 'card'
  /** Of a card: what is shown where cards cannot be. */
  text: string
  /** A staff id, or `bot`. */
  author: string
  card?: unknown
  media?: Types.ObjectId
  order?: Types.ObjectId
  quickReplies?: { label: string; data?: string }[]
  /** Said once, however often it is asked for. */
  once?: string
  /** The client's own id: the same again is the same message. */
  clientId?: string
}

/**
 * Puts a message in line to be sent, in the transaction of what causes it. Sending follows by itself, in order. With
 * `once` or `clientId`, throws the database's duplicate error when somebody else was first at this very moment.
 */
export async function queueMessage(session: ClientSession, words: Words): Promise<Message> {
  const present = await findSaid(words, session)
  if (present) return present
  const message = newOutbound(words)
  await Messages.collection.insertOne(message, { session })
  const isAnswer = words.author !== 'bot'
  await Conversations.updateOne(
    { _id: words.conversation },
    {
      $set: { preview: previewOf(message), ...(isAnswer && { waitingSince: null }) },
      $max: { lastMessageAt: message.at },
    },
    { session },
  )
  await publish(session, 'message.queued', String(words.conversation), {
    conversationId: String(words.conversation),
  })
  return message
}

/** Says something to a customer: stored now, sent as soon as the channel takes it. */
export async function say(words: Words): Promise<Message> {
  const message = await queueOrFind(words)
  announce('message.changed', { messageId: String(message._id) })
  announce('conversation.changed', { conversationId: String(message.conversation) })
  return message
}

async function queueOrFind(words: Words): Promise<Message> {
  try {
    return await transaction((session) => queueMessage(session, words))
  } catch (error) {
    const winner = isDuplicate(error) ? await findSaid(words) : null
    if (!winner) throw error
    return winner
  }
}

/** A note among staff: never sent to anybody. */
export async function addNote(note: {
  conversation: Types.ObjectId
  channel: string
  text: string
  author: string
  clientId?: string
}): Promise<Message> {
  const present = await findSaid(note)
  if (present) return present
  const message: Message = {
    ...newOutbound({ ...note, kind: 'text' }),
    direction: 'note',
    state: 'sent',
  }
  try {
    await Messages.collection.insertOne(message)
  } catch (error) {
    const winner = isDuplicate(error) ? await findSaid(note) : null
    if (!winner) throw error
    return winner
  }
  announce('message.changed', { messageId: String(message._id) })
  return message
}

async function findSaid(
  words: Pick<Words, 'conversation' | 'once' | 'clientId'>,
  session?: ClientSession,
): Promise<Message | null> {
  const { conversation, once, clientId } = words
  const options = session ? { session } : {}
  if (once) return Messages.findOne({ once }, null, options).lean()
  if (clientId) return Messages.findOne({ conversation, clientId }, null, options).lean()
  return null
}

function newOutbound(words: Words): Message {
  const at = now()
  return {
    _id: new mongoose.Types.ObjectId(),
    conversation: words.conversation,
    channel: words.channel,
    externalId: null,
    direction: 'out',
    kind: words.kind,
    text: words.text,
    media: words.media ?? null,
    data: null,
    card: words.card ?? null,
    order: words.order ?? null,
    author: words.author,
    state: 'queued',
    failure: null,
    ...(words.once && { once: words.once }),
    ...(words.clientId && { clientId: words.clientId }),
    quickReplies: words.quickReplies ?? null,
    retryKey: null,
    via: null,
    tries: 0,
    sendAfter: null,
    at,
    createdAt: at,
    updatedAt: at,
  }
}
