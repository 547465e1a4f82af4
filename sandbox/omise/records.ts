/** What the simulated Omise keeps, in its own words. `bodies.ts` turns it into what goes over the wire. */

export type Json = Record<string, unknown>

/** What a test card does when it is charged. The number itself is not kept. */
export interface CardTrial {
  failure: string | null
  /** `listed` asks the cardholder; the other two fail before and after the question. */
  threeDs: 'none' | 'listed' | 'enrolment_fails' | 'validation_fails'
}

export interface CardRecord {
  id: string
  brand: string
  lastDigits: string
  fingerprint: string
  fields: Json
  createdAt: number
  customer: string | null
  trial: CardTrial
}

export interface TokenRecord {
  id: string
  card: CardRecord
  used: boolean
  chargeStatus: string
  createdAt: number
}

export interface SourceRecord {
  id: string
  type: string
  flow: 'offline' | 'redirect' | 'app_redirect'
  amount: number
  currency: string
  fields: Json
  used: boolean
  createdAt: number
}

export interface RefundRecord {
  id: string
  transaction: string
  amount: number
  metadata: Json
  voided: boolean
  createdAt: number
}

export const chargeStatuses = ['pending', 'successful', 'failed', 'expired', 'reversed'] as const
export type ChargeStatus = (typeof chargeStatuses)[number]

export interface ChargeRecord {
  id: string
  amount: number
  currency: string
  status: ChargeStatus
  capture: boolean
  authorizationType: string | null
  authorizedAmount: number
  capturedAmount: number
  description: string | null
  metadata: Json
  card: CardRecord | null
  customer: string | null
  source: string | null
  returnUri: string | null
  /** Names the hosted page: `/payments/<payment>/authorize`. */
  payment: string
  document: { id: string; secret: string; format: 'svg' | 'png' } | null
  transaction: string | null
  failure: { code: string; message: string } | null
  ip: string | null
  webhookEndpoints: string[]
  zeroInterest: boolean
  dispute: string | null
  refunds: RefundRecord[]
  voided: boolean
  createdAt: number
  authorizedAt: number | null
  paidAt: number | null
  expiresAt: number
  expiredAt: number | null
  reversedAt: number | null
}

export interface CustomerRecord {
  id: string
  email: string | null
  description: string | null
  metadata: Json
  cards: CardRecord[]
  defaultCard: string | null
  deleted: boolean
  createdAt: number
}

export interface DisputeRecord {
  id: string
  charge: string
  amount: number
  currency: string
  status: 'open' | 'pending' | 'won' | 'lost'
  transaction: string
  createdAt: number
}

export interface Delivery {
  id: string
  uri: string
  status: number | null
  error: string | null
  payload: string
  createdAt: number
}

export interface EventRecord {
  id: string
  key: string
  /** The charge that it is about, or null. */
  charge: string | null
  /** As it was then, and in the account's version of that time. */
  data: Json
  livemode: boolean
  endpoints: string[]
  deliveries: Delivery[]
  createdAt: number
}
