import { model, Schema, type Types } from 'mongoose'

/** A mail on its way. Unique by event, channel and recipient: nobody is told twice. */
export interface Notification {
  _id: Types.ObjectId
  event: string
  channel: 'mail'
  recipient: string
  subject: string
  html: string
  text: string
  state: 'NEW' | 'SENDING' | 'SENT' | 'FAILED'
  tries: number
  sendAfter: Date
  leaseUntil: Date | null
  lastError: string | null
  createdAt: Date
  updatedAt: Date
}
const schema = new Schema<Notification>(
  {
    event: { type: String, required: true },
    channel: { type: String, enum: ['mail'], required: true },
    recipient: { type: String, required: true },
    subject: { type: String, required: true },
    html: { type: String, required: true },
    text: { type: String, required: true },
    state: { type: String, enum: ['NEW', 'SENDING', 'SENT', 'FAILED'], required: true },
    tries: { type: Number, default: 0 },
    sendAfter: { type: Date, required: true },
    leaseUntil: { type: Date, default: null },
    lastError: { type: String, default: null },
  },
  { strict: 'throw', timestamps: true, versionKey: false },
)
schema.index({ event: 1, channel: 1, recipient: 1 }, { unique: true })
schema.index({ sendAfter: 1 }, { partialFilterExpression: { state: { $in: ['NEW', 'SENDING'] } } })
export const Notifications = model('Notification', schema)
