import mongoose, { type QueryFilter, type Types } from 'mongoose'
import { type Conversation, Conversations, Messages } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import type { ConversationView } from './contract.ts'
import { viewConversations } from './views.ts'

export interface Wanted {
  status: 'open' | 'snoozed' | 'resolved' | 'all'
  assignee: 'me' | 'none' | 'all' | (string & {})
  channel?: string | undefined
  q?: string | undefined
  cursor?: string | undefined
}

const page = 40
const mostFound = 200

/** The list, newest first, with the counts of its tabs and where to go on. */
export async function listConversations(
  wanted: Wanted,
  staffId: string,
): Promise<{
  conversations: ConversationView[]
  next: string | null
  counts: { mine: number; unassigned: number; all: number }
}> {
  const status = wanted.status === 'all' ? {} : { state: wanted.status }
  const channel = wanted.channel ? { channel: wanted.channel } : {}
  const filter: QueryFilter<Conversation> = {
    ...status,
    ...channel,
    ...assigned(wanted.assignee, staffId),
    ...(wanted.q && { _id: { $in: await search(wanted.q) } }),
    ...(wanted.cursor && older(wanted.cursor)),
  }
  const [found, mine, unassigned, all] = await Promise.all([
    Conversations.find(filter)
      .sort({ lastMessageAt: -1, _id: -1 })
      .limit(page + 1)
      .lean(),
    Conversations.countDocuments({ ...status, ...channel, assignee: staffId }),
    Conversations.countDocuments({ ...status, ...channel, assignee: null }),
    Conversations.countDocuments({ ...status, ...channel }),
  ])
  const shown = found.slice(0, page)
  const last = shown.at(-1)
  return {
    conversations: await viewConversations(shown, staffId),
    next: found.length > page && last ? `${last.lastMessageAt.getTime()}-${last._id}` : null,
    counts: { mine, unassigned, all },
  }
}

function assigned(assignee: Wanted['assignee'], staffId: string): QueryFilter<Conversation> {
  if (assignee === 'all') return {}
  if (assignee === 'none') return { assignee: null }
  return { assignee: assignee === 'me' ? staffId : assignee }
}

/** Whatever follows the last row of the page before. */
function older(cursor: string): QueryFilter<Conversation> {
  const [time, id = ''] = cursor.split('-')
  const lastMessageAt = new Date(Number(time))
  return { $or: [{ lastMessageAt: { $lt: lastMessageAt } }, { lastMessageAt, _id: { $lt: id } }] }
}

/** Conversations whose customer's name or number, or whose messages, hold these words. */
async function search(q: string): Promise<Types.ObjectId[]> {
  const words = new RegExp(q.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i')
  const [customers, messages] = await Promise.all([
    Customers.find({ $or: [{ name: words }, { username: words }, { phone: words }] }, { _id: 1 })
      .limit(mostFound)
      .lean(),
    searchMessages(words),
  ])
  const ofCustomers = await Conversations.find(
    { customer: { $in: customers.map(({ _id }) => _id) } },
    { _id: 1 },
  ).lean()
  return [...ofCustomers.map(({ _id }) => _id), ...messages.map(({ conversation }) => conversation)]
}

/**
 * A look through the text of the newest: Thai and Japanese have no spaces that an index of words could use. In a very
 * long history it ends with what it has not found in time.
 */
async function searchMessages(words: RegExp): Promise<{ conversation: Types.ObjectId }[]> {
  try {
    return await Messages.find({ text: words }, { conversation: 1 })
      .sort({ _id: -1 })
      .limit(mostFound)
      .maxTimeMS(3000)
      .lean()
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError && error.codeName === 'MaxTimeMSExpired') return []
    throw error
  }
}
