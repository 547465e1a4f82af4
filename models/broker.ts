import { model, Schema, type Types } from 'mongoose'

/** A message that left with the transaction that caused it, and waits for its readers. */
export interface OutboxRow {
  _id: Types.ObjectId
  type: string
  /** What it is about, an order's id as a rule: messages of one key are handled in order. */
  key: string
  payload: unknown
  state: 'NEW' | 'DONE' | 'DEAD'
  /** The queues that have handled it. */
  done: string[]
  tries: number
  availableAt: Date
  leaseUntil: Date | null
  lastError: string | null
  createdAt: Date
  finishedAt: Date | null
}
const outbox = new Schema<OutboxRow>(
  {
    type: { type: String, required: true },
    key: { type: String, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    state: { type: String, enum: ['NEW', 'DONE', 'DEAD'], required: true },
    done: { type: [String], default: [] },
    tries: { type: Number, default: 0 },
    availableAt: { type: Date, required: true },
    leaseUntil: { type: Date, default: null },
    lastError: { type: String, default: null },
    createdAt: { type: Date, required: true },
    finishedAt: { type: Date, default: null },
  },
  { strict: 'throw', versionKey: false, minimize: false },
)
outbox.index({ availableAt: 1 }, { partialFilterExpression: { state: 'NEW' } })
outbox.index({ key: 1 })
outbox.index({ finishedAt: 1 }, { expireAfterSeconds: 7 * 86_400 })
export const Outbox = model('Outbox', outbox, 'outbox')

/** A webhook's event, stored before the platform gets its 200. */
export interface InboxEvent {
  _id: Types.ObjectId
  /** `line`, `omise`, … */
  source: string
  /** The platform's own id of the event, or a hash of what it sent. */
  eventId: string
  /** Events of one key (a customer) are handled one after another. */
  key: string
  payload: unknown
  state: 'NEW' | 'DONE' | 'DEAD'
  tries: number
  availableAt: Date
  leaseUntil: Date | null
  lastError: string | null
  receivedAt: Date
}
const inbox = new Schema<InboxEvent>(
  {
    source: { type: String, required: true },
    eventId: { type: String, required: true },
    key: { type: String, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    state: { type: String, enum: ['NEW', 'DONE', 'DEAD'], required: true },
    tries: { type: Number, default: 0 },
    availableAt: { type: Date, required: true },
    leaseUntil: { type: Date, default: null },
    lastError: { type: String, default: null },
    receivedAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false, minimize: false },
)
inbox.index({ source: 1, eventId: 1 }, { unique: true })
inbox.index({ availableAt: 1 }, { partialFilterExpression: { state: 'NEW' } })
inbox.index({ receivedAt: 1 }, { expireAfterSeconds: 100 * 86_400 })
export const Inbox = model('InboxEvent', inbox, 'inbox')

/** The answer that a repeated request gets again. */
export interface IdempotencyRecord {
  _id: Types.ObjectId
  /** Whose key it is: an order, a staff member. */
  scope: string
  key: string
  requestHash: string
  state: 'STARTED' | 'DONE'
  status: number | null
  response: unknown
  expiresAt: Date
  createdAt: Date
}
const idempotency = new Schema<IdempotencyRecord>(
  {
    scope: { type: String, required: true },
    key: { type: String, required: true },
    requestHash: { type: String, required: true },
    state: { type: String, enum: ['STARTED', 'DONE'], required: true },
    status: { type: Number, default: null },
    response: { type: Schema.Types.Mixed, default: null },
    expiresAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false, minimize: false },
)
idempotency.index({ scope: 1, key: 1 }, { unique: true })
idempotency.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
export const IdempotencyRecords = model('IdempotencyRecord', idempotency)

/** What could not be handled after many tries: kept, counted by `verify`, and shown to staff as a task. */
export interface DeadLetter {
  _id: Types.ObjectId
  from: 'outbox' | 'inbox'
  original: Types.ObjectId
  what: string
  error: string
  at: Date
}
const dead = new Schema<DeadLetter>(
  {
    from: { type: String, enum: ['outbox', 'inbox'], required: true },
    original: { type: Schema.Types.ObjectId, required: true },
    what: { type: String, required: true },
    error: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
dead.index({ original: 1 }, { unique: true })
export const DeadLetters = model('DeadLetter', dead)
