import { model, Schema, type Types } from 'mongoose'

/** A card that a customer lets their gateway keep: we hold the gateway's name of it, sealed, and what may be shown. */
export interface PaymentToken {
  _id: Types.ObjectId
  customer: Types.ObjectId
  gateway: string
  method: string
  /** The gateway's own names, encrypted with the key of the installation. */
  sealed: string
  brand: string
  lastDigits: string
  /** MM / YY */
  expiry: string
  /** A hash by which the same card is known again. */
  fingerprint: string
  createdAt: Date
  usedAt: Date
}

const text = { type: String, required: true }
const schema = new Schema<PaymentToken>(
  {
    customer: { type: Schema.Types.ObjectId, required: true },
    gateway: text,
    method: text,
    sealed: text,
    brand: text,
    lastDigits: text,
    expiry: text,
    fingerprint: text,
    createdAt: { type: Date, required: true },
    usedAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
schema.index({ customer: 1, gateway: 1, fingerprint: 1 }, { unique: true })

export const PaymentTokens = model('PaymentToken', schema)
