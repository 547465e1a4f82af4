import type { PaymentFlags } from '../../models/payment.ts'
import type { PaymentState } from '../../models/states.ts'

/** What the customer does next. Amounts are minor units, times ISO 8601. */
export type Next =
  /** `outside`: it leads to an app, which the browsers inside chat apps do not open. */
  | { kind: 'redirect'; url: string; outside?: true }
  | { kind: 'qr'; image: string; payload?: string; expiresAt: string }
  | {
      kind: 'code'
      code: string
      store: string
      /** Money is sent to the code by a bank; without it, the code is shown at a counter. */
      how?: 'transfer'
      expiresAt: string
      instructionsUrl?: string
      /** What the counter asks for beyond the amount, for itself. */
      fee?: number
    }
  | { kind: 'popup'; url: string }
  | { kind: 'checking' }
  | { kind: 'paid' }

/** A method as the checkout offers it. */
export interface OfferedMethod {
  gateway: string
  method: string
  /** Methods of one group are offered together. */
  group?: string
  /** The page must make a token with the platform's own script first. */
  needsCardToken: boolean
}

/** What the page needs to make a card token. */
export interface CardForm {
  gateway: string
  script: string
  publicKey: string
  /** A card can be kept for the next time. */
  remembers?: true
}

/** A kept card as its owner sees it. */
export interface SavedCardView {
  id: string
  gateway: string
  method: string
  brand: string
  lastDigits: string
  /** MM / YY */
  expiry: string
}

/** An attempt as staff see it. */
export interface PaymentView {
  id: string
  attemptNo: number
  gateway: string
  method: string
  amount: number
  currency: string
  captured: number
  refunded: number
  state: PaymentState
  flags: PaymentFlags
  /** Nobody has learnt in time what became of it: a person has to look. */
  overdue: boolean
  /** Its gateway is switched off while something of it is open: nobody learns what becomes of it. */
  off: boolean
  failureCode: string | null
  paidAt: string | null
  expiresAt: string
  createdAt: string
  refs: { kind: string; value: string }[]
  refunds: {
    opId: string
    amount: number
    reason: string
    state: string
    by: string
    approvedBy: string | null
    declinedBy: string | null
    error: string | null
    /** A second person has to agree before it is sent. */
    waitsForSecond: boolean
    /** A person has to say whether it was made. */
    forStaff: boolean
    at: string
  }[]
  evidence: { at: string; source: string; state: string; detail?: string }[]
}

/** A transfer slip as staff see it. */
export interface SlipView {
  id: string
  state: 'waiting' | 'confirmed' | 'refused'
  /** Minor units, as a person saw them in the account. */
  amount: number | null
  bankReference: string | null
  reason: string | null
  decidedBy: string | null
  decidedAt: string | null
  sentAt: string
}
