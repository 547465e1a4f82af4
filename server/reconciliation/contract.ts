import type { PaymentState } from '../../models/states.ts'

export type Verdict = 'matched' | 'missing_here' | 'missing_there' | 'amount' | 'refunded'

/**
 * How a day of a gateway is compared: with its own list; where it has none, by asking for each of our attempts, which
 * cannot find what we have never heard of; not at all where no platform can be asked.
 */
export type Comparing = 'list' | 'one_by_one' | 'never'

/** A day of one gateway compared with our attempts. Amounts are minor units, times ISO 8601. */
export interface ReconciliationView {
  id: string
  gateway: string
  /** YYYY-MM-DD in the shop's zone. */
  day: string
  state: 'RUNNING' | 'DONE' | 'FAILED'
  /** How much of it is done, 0 to 100. */
  percent: number
  counts: Record<Verdict, number>
  sums: {
    currency: string
    theirs: { captured: number; refunded: number }
    ours: { captured: number; refunded: number }
  }[]
  error: string | null
  by: string
  startedAt: string
  finishedAt: string | null
}

interface Side {
  currency: string
  amount: number
  captured: number
  refunded: number
}

/** One payment that differs, or that differed until it was read back. */
export interface DifferenceView {
  id: string
  verdict: Verdict
  orderId: string | null
  orderRegNo: string | null
  attemptNo: number | null
  ref: string | null
  theirs: (Side & { said: string; at: string }) | null
  ours: (Side & { state: PaymentState }) | null
  healed: boolean
}

/** Money that has moved. */
export interface MovementView {
  id: string
  kind: 'captured' | 'refunded'
  at: string
  orderId: string
  orderRegNo: string
  attemptNo: number
  gateway: string
  method: string
  amount: number
  currency: string
  ref: string | null
  /** A name, or `customer`, `saga`, `gateway`. */
  by: string
  approvedBy: string | null
}
