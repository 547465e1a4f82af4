import type { IncomingHttpHeaders } from 'node:http'
import type { Currency, Money } from '../../models/money.ts'
import type { DisputeState, PaymentRef } from '../../models/payment.ts'
import type { OperationState, PaymentState, TokenType } from '../../models/states.ts'
import type { Settings } from '../settings.ts'
import type { Words } from '../shop/contract.ts'
import type { Next } from './contract.ts'

/**
 * A payment gateway: one file in `gateways/` and one line in `gateways/index.ts`. It knows its platform's words,
 * units and addresses, and nothing of our database: it gets plain values and returns plain values.
 *
 * What happened at the platform is reported in three ways: an answer; a `Refused` error (a definite no: nothing was
 * charged); an `Unanswered` error (we cannot know: time-out, reset, 5xx, not JSON). Unanswered is never failed.
 */
export interface Gateway {
  /** What can be offered, for which amounts. */
  methods: Method[]
  /**
   * Every method that an attempt may have been begun with, where `methods` follows the account and may lose one while
   * its money is under way. Absent where nothing is ever lost.
   */
  everyMethod?: Method[]
  can: {
    refund: 'partial' | 'whole' | 'none'
    /** Whether an unpaid attempt can be closed at the platform, so that no late money comes. */
    cancel: boolean
    webhooks: 'signed' | 'hints' | 'none'
    /** False where no platform can be asked about an attempt: only what people have decided is known. */
    lookUp?: false
  }
  /** What a browser needs to make a card token; absent where no method takes one. */
  cardForm?: { script: string; publicKey: string }
  /** What the platform wants to hear when its webhook was stored; `{ ok: true }` when nothing is said here. */
  acknowledgement?: object | string
  /** How many read-backs a second the platform bears. */
  pollsPerSecond: number
  /** Starts one attempt. Called again with the same attempt after an unknown outcome: it must not charge twice. */
  open(attempt: Attempt, details: OpenDetails): Promise<Opened>
  /** Reads the truth back. Without a ref of the platform it looks the attempt up by our own reference. */
  check(attempt: Attempt): Promise<Found>
  /** Which attempt a webhook speaks of. Throws `BadSignature`; null for an event that is not about a payment of ours. */
  readWebhook(headers: IncomingHttpHeaders, body: Buffer): Notice | null
  /** Gives money back. `opId` is the same on every try of one refund. */
  refund(attempt: Attempt, refund: { opId: string; amount: number; reason: string }): Promise<RefundResult>
  /** Takes the money that an AUTHORIZED attempt holds. Absent where the platform holds none. */
  capture?(attempt: Attempt): Promise<Found>
  /**
   * What was begun at the platform in a span of time, `to` excluded, for reconciliation. Absent where it lists nothing:
   * then each of our attempts is asked for.
   */
  list?(span: { from: Date; to: Date }): AsyncIterable<Listed>
  /** What the platform has told, or tried to tell, since then: for what its webhooks lost. Absent where it keeps none. */
  missed?(since: Date): AsyncIterable<Notice>
  /** Forgets a card that was kept; absent where none are kept. */
  forget?(card: string): Promise<void>
  /** Closes an unpaid attempt. True: it cannot be paid any more. False: it can, or already was: check it. */
  cancel(attempt: Attempt): Promise<boolean>
  /** Whether keys and address work, for the *ready to go live* page. Never throws. */
  test(): Promise<ConnectionReport>
}

/** Builds a gateway from the settings; undefined when its keys are missing, and then it is not offered. */
export type GatewayFactory = (settings: Settings) => Gateway | undefined

export interface Method {
  name: string
  tokenType: TokenType
  /**
   * Inclusive limits in minor units, by currency; a currency that is not named is not offered. `step` where only its
   * multiples can be paid.
   */
  amounts: Partial<Record<Currency, { min: number; max: number; step?: number }>>
  /** The browser must bring a token made by the platform's own script. */
  needsCardToken: boolean
  /** Methods of one group are offered together: `mobile_banking`, `installment` … */
  group?: string
  /** The money is held when the customer agrees, and taken when the order is confirmed. */
  captureLater?: boolean
  /** Where it is less than what the gateway can give back of its other methods. */
  refund?: Gateway['can']['refund']
  /** How long an attempt lives, milliseconds, when the shop does not say otherwise. */
  lifetime: number
}

