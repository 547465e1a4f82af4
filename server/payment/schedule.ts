import type { Payment, PaymentOperation } from '../../models/payment.ts'
import { openPaymentStates } from '../../models/states.ts'
import { now } from '../database/index.ts'
import { isUnfinished } from './operations.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** How long after its end an attempt is looked at for late money. */
export const lateMs = hour

/** How long after its end an attempt may still turn out to be paid, where nobody but the gateway ends it. */
export const marginMs = 10 * minute

/**
 * When an attempt is polled next: often while its customer looks at it, then ever more rarely until an hour after its
 * end, for webhooks get lost. Where there are none (`onlyPolled`), polling is the one way to learn of a customer who
 * paid and closed the page: then it stays frequent until the session's end and a margin after it. Null when no more
 * money is expected.
 */
export function nextCheck(payment: Payment, onlyPolled = false): Date | null {
  const at = now().getTime()
  // One that a person was asked to make, and nobody has sent, is not under way.
  const unfinished = payment.operations.filter((op) => isUnfinished(op) && !isForPerson(op))
  if (unfinished.length) {
    // Its outcome is looked up soon, whatever else was read meanwhile.
    const isFresh = unfinished.some(({ updatedAt }) => at - updatedAt.getTime() < 2 * minute)
    return new Date(at + (isFresh ? 10 * second : minute))
  }
  if (!openPaymentStates.includes(payment.state)) return afterTheEnd(payment, at, onlyPolled)
  if (payment.flags.held) return new Date(at + 15 * minute)
  const age = at - payment.createdAt.getTime()
  if (payment.state === 'UNKNOWN') return new Date(at + (age < 15 * minute ? 10 * second : minute))
  const wait = onlyPolled ? onlyPolledWait(age) : usualWait(age)
  // Whatever the rhythm, look right after its end.
  const end = payment.expiresAt.getTime() + second
  return new Date(at < end ? Math.min(at + wait, end) : at + minute)
}

const isForPerson = ({ state, forStaff }: PaymentOperation): boolean =>
  state === 'REQUESTED' && forStaff === true

const usualWait = (age: number): number => {
  if (age < 3 * minute) return 5 * second
  if (age < 15 * minute) return minute
  if (age < hour) return 5 * minute
  if (age < 6 * hour) return 30 * minute
  return age < 24 * hour ? hour : 4 * hour
}

const onlyPolledWait = (age: number): number => {
  if (age < 3 * minute) return 5 * second
  if (age < 15 * minute) return 15 * second
  return age < hour ? minute : 5 * minute
}

/** An attempt that failed, expired or was given up may still bring late money: it is looked at for an hour more. */
function afterTheEnd(payment: Payment, at: number, onlyPolled: boolean): Date | null {
  if (payment.captured > 0) return null
  const end = payment.expiresAt.getTime()
  const last = end + lateMs
  if (at >= last) return null
  const wait = onlyPolled && at < end + marginMs ? 2 * minute : 15 * minute
  return new Date(Math.min(at + wait, last))
}
