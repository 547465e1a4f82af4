import type { Payment } from '../../models/payment.ts'
import { openPaymentStates } from '../../models/states.ts'
import { now } from '../database/index.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/**
 * When an attempt is polled next: often while its customer looks at it, then ever more rarely until an hour after its
 * end, for webhooks get lost. Null when no more money is expected from it.
 */
export function nextCheck(payment: Payment): Date | null {
  const at = now().getTime()
  const unfinished = payment.operations.some(({ state }) => state === 'SENT' || state === 'UNKNOWN')
  if (unfinished) return new Date(at + minute)
  if (!openPaymentStates.includes(payment.state)) return afterTheEnd(payment, at)
  if (payment.state === 'UNKNOWN') return new Date(at + 10 * second)
  const age = at - payment.createdAt.getTime()
  const wait =
    age < 3 * minute ? 5 * second : age < 15 * minute ? minute : age < hour ? 5 * minute : 15 * minute
  // Whatever the rhythm, look right after its end.
  const end = payment.expiresAt.getTime() + second
  return new Date(at < end ? Math.min(at + wait, end) : at + minute)
}

/** A failed or expired attempt may still bring late money: it is looked at twice more. */
function afterTheEnd(payment: Payment, at: number): Date | null {
  if (payment.captured > 0) return null
  const last = payment.expiresAt.getTime() + hour
  if (at >= last) return null
  return new Date(Math.min(at + 15 * minute, last))
}
