import { createTables, type Tables } from '../tables.ts'

export type Status = 'pending' | 'succeeded' | 'canceled'

export interface PaymentRecord {
  id: string
  status: Status
  /** Kopecks. */
  amount: number
  refunded: number
  confirmation: 'qr' | 'redirect'
  returnUrl: string | null
  description: string | null
  metadata: Record<string, string>
  canceledBecause: { party: string; reason: string } | null
  createdAt: number
  expiresAt: number
  capturedAt: number | null
}

export interface RefundRecord {
  id: string
  payment: string
  amount: number
  description: string | null
  createdAt: number
}

/** What was asked with a key, and what came of it: the second time gets the same answer for a day. */
export interface KeyRecord {
  id: string
  request: string
  kind: 'payments' | 'refunds'
  made: string
  createdAt: number
}

type Rows = { payments: PaymentRecord; refunds: RefundRecord; keys: KeyRecord }

export type Store = Tables<Rows>

export const createStore = (file?: string): Store =>
  createTables<Rows>({ names: ['payments', 'refunds', 'keys'], file })
