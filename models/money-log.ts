import { model, Schema, type Types } from 'mongoose'
import type { Currency } from './money.ts'

/** Money that has moved: written in the transaction that learns of it, and never changed afterwards. */
export interface MoneyMovement {
  _id: Types.ObjectId
  /** The same movement learnt of twice is one. */
  key: string
  kind: 'captured' | 'refunded'
  payment: Types.ObjectId
  order: Types.ObjectId
  orderRegNo: string
  attemptNo: number
  gateway: string
  method: string
  /** Minor units, never negative. */
  amount: number
  currency: Currency
  /** The gateway's own name for it. */
  ref: string | null
  /** A staff id, or `customer`, `saga`, `gateway`. */
  by: string
  approvedBy: string | null
  at: Date
}
const movement = new Schema<MoneyMovement>(
  {
    key: { type: String, required: true },
    kind: { type: String, enum: ['captured', 'refunded'], required: true },
    payment: { type: Schema.Types.ObjectId, required: true },
    order: { type: Schema.Types.ObjectId, required: true },
    orderRegNo: { type: String, required: true },
    attemptNo: { type: Number, required: true },
    gateway: { type: String, required: true },
    method: { type: String, required: true },
    amount: { type: Number, required: true, min: 0, validate: Number.isSafeInteger },
    currency: { type: String, required: true },
    ref: { type: String, default: null },
    by: { type: String, required: true },
    approvedBy: { type: String, default: null },
    at: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
movement.index({ key: 1 }, { unique: true })
movement.index({ at: -1, _id: -1 })
movement.index({ payment: 1 })
export const MoneyMovements = model('MoneyMovement', movement, 'money_movements')
