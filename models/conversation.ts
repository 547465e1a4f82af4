import { model, Schema, type Types } from 'mongoose'
import {
  type ConversationState,
  conversationStates,
  type MessageKind,
  type MessageState,
  messageKinds,
  messageStates,
} from './states.ts'

export interface Conversation {
  _id: Types.ObjectId
  channel: string
  customer: Types.ObjectId
  /** The person's id at the platform: where messages go. */
  externalId: string
  state: ConversationState
  snoozedUntil: Date | null
  assignee: Types.ObjectId | null
  lastMessageAt: Date
  /** One line for the list. */
  preview: string
  /** The newest message from the customer: unread is what a staff member has not seen of them. */
  lastInboundAt: Date | null
  /** Set while the customer waits for an answer. */
  waitingSince: Date | null
  /** The freshest reply token: single use, short-lived, free. */
  reply: { token: string; receivedAt: Date } | null
  /** Until when the platform takes anything, and what staff write, since the customer did something last. */
  window: { anybody: Date; staff: Date } | null
  /** What went out until then has arrived, and was read, by the platform's clock. */
  reached: { delivered: Date | null; read: Date | null } | null
  /** Another app answers here for now: the bot stays silent. */
  elsewhere: boolean
  greetedAt: Date | null
  awayNoticeAt: Date | null
  /** One process sends to one customer at a time. */
  sendLease: { owner: string; until: Date } | null
  createdAt: Date
  updatedAt: Date
}
const conversation = new Schema<Conversation>(
  {
    channel: { type: String, required: true },
    customer: { type: Schema.Types.ObjectId, required: true },
    externalId: { type: String, required: true },
    state: { type: String, enum: conversationStates, default: 'open' },
    snoozedUntil: { type: Date, default: null },
    assignee: { type: Schema.Types.ObjectId, default: null },
    lastMessageAt: { type: Date, required: true },
    preview: { type: String, default: '' },
    lastInboundAt: { type: Date, default: null },
    waitingSince: { type: Date, default: null },
    reply: { type: Schema.Types.Mixed, default: null },
    window: { type: Schema.Types.Mixed, default: null },
    reached: { type: Schema.Types.Mixed, default: null },
    elsewhere: { type: Boolean, default: false },
    greetedAt: { type: Date, default: null },
    awayNoticeAt: { type: Date, default: null },
    sendLease: { type: Schema.Types.Mixed, default: null },
  },
  { strict: 'throw', timestamps: true, versionKey: false },
)
conversation.index({ channel: 1, externalId: 1 }, { unique: true })
conversation.index({ channel: 1, customer: 1 })
conversation.index({ customer: 1 })
conversation.index({ state: 1, lastMessageAt: -1 })
conversation.index({ assignee: 1, state: 1, lastMessageAt: -1 })
conversation.index({ lastMessageAt: -1 })
// Who has not been greeted yet. `greetedAt: null` cannot be told from a missing field.
conversation.index(
  { createdAt: 1 },
  { name: 'to_greet', partialFilterExpression: { greetedAt: { $type: 10 } } },
)
export const Conversations = model('Conversation', conversation)

