export type Json = Record<string, unknown>

export type SessionStatus = 'pending' | 'completed' | 'cancelled'
export type PaymentStatus =
  | 'pending'
  | 'authorized'
  | 'captured'
  | 'cancelled'
  | 'expired'
  | 'refunded'
  | 'failed'

export interface SessionRecord {
  id: string
  status: SessionStatus
  amount: number
  currency: string
  returnUrl: string
  locale: string
  methods: Method[]
  metadata: Record<string, string>
  email: string | null
  name: string | null
  description: string | null
  externalOrderNum: string
  capture: 'auto' | 'manual'
  /** The payment that its page has made. */
  payment: string | null
  /** What the `Komoju-Scenario` header asked for: every try fails with it. */
  scenario: string | null
  createdAt: number
  expiresAt: number
  expired: boolean
  completedAt: number | null
  cancelledAt: number | null
}

export type Method = 'credit_card' | 'konbini'

export interface RefundRecord {
  id: string
  amount: number
  description: string | null
  createdAt: number
}

export interface PaymentRecord {
  id: string
  session: string
  status: PaymentStatus
  amount: number
  currency: string
  /** What the store charges the payer for its service. */
  fee: number
  method: Method
  /** Of a card: brand and last digits. Of a konbini: the store and what its counter asks for. */
  card: { brand: string; lastDigits: string } | null
  konbini: { store: Store; email: string; confirmationCode: string; receipt: string } | null
  failure: string | null
  externalOrderNum: string
  metadata: Record<string, string>
  description: string | null
  deadline: number | null
  capturedAt: number | null
  refunds: RefundRecord[]
  createdAt: number
}

export const stores = {
  'seven-eleven': 'Seven-Eleven',
  lawson: 'Lawson',
  'family-mart': 'FamilyMart',
  ministop: 'Ministop',
  'daily-yamazaki': 'Daily Yamazaki',
  seicomart: 'Seicomart',
} as const
export type Store = keyof typeof stores

export interface EventRecord {
  id: string
  type: string
  payment: string | null
  data: Json
  createdAt: number
  deliveries: { at: number; status: number | null; error: string | null }[]
}