/** One attempt at paying one part of an order, as a gateway sees it. */
export interface Attempt {
  /** Our reference: unique for ever, given to the platform as its merchant reference. */
  id: string
  method: string
  money: Money
  /** The platform's names for it, as far as they are known. */
  refs: PaymentRef[]
  createdAt: Date
  expiresAt: Date
  /** What time it is, by the one clock that everybody goes by. */
  now: Date
  /**
   * What was asked to be given back so far, oldest first: for platforms that know a refund by nothing but its amount.
   * Absent counts as none.
   */
  refunds?: AskedRefund[]
}

/** A refund as our own books have it. REQUESTED: the platform was never asked for it. */
export interface AskedRefund {
  opId: string
  amount: number
  state: OperationState
}

export interface OpenDetails {
  orderRegNo: string
  description: string
  /** Where the customer's browser comes back to. Unguessable, and only a hint. */
  returnUrl: string
  /** Where a customer who gives up comes to, where that is another place than `returnUrl`. */
  cancelUrl?: string
  cardToken?: string | undefined
  /** The customer wants the card of the token kept for the next time. */
  rememberCard?: boolean
  /** Instead of a token: a card that was kept, as `SavedCard.card` named it. */
  savedCard?: string
  /** The shop wants the money held, and taken when the order is confirmed, where the method can. */
  captureLater?: boolean
  customer: { name: string; email: string; phone: string; language: string; ip: string }
}

export interface Opened {
  next: Next
  refs: PaymentRef[]
  /** When the platform's answer already tells the state. */
  found?: Found
  /** The card that was kept, where that was asked for. */
  saved?: SavedCard
}

/** A card that the platform keeps for its customer. */
export interface SavedCard {
  /** The platform's own names of it. Not for screens, logs or the open database. */
  card: string
  brand: string
  lastDigits: string
  /** MM / YY */
  expiry: string
  /** The same for the same card. */
  fingerprint: string
}

export interface Found {
  /** MISSING: the platform has definitely never heard of the attempt. */
  state: PaymentState | 'MISSING'
  /** What the platform charges for, in our minor units; absent where it does not say. */
  money?: Money
  /** Minor units that have really come in. */
  captured: number
  refunded: number
  refunds: { ref: string; opId: string | null; amount: number; state: 'SUCCEEDED' | 'PENDING' | 'FAILED' }[]
  settled?: boolean
  escrow?: boolean
  /** The cardholder takes the money back through their bank: who has to act, or how it ended. */
  dispute?: DisputeState
  failureCode?: string
  refs: PaymentRef[]
  paidAt?: Date
  /** Until when it can be paid, where the platform decides that: a voucher, a bank's own time-out. */
  expiresAt?: Date
  /** A fresh step for the customer, where the platform gives one (a QR that appears later). */
  next?: Next
  /** The platform's own word for the state, for staff. */
  said: string
  /** Its answer as it stands, without secrets, cards and people, where integrations are promised it. */
  answer?: Record<string, unknown>
}

export interface Notice {
  /** For deduplication: the platform's event id, or a hash of the body. */
  eventId: string
  /** Our reference, if the event carries it. */
  attemptId?: string
  /** The platform's name of the payment. */
  ref?: PaymentRef
  /** False when the signature is missing or stale where that is allowed: a hint is all it ever is. */
  authentic: boolean
  /** In short, for staff. */
  said: string
}

/** One payment as a platform lists it. */
export interface Listed {
  ref: PaymentRef
  /** Our reference, where the platform repeats it. */
  attemptId: string | null
  money: Money
  captured: number
  refunded: number
  /** The platform's own word. */
  said: string
  at: Date
}

export interface RefundResult {
  state: 'SUCCEEDED' | 'PENDING' | 'FAILED'
  ref?: string
  error?: string
}

export interface ConnectionReport {
  ok: boolean
  latencyMs: number
  /** The platform's exact words, or ours by the key of a text. */
  answer: Words
  /** What to do next, when it is not ok; empty when there is nothing. */
  advice: Words
  /** `live` or `test` account, where the keys tell. */
  mode?: 'live' | 'test'
}

/** The platform said no, and nothing was charged. */
export class Refused extends Error {
  /** Stable, as screens translate it: `insufficient_fund`, `invalid_card` … */
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** The platform never told us what became of the request. */
export class Unanswered extends Error {}

/** Nor will it ever tell: only a person who looks at its own pages can know. */
export class Untold extends Unanswered {}

/** The webhook is not from the platform. */
export class BadSignature extends Error {}