export interface Message {
  _id: Types.ObjectId
  conversation: Types.ObjectId
  channel: string
  /** The platform's id; null until it has told us. */
  externalId: string | null
  direction: 'in' | 'out' | 'note'
  kind: MessageKind
  text: string
  media: Types.ObjectId | null
  /** Sticker ids, coordinates, file name: by kind, and tolerant. */
  data: unknown
  /** The platform's JSON of a card, exactly as sent: the console draws it too. */
  card: unknown
  order: Types.ObjectId | null
  /** A staff id, `bot`, `elsewhere` for a colleague in the platform's own inbox, or null for the customer. */
  author: string | null
  state: MessageState
  failure: string | null
  /** Set on what must be said only once: `receipt:<order>`. */
  once?: string
  /** The client's own id of a message it shows already. */
  clientId?: string
  /** Offered under the last message of a call; gone with the customer's next word. */
  quickReplies: { label: string; data?: string }[] | null
  /** The platform's idempotency key. Messages that left in one call share it, and go again only together. */
  retryKey: string | null
  /** How it last went out: a push may be repeated under its key, a reply has none. */
  via: 'reply' | 'push' | null
  /** Of a long one: how many of its pieces the platform has taken. */
  accepted?: number
  /** When it went out, by the platform's clock where it tells. */
  sentAt?: Date
  deliveredAt?: Date
  /** The shop does not keep it any longer: its row is left, empty. */
  erased?: boolean
  tries: number
  sendAfter: Date | null
  at: Date
  createdAt: Date
  updatedAt: Date
}
const message = new Schema<Message>(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    channel: { type: String, required: true },
    externalId: { type: String, default: null },
    direction: { type: String, enum: ['in', 'out', 'note'], required: true },
    kind: { type: String, enum: messageKinds, required: true },
    text: { type: String, default: '' },
    media: { type: Schema.Types.ObjectId, default: null },
    data: { type: Schema.Types.Mixed, default: null },
    card: { type: Schema.Types.Mixed, default: null },
    order: { type: Schema.Types.ObjectId, default: null },
    author: { type: String, default: null },
    state: { type: String, enum: messageStates, required: true },
    failure: { type: String, default: null },
    once: String,
    clientId: String,
    quickReplies: { type: [Schema.Types.Mixed], default: null } as never,
    retryKey: { type: String, default: null },
    via: { type: String, default: null },
    accepted: Number,
    sentAt: Date,
    deliveredAt: Date,
    erased: Boolean,
    tries: { type: Number, default: 0 },
    sendAfter: { type: Date, default: null },
    at: { type: Date, required: true },
  },
  { strict: 'throw', timestamps: true, versionKey: false, minimize: false },
)
message.index({ conversation: 1, at: 1 })
message.index(
  { channel: 1, externalId: 1 },
  { unique: true, partialFilterExpression: { externalId: { $type: 'string' } } },
)
message.index({ once: 1 }, { unique: true, partialFilterExpression: { once: { $type: 'string' } } })
message.index(
  { conversation: 1, clientId: 1 },
  { unique: true, partialFilterExpression: { clientId: { $type: 'string' } } },
)
message.index(
  { conversation: 1, _id: 1 },
  { name: 'to_send', partialFilterExpression: { state: { $in: ['queued', 'sending'] } } },
)
message.index({ order: 1 })
message.index({ media: 1 }, { partialFilterExpression: { media: { $type: 'objectId' } } })
export const Messages = model('Message', message)

/** How far a staff member has read a conversation. */
export interface ReadState {
  _id: Types.ObjectId
  conversation: Types.ObjectId
  staff: Types.ObjectId
  readAt: Date
}
const readState = new Schema<ReadState>(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    staff: { type: Schema.Types.ObjectId, required: true },
    readAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
readState.index({ staff: 1, conversation: 1 }, { unique: true })
export const ReadStates = model('ReadState', readState)

export interface CannedReply {
  _id: Types.ObjectId
  shortcut: string
  text: string
  language: string | null
}
const canned = new Schema<CannedReply>(
  {
    shortcut: { type: String, required: true },
    text: { type: String, required: true },
    language: { type: String, default: null },
  },
  { strict: 'throw', versionKey: false },
)
canned.index({ shortcut: 1, language: 1 }, { unique: true })
export const CannedReplies = model('CannedReply', canned)

/** A picture or file, copied while the platform still had it. */
export interface Media {
  _id: Types.ObjectId
  /** Unguessable: the public address of a picture that a platform must fetch. */
  key: string
  type: string
  name: string
  size: number
  width: number | null
  height: number | null
  state: 'wanted' | 'stored' | 'gone'
  /** Where it is copied from while it is wanted. */
  source: { channel: string; reference: string; tries: number; tryAfter: Date } | null
  bytes: Buffer | null
  createdAt: Date
}
const media = new Schema<Media>(
  {
    key: { type: String, required: true },
    type: { type: String, required: true },
    name: { type: String, default: '' },
    size: { type: Number, default: 0 },
    width: { type: Number, default: null },
    height: { type: Number, default: null },
    state: { type: String, enum: ['wanted', 'stored', 'gone'], required: true },
    source: { type: Schema.Types.Mixed, default: null },
    bytes: { type: Buffer, default: null },
  },
  { strict: 'throw', versionKey: false, timestamps: { createdAt: true, updatedAt: false } },
)
media.index({ key: 1 }, { unique: true })
media.index({ 'source.tryAfter': 1 }, { partialFilterExpression: { state: 'wanted' } })
export const MediaFiles = model('Media', media, 'media')

/** Pieces of a file that is larger than a document may be. */
export interface MediaPart {
  _id: Types.ObjectId
  media: Types.ObjectId
  at: number
  bytes: Buffer
}
const mediaPart = new Schema<MediaPart>(
  {
    media: { type: Schema.Types.ObjectId, required: true },
    at: { type: Number, required: true },
    bytes: { type: Buffer, required: true },
  },
  { strict: 'throw', versionKey: false },
)
mediaPart.index({ media: 1, at: 1 })
export const MediaParts = model('MediaPart', mediaPart, 'media_parts')
