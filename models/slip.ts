import { model, Schema, type Types } from 'mongoose'

export const slipStates = ['waiting', 'confirmed', 'refused'] as const

/** A picture of a bank's receipt that a customer sent for an attempt: evidence for staff, and never the truth itself. */
export interface Slip {
  _id: Types.ObjectId
  payment: Types.ObjectId
  order: Types.ObjectId
  orderRegNo: string
  customer: Types.ObjectId
  /** Of the bytes as they came: the same picture counts once. */
  hash: string
  /** A JPEG without place and camera. */
  bytes: Buffer
  state: (typeof slipStates)[number]
  /** False for one that was refused: it no longer stands in another's way. */
  counts: boolean
  /** What the account really shows, in minor units, and the bank's number of it. */
  amount: number | null
  bankReference: string | null
  /** Why it was refused. */
  reason: string | null
  decidedBy: string | null
  decidedAt: Date | null
  createdAt: Date
}

const schema = new Schema<Slip>(
  {
    payment: { type: Schema.Types.ObjectId, required: true },
    order: { type: Schema.Types.ObjectId, required: true },
    orderRegNo: { type: String, required: true },
    customer: { type: Schema.Types.ObjectId, required: true },
    hash: { type: String, required: true },
    bytes: { type: Buffer, required: true },
    state: { type: String, enum: slipStates, default: 'waiting' },
    counts: { type: Boolean, default: true },
    amount: { type: Number, default: null, min: 0 },
    bankReference: { type: String, default: null },
    reason: { type: String, default: null },
    decidedBy: { type: String, default: null },
    decidedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
schema.index({ payment: 1, createdAt: 1 })
schema.index({ hash: 1 }, { unique: true, partialFilterExpression: { counts: true } })
schema.index(
  { bankReference: 1 },
  { unique: true, partialFilterExpression: { bankReference: { $type: 'string' } } },
)

export const Slips = model('Slip', schema)
