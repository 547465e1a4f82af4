import { model, Schema, type Types } from 'mongoose'
import type { Currency } from './money.ts'
import type { PaymentRef } from './payment.ts'
import type { PaymentState } from './states.ts'

export const verdicts = ['matched', 'missing_here', 'missing_there', 'amount', 'refunded'] as const
/**
 * What comparing one payment came to. `missing_here`: the gateway has money that we know nothing of; `missing_there`:
 * we count money that the gateway does not list; `amount`, `refunded`: both know it, and say another sum.
 */
export type Verdict = (typeof verdicts)[number]

/** What one side takes a currency's money of a day for, minor units. */
export interface Sums {
  currency: Currency
  theirs: { captured: number; refunded: number }
  ours: { captured: number; refunded: number }
}

/** A day of one gateway, compared with our attempts. Every step is stored: killed in the middle, it goes on. */
export interface Reconciliation {
  _id: Types.ObjectId
  gateway: string
  /** YYYY-MM-DD in the shop's zone. */
  day: string
  from: Date
  to: Date
  state: 'RUNNING' | 'DONE' | 'FAILED'
  /** THEIRS: what the gateway lists is looked up here; OURS: what it did not list is looked for. */
  phase: 'THEIRS' | 'OURS'
  /** Up to where in the day the phase has come. */
  cursor: Date
  counts: Record<Verdict, number>
  sums: Sums[]
  tries: number
  error: string | null
  /** Whoever works on it; nobody else may until `wakeAt`. */
  lease: string | null
  wakeAt: Date
  /** A staff id, or `timer`. */
  by: string
  startedAt: Date
  finishedAt: Date | null
}
const reconciliation = new Schema<Reconciliation>(
  {
    gateway: { type: String, required: true },
    day: { type: String, required: true },
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    state: { type: String, enum: ['RUNNING', 'DONE', 'FAILED'], required: true },
    phase: { type: String, enum: ['THEIRS', 'OURS'], required: true },
    cursor: { type: Date, required: true },
    counts: { type: Schema.Types.Mixed, required: true },
    sums: { type: [Schema.Types.Mixed], default: [] } as never,
    tries: { type: Number, default: 0 },
    error: { type: String, default: null },
    lease: { type: String, default: null },
    wakeAt: { type: Date, required: true },
    by: { type: String, required: true },
    startedAt: { type: Date, required: true },
    finishedAt: { type: Date, default: null },
  },
  { strict: 'throw', versionKey: false, minimize: false },
)
reconciliation.index({ gateway: 1, day: 1 }, { unique: true })
reconciliation.index({ day: -1, gateway: 1 })
reconciliation.index({ wakeAt: 1 }, { partialFilterExpression: { state: 'RUNNING' } })
export const Reconciliations = model('Reconciliation', reconciliation)

/** What one side says of a payment, minor units. */
export interface Side {
  currency: Currency
  amount: number
  captured: number
  refunded: number
}

/** One payment of a compared day. */
export interface ReconciliationRow {
  _id: Types.ObjectId
  run: Types.ObjectId
  /** The gateway's name of the payment, or ours where it has none. */
  key: string
  verdict: Verdict
  payment: Types.ObjectId | null
  orderRegNo: string | null
  attemptNo: number | null
  ref: PaymentRef | null
  theirs: (Side & { said: string; at: Date }) | null
  ours: (Side & { state: PaymentState }) | null
  /** It differed until we read it back: news of ours had been lost. */
  healed: boolean
}
const row = new Schema<ReconciliationRow>(
  {
    run: { type: Schema.Types.ObjectId, required: true },
    key: { type: String, required: true },
    verdict: { type: String, enum: verdicts, required: true },
    payment: { type: Schema.Types.ObjectId, default: null },
    orderRegNo: { type: String, default: null },
    attemptNo: { type: Number, default: null },
    ref: { type: Schema.Types.Mixed, default: null },
    theirs: { type: Schema.Types.Mixed, default: null },
    ours: { type: Schema.Types.Mixed, default: null },
    healed: { type: Boolean, default: false },
  },
  { strict: 'throw', versionKey: false },
)
row.index({ run: 1, key: 1 }, { unique: true })
row.index({ run: 1, verdict: 1 })
row.index({ run: 1, payment: 1 })
export const ReconciliationRows = model('ReconciliationRow', row, 'reconciliation_rows')
