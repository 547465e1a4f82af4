/** What the simulated iPaymu keeps. Amounts are whole rupiah, times milliseconds since 1970. */

/** The platform's nine codes. */
export const statuses = {
  EXPIRED: -2,
  PENDING: 0,
  PAID: 1,
  CANCELLED: 2,
  REFUNDED: 3,
  ERROR: 4,
  FAILED: 5,
  UNSETTLED: 6,
  ESCROW: 7,
} as const
export type Status = (typeof statuses)[keyof typeof statuses]

/** The platform's words for them: what a transaction says, and what a callback says. */
export const words: Record<Status, { desc: string; told: string }> = {
  [-2]: { desc: 'Expired', told: 'expired' },
  0: { desc: 'Pending', told: 'pending' },
  1: { desc: 'Berhasil', told: 'berhasil' },
  2: { desc: 'Batal', told: 'batal' },
  3: { desc: 'Refund', told: 'refund' },
  4: { desc: 'Error', told: 'error' },
  5: { desc: 'Gagal', told: 'gagal' },
  6: { desc: 'Berhasil', told: 'berhasil' },
  7: { desc: 'Escrow', told: 'berhasil' },
}
export const paidStatuses: readonly Status[] = [1, 6, 7]

export interface Buyer {
  name: string | null
  email: string | null
  phone: string | null
}

/** A visit to the hosted page. A transaction comes of it when the customer has chosen how to pay. */
export interface SessionRecord {
  id: string
  reference: string | null
  product: string
  amount: number
  feeDirection: 'BUYER' | 'MERCHANT'
  buyer: Buyer
  returnUrl: string
  cancelUrl: string
  notifyUrl: string
  createdAt: number
  expiresAt: number
  /** Whether the answer with its address went out whole: nobody else knows the way to it. */
  told: boolean
}

export interface TransactionRecord {
  id: string
  session: string
  hosted: boolean
  reference: string | null
  product: string
  amount: number
  fee: number
  feeDirection: 'BUYER' | 'MERCHANT'
  via: string
  channel: string
  paymentNo: string
  qr: string | null
  buyer: Buyer
  notifyUrl: string
  status: Status
  createdAt: number
  expiresAt: number
  paidAt: number | null
  settledAt: number | null
  told: boolean
}
