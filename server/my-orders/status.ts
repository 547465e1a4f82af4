import type { OrderState } from '../../models/states.ts'

export type OrderStatus = 'pending' | 'processing' | 'completed' | 'cancelled'
export type PaymentStatus = 'pending' | 'paid' | 'refunded' | 'cancelled' | 'failed' | 'expired'

const orderStatuses: Record<OrderState, OrderStatus> = {
  DRAFT: 'pending',
  AWAITING_PAYMENT: 'pending',
  EXPIRED: 'cancelled',
  PAID: 'processing',
  CONFIRMING: 'processing',
  CONFIRMED: 'completed',
  FULFILLING: 'completed',
  DELIVERED: 'completed',
  COMPENSATING: 'processing',
  CANCELED: 'cancelled',
  MANUAL_REVIEW: 'pending',
}

const paidStates: readonly OrderState[] = ['PAID', 'CONFIRMING', 'CONFIRMED', 'FULFILLING', 'DELIVERED']

interface Known {
  state: OrderState
  /** Minor units that came in, and that went back. */
  captured: number
  refunded: number
  /** The state of the last attempt. */
  attempt: string | null
}

/** The two words that a customer's list has for an order: how it stands, and how its payment does. */
export function statusOf(order: Known): { order: OrderStatus; payment: PaymentStatus } {
  return { order: orderStatuses[order.state], payment: paymentStatus(order) }
}

function paymentStatus({ state, captured, refunded, attempt }: Known): PaymentStatus {
  if (state === 'EXPIRED') return 'expired'
  const givenBack = captured > 0 && refunded >= captured
  if (paidStates.includes(state) || state === 'COMPENSATING') return givenBack ? 'refunded' : 'paid'
  if (state !== 'CANCELED') return 'pending'
  if (captured > 0) return 'refunded'
  return attempt === 'FAILED' ? 'failed' : 'cancelled'
}
