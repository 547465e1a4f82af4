import type { Types } from 'mongoose'
import type { Payment } from '../../models/payment.ts'
import { applyFound } from './apply.ts'
import { asAttempt, paymentsOf } from './attempts.ts'
import type { Next } from './contract.ts'
import { type Found, Unanswered } from './gateway.ts'
import { gatewayBehind, isOff } from './gateways.ts'
import { settle } from './settle.ts'

/**
 * Closes the open attempt of an order, so that it can be paid another way or be cancelled. True when nothing is open
 * any more; false while the gateway does not confirm it: money may still come, and nothing else may be opened.
 */
export async function closeOpenAttempt(
  order: Types.ObjectId,
  state: 'CANCELED' | 'EXPIRED',
): Promise<boolean> {
  const open = (await paymentsOf(order)).find((payment) => payment.open)
  return open ? close(open, state) : true
}

/**
 * The customer turns away from a page of the bank that the gateway cannot close, or from a code of one that closes
 * none. They may pay another way at once: should money come after all, it is late money, and nothing of it is lost.
 */
export async function abandonAttempt(order: Types.ObjectId): Promise<boolean> {
  if (await closeOpenAttempt(order, 'CANCELED')) return true
  const left = (await paymentsOf(order)).find(({ open }) => open)
  const kind = (left?.next as Next | null | undefined)?.kind
  // Late money of one that is switched off would be seen by nobody.
  if (left?.state !== 'PENDING' || isOff(left.gateway)) return false
  const atTheBank = kind === 'redirect' || kind === 'popup'
  if (!atTheBank && gatewayBehind(left).can.cancel) return false
  const { open } = await applyFound(left, { ...ended('CANCELED'), said: 'left at the bank' }, 'customer')
  return !open
}

/** Closes one attempt at its gateway and then here. */
export async function close(payment: Payment, state: 'CANCELED' | 'EXPIRED'): Promise<boolean> {
  // What its order was paid with is let go by the saga alone.
  if (payment.flags.held) return false
  if (payment.state === 'CREATED' || payment.state === 'UNKNOWN') {
    // What its gateway has not heard of may still be on its way there: only what it knows can be closed.
    const seen = await settle(payment._id, 'closing')
    if (!seen?.open) return seen !== null
    if (seen.state === 'CREATED' || seen.state === 'UNKNOWN') return false
    return close(seen, state)
  }
  try {
    if (await gatewayBehind(payment).cancel(asAttempt(payment))) {
      const { open } = await applyFound(payment, ended(state), 'closed')
      return !open
    }
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
    return false
  }
  // It cannot be closed: perhaps because it was paid, or has ended by itself.
  const settled = await settle(payment._id, 'closing')
  return settled !== null && !settled.open
}

/** As a gateway would tell it: nothing came of the attempt. */
export const ended = (state: 'CANCELED' | 'EXPIRED'): Found => ({
  state,
  captured: 0,
  refunded: 0,
  refunds: [],
  refs: [],
  said: state === 'EXPIRED' ? 'time was up' : 'given up',
})
