import { randomUUID } from 'node:crypto'

/** One order of the simulated bank. Money in tenge, a hundredth of a manat. */
export interface OrderRecord {
  /** The bank's own name of the order. */
  id: string
  /** The merchant's number: used once for ever. */
  number: string
  amount: number
  currency: string
  description: string
  returnUrl: string
  failUrl: string
  language: string
  /** 0 registered, 1 held, 2 deposited, 3 reversed, 4 refunded, 6 declined. */
  status: 0 | 1 | 2 | 3 | 4 | 6
  actionCode: number
  deposited: number
  refunds: number[]
  createdAt: number
  sessionEndsAt: number
  paidAt: number | null
}

export type NewOrder = Pick<
  OrderRecord,
  'number' | 'amount' | 'currency' | 'description' | 'returnUrl' | 'failUrl' | 'language'
> & { sessionSeconds: number }

/** No attempt was made at it yet. */
const NOT_TRIED = -100
const SESSION_OVER = -2007
const DECLINED = 116

export const newOrder = ({ sessionSeconds, ...order }: NewOrder, now: number): OrderRecord => ({
  ...order,
  id: randomUUID(),
  status: 0,
  actionCode: NOT_TRIED,
  deposited: 0,
  refunds: [],
  createdAt: now,
  sessionEndsAt: now + sessionSeconds * 1000,
  paidAt: null,
})

/** The session has run out: what was not paid is declined. Answers whether anything changed. */
export function runOut(order: OrderRecord, now: number): boolean {
  if (order.status !== 0 || order.sessionEndsAt > now) return false
  order.status = 6
  order.actionCode = SESSION_OVER
  return true
}

export function pay(order: OrderRecord, now: number): void {
  order.status = 2
  order.actionCode = 0
  order.deposited = order.amount
  order.paidAt = now
}

export function decline(order: OrderRecord): void {
  order.status = 6
  order.actionCode = DECLINED
}

export function refund(order: OrderRecord, amount: number): void {
  order.status = 4
  order.refunds.push(amount)
}

export const refundedOf = ({ refunds }: OrderRecord): number =>
  refunds.reduce((sum, amount) => sum + amount, 0)
