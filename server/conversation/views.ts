import mongoose, { type Types } from 'mongoose'
import {
  type Conversation,
  Conversations,
  type Media,
  MediaFiles,
  type Message,
  Messages,
  ReadStates,
} from '../../models/conversation.ts'
import { type Customer, Customers } from '../../models/customer.ts'
import { type Order, Orders } from '../../models/order.ts'
import { Users } from '../../models/user.ts'
import { publicName } from '../customer/index.ts'
import type { ConversationView, MessageView } from './contract.ts'

type MediaFacts = Omit<Media, 'bytes' | 'source'>
type OrderFacts = Pick<Order, '_id' | 'regNo' | 'state' | 'totals' | 'currency' | 'conversation'>
const mostCounted = 99

/** Conversations as this staff member sees them, in the order given. */
export async function viewConversations(
  conversations: Conversation[],
  staffId: string,
): Promise<ConversationView[]> {
  const ids = conversations.map(({ _id }) => _id)
  const [customers, reads, orders, names] = await Promise.all([
    Customers.find({ _id: { $in: conversations.map(({ customer }) => customer) } }).lean(),
    ReadStates.find({ staff: staffId, conversation: { $in: ids } }).lean(),
    latestOrders(ids),
    namesOf(conversations.flatMap(({ assignee }) => (assignee ? [String(assignee)] : []))),
  ])
  const customerOf = new Map(customers.map((customer) => [String(customer._id), customer]))
  const readOf = new Map(reads.map(({ conversation, readAt }) => [String(conversation), readAt]))
  return Promise.all(
    conversations.map(async (conversation) =>
      viewConversation(conversation, {
        customer: customerOf.get(String(conversation.customer)),
        order: orders.get(String(conversation._id)),
        unread: await countUnread(conversation, readOf.get(String(conversation._id))),
        names,
      }),
    ),
  )
}

/** One conversation as this staff member sees it, or null. */
export async function viewConversationById(id: string, staffId: string): Promise<ConversationView | null> {
  const conversation = await Conversations.findById(id).lean()
  return conversation ? ((await viewConversations([conversation], staffId))[0] ?? null) : null
}

function viewConversation(
  conversation: Conversation,
  about: {
    customer: Customer | undefined
    order: OrderFacts | undefined
    unread: number
    names: Map<string, string>
  },
): ConversationView {
  const { customer, order, unread, names } = about
  const { channel, externalId, assignee } = conversation
  const identity = customer?.identities.find(
    (one) => one.channel === channel && one.externalId === externalId,
  )
  return {
    id: String(conversation._id),
    channel,
    customer: {
      id: String(conversation.customer),
      number: customer?.number ?? 0,
      name: customer ? publicName(customer) : '',
      picture: customer?.picture ?? null,
      domain: customer?.domain ?? 'LEAD',
      status: customer?.status ?? 'FOLLOW',
      language: customer?.language ?? 'en',
      reachable: identity?.reachable ?? false,
    },
    state: conversation.state,
    assignee: assignee ? { id: String(assignee), name: names.get(String(assignee)) ?? '' } : null,
    preview: conversation.preview,
    lastMessageAt: conversation.lastMessageAt.toISOString(),
    waitingSince: conversation.waitingSince?.toISOString() ?? null,
    window: conversation.window && {
      anybody: conversation.window.anybody.toISOString(),
      staff: conversation.window.staff.toISOString(),
    },
    elsewhere: conversation.elsewhere ?? false,
    unread,
    order: order
      ? {
          id: String(order._id),
          regNo: order.regNo,
          state: order.state,
          total: order.totals.total,
          currency: order.currency,
        }
      : null,
  }
}

/** Counted only where something came in since: most conversations cost nothing. */
async function countUnread(conversation: Conversation, readAt: Date | undefined): Promise<number> {
  const { lastInboundAt } = conversation
  if (!lastInboundAt || (readAt && readAt >= lastInboundAt)) return 0
  return Messages.countDocuments(
    {
      conversation: conversation._id,
      at: { $gt: readAt ?? new Date(0) },
      direction: 'in',
      state: 'received',
      kind: { $ne: 'event' },
    },
    { limit: mostCounted },
  )
}

