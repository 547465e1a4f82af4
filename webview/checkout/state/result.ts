import type { OrderView } from '../../../server/pipeline/contract.ts'
import type { IconName } from '../../kit/icons.ts'

export interface Result {
  /** Part of the key of its words: `checkout.result.<name>.title`. */
  name: string
  look: 'good' | 'warn' | 'bad' | 'note'
  /** Without one it turns: something is being waited for. */
  icon?: IconName
  /** The money has come in, and the order goes on. */
  paid?: boolean
  /** It will change by itself before long. */
  waits?: boolean
}

/** What the order has come to, as the customer is told it. */
export function resultOf(order: OrderView): Result {
  // The order stays as it is, and yet nobody waits for its goods any more.
  if (isGivenBack(order)) return { name: 'givenBack', look: 'note', icon: 'refund' }
  switch (order.state) {
    case 'PAID':
    case 'CONFIRMING':
      return { name: 'confirming', look: 'good', icon: 'check', paid: true, waits: true }
    case 'CONFIRMED':
      if (order.tickets.length && !order.needsDelivery) {
        return { name: 'ticketed', look: 'good', icon: 'check', paid: true }
      }
      return { name: 'confirmed', look: 'good', icon: 'check', paid: true }
    case 'FULFILLING':
      return underWay(order)
    case 'DELIVERED':
      return { name: 'delivered', look: 'good', icon: 'home', paid: true }
    case 'COMPENSATING':
      return { name: 'undoing', look: 'warn', icon: 'undo', waits: true }
    case 'CANCELED':
      return canceled(order)
    case 'EXPIRED':
      return { name: 'expired', look: 'warn', icon: 'clock' }
    case 'MANUAL_REVIEW':
      return { name: 'review', look: 'warn', icon: 'chat' }
    case 'AWAITING_PAYMENT':
      return { name: 'checking', look: 'note', waits: true }
    case 'DRAFT':
      return order.attempt
        ? { name: 'failed', look: 'bad', icon: 'cross' }
        : { name: 'unpaid', look: 'note', icon: 'bag' }
  }
}

const isGivenBack = ({ state, refunded, totals }: OrderView): boolean =>
  ['CONFIRMED', 'FULFILLING', 'DELIVERED'].includes(state) && refunded > 0 && refunded >= totals.total

function underWay({ tracking }: OrderView): Result {
  if (tracking?.state === 'READY_FOR_PICKUP') return { name: 'ready', look: 'good', icon: 'shop', paid: true }
  if (tracking?.sentAt) return { name: 'sent', look: 'good', icon: 'truck', paid: true }
  return { name: 'packing', look: 'good', icon: 'box', paid: true }
}

/** An order that was paid and called off has had its money sent back, or is about to. */
function canceled({ refunded, paidAt }: OrderView): Result {
  if (refunded > 0) return { name: 'refunded', look: 'note', icon: 'refund' }
  if (paidAt) return { name: 'undoing', look: 'warn', icon: 'undo' }
  return { name: 'canceled', look: 'warn', icon: 'cross' }
}
