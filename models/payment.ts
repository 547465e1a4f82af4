import { model, Schema, type Types } from 'mongoose'
import type { Currency } from './money.ts'
import { type OperationState, type PaymentState, paymentStates } from './states.ts'

/** A name that a gateway gave to something of this attempt: its charge, its source, its session. */
export interface PaymentRef {
  kind: string
  value: string
}

/** A refund, capture or cancellation: stored before the gateway is asked. */
export interface PaymentOperation {
  opId: string
  kind: 'refund' | 'capture' | 'cancel'
  amount: number
  reason: string
  /** Staff id, or `saga`. */
  by: string
  approvedBy?: string | null
  /** Staff id of who did not agree, or of who asked and took it back. */
  declinedBy?: string
  /** No second person is needed: whoever finds it unsent may send it. */
  alone?: boolean
  state: OperationState
  /** The gateway's name for it, once known. */
  ref?: string | null
  error?: string | null
  /** A person was asked to bring it to its end. */
  forStaff?: boolean
  tries: number
  at: Date
  updatedAt: Date
}

/** A dispute waits for the shop, or for the bank, or was decided. */
export type DisputeState = 'open' | 'pending' | 'won' | 'lost'

export interface PaymentFlags {
  settled?: boolean
  escrow?: boolean
  /** The money is held for an order that counts as paid: it is taken when the order is confirmed. */
  held?: boolean
  conflict?: boolean
  duplicate?: boolean
  dispute?: DisputeState
}

/** One attempt at paying one part of an order. */
export interface Payment {
  _id: Types.ObjectId
  order: Types.ObjectId
  orderRegNo: string
  customer: Types.ObjectId
  part: number
  attemptNo: number
  /** True while no second attempt may be opened beside it. */
  open: boolean
  gateway: string
  method: string
  amount: number
  currency: Currency
  captured: number
  refunded: number
  state: PaymentState
  /** Unguessable: the return address carries it. */
  key: string
  /** The Idempotency-Key and a hash of the request that made it: the same request again finds it. */
  requestKey?: { key: string; hash: string }
  refs: PaymentRef[]
  flags: PaymentFlags
  failureCode: string | null
  /** What the customer was told to do: redirect, qr, code … */
  next: unknown
  paidAt: Date | null
  expiresAt: Date
  /** When it is polled next; null when nothing more is expected. */
  checkAt: Date | null
  checks: number
  operations: PaymentOperation[]
  /** What the gateway said, in short and without secrets, for staff: newest last. */
  evidence: { at: Date; source: string; state: string; detail?: string }[]
  /** The gateway's last answer that brought news, where integrations are promised it: no secrets, cards or people. */
  answer?: Record<string, unknown> | null
  createdAt: Date
  updatedAt: Date
}

const amount = { type: Number, required: true, min: 0, validate: Number.isSafeInteger }
const schema = new Schema<Payment>(
  {
    order: { type: Schema.Types.ObjectId, required: true },
    orderRegNo: { type: String, required: true },
    customer: { type: Schema.Types.ObjectId, required: true },
    part: { type: Number, required: true },
    attemptNo: { type: Number, required: true },
    open: { type: Boolean, required: true },
    gateway: { type: String, required: true },
    method: { type: String, required: true },
    amount,
    currency: { type: String, required: true },
    captured: { ...amount, default: 0 },
    refunded: { ...amount, default: 0 },
    state: { type: String, enum: paymentStates, required: true },
    key: { type: String, required: true },
    requestKey: { type: Schema.Types.Mixed },
    refs: { type: [Schema.Types.Mixed], default: [] } as never,
    flags: { type: Schema.Types.Mixed, default: {} },
    failureCode: { type: String, default: null },
    next: { type: Schema.Types.Mixed, default: null },
    paidAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
    checkAt: { type: Date, default: null },
    checks: { type: Number, default: 0 },
    operations: { type: [Schema.Types.Mixed], default: [] } as never,
    evidence: { type: [Schema.Types.Mixed], default: [] } as never,
    answer: { type: Schema.Types.Mixed, default: null },
  },
  { strict: 'throw', timestamps: true, versionKey: false, minimize: false },
)
schema.index({ order: 1, part: 1, attemptNo: 1 }, { unique: true })
schema.index(
  { order: 1, part: 1 },
  { name: 'one_open_attempt', unique: true, partialFilterExpression: { open: true } },
)
schema.index(
  { gateway: 1, 'refs.kind': 1, 'refs.value': 1 },
  { unique: true, partialFilterExpression: { 'refs.0': { $exists: true } } },
)
schema.index({ key: 1 }, { unique: true })
schema.index(
  { order: 1, 'requestKey.key': 1 },
  { unique: true, partialFilterExpression: { 'requestKey.key': { $type: 'string' } } },
)
schema.index({ gateway: 1, checkAt: 1 }, { partialFilterExpression: { checkAt: { $type: 'date' } } })
schema.index({ gateway: 1, createdAt: 1 })

export const Payments = model('Payment', schema)