async function latestOrders(conversations: Types.ObjectId[]): Promise<Map<string, OrderFacts>> {
  const orders = await Orders.find(
    { conversation: { $in: conversations }, openedAt: { $ne: null } },
    { regNo: 1, state: 1, totals: 1, currency: 1, conversation: 1 },
  )
    .sort({ createdAt: 1 })
    .lean<OrderFacts[]>()
  return new Map(orders.map((order) => [String(order.conversation), order]))
}

/** Messages as the console draws them, in the order given. */
export async function viewMessages(messages: Message[]): Promise<MessageView[]> {
  const media = messages.flatMap((message) => (message.media ? [message.media] : []))
  const [reached, files, names] = await Promise.all([
    reachedIn(messages),
    media.length
      ? MediaFiles.find({ _id: { $in: media } }, { bytes: 0, source: 0 }).lean<MediaFacts[]>()
      : [],
    namesOf(messages.flatMap(({ author }) => (author && mongoose.isValidObjectId(author) ? [author] : []))),
  ])
  const fileOf = new Map(files.map((file) => [String(file._id), file]))
  return messages.map((message) =>
    viewMessage(message, {
      file: fileOf.get(String(message.media)),
      names,
      reached: reached.get(String(message.conversation)) ?? null,
    }),
  )
}

/** One message as the console draws it, or null. */
export async function viewMessageById(id: string): Promise<MessageView | null> {
  const message = await Messages.findById(id).lean()
  return message ? ((await viewMessages([message]))[0] ?? null) : null
}

/** How far what went out has come, by conversation: only where a platform tells. */
async function reachedIn(messages: Message[]): Promise<Map<string, Conversation['reached']>> {
  const ids = new Set(messages.flatMap((one) => (one.direction === 'out' ? [String(one.conversation)] : [])))
  if (!ids.size) return new Map()
  const found = await Conversations.find(
    { _id: { $in: [...ids] }, reached: { $ne: null } },
    { reached: 1 },
  ).lean()
  return new Map(found.map(({ _id, reached }) => [String(_id), reached]))
}

function receiptOf(message: Message, reached: Conversation['reached']): MessageView['receipt'] {
  const { sentAt, deliveredAt, state } = message
  if (state !== 'sent' || !sentAt) return null
  if (reached?.read && sentAt <= reached.read) return 'read'
  return deliveredAt || (reached?.delivered && sentAt <= reached.delivered) ? 'delivered' : null
}

function viewMessage(
  message: Message,
  about: { file: MediaFacts | undefined; names: Map<string, string>; reached: Conversation['reached'] },
): MessageView {
  const { file, names, reached } = about
  const { author } = message
  return {
    id: String(message._id),
    conversationId: String(message.conversation),
    direction: message.direction,
    kind: message.kind,
    text: message.text,
    media: file
      ? { url: mediaPath(file), type: file.type, name: file.name, size: file.size, state: file.state }
      : null,
    data: (message.data as Record<string, unknown> | null) ?? null,
    card: message.card ?? null,
    orderId: message.order ? String(message.order) : null,
    author: author ? { id: author, name: names.get(author) ?? '' } : null,
    state: message.state,
    failure: message.failure,
    receipt: receiptOf(message, reached),
    clientId: message.clientId ?? null,
    at: message.at.toISOString(),
  }
}

/** Where a stored picture or file is read. */
export const mediaPath = ({ key }: { key: string }): string => `/media/${key}`

/** Names of staff; `bot` has none, screens have a word for it. */
export async function namesOf(ids: string[]): Promise<Map<string, string>> {
  if (!ids.length) return new Map()
  const users = await Users.find(
    { _id: { $in: [...new Set(ids)] } },
    { firstName: 1, lastName: 1, username: 1 },
  ).lean()
  return new Map(
    users.map(({ _id, firstName, lastName, username }) => [
      String(_id),
      `${firstName} ${lastName}`.trim() || username,
    ]),
  )
}
