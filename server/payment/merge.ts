import type { Payment, PaymentOperation } from '../../models/payment.ts'
import { openPaymentStates, type PaymentState, paymentRank } from '../../models/states.ts'
import { now } from '../database/index.ts'
import type { Found } from './gateway.ts'
import { isOnlyPolled, takesLater } from './gateways.ts'
import { nextCheck } from './schedule.ts'

/**
 * Until then an attempt that its gateway does not know may still be on its way there. One that was asked for without
 * an answer gets longer than any gateway takes; of one that is still CREATED, whoever asked has died.
 */
const missingAfterMs = { CREATED: 40_000, asked: 120_000 }
const mostEvidence = 60

/**
 * An attempt as it is after what its gateway said: the state rises by rank and never falls, and amounts are taken over
 * and never added up.
 */
export function merge(before: Payment, found: Found, source: string): Payment {
  const refunds = mergeRefunds(before, found)
  const captured = Math.max(before.captured, found.captured)
  const gone = refunds.reduce(
    (sum, op) => sum + (op.kind === 'refund' && op.state === 'SUCCEEDED' ? op.amount : 0),
    0,
  )
  // No platform gives back more than came, whatever it lists.
  const refunded = Math.min(gone, captured)
  const claimed = claimedState(before, found, captured, refunded)
  const state = paymentRank[claimed] > paymentRank[before.state] ? claimed : sameRank(before.state, claimed)
  const wrongMoney =
    (found.money !== undefined &&
      (found.money.currency !== before.currency || found.money.amount !== before.amount)) ||
    (captured > 0 && captured !== before.amount)
  const isNewlyHeld = state === 'AUTHORIZED' && state !== before.state && takesLater(before)
  const flags = {
    ...before.flags,
    ...(found.settled !== undefined && { settled: found.settled }),
    ...(found.escrow !== undefined && { escrow: found.escrow }),
    ...(found.dispute && { dispute: found.dispute }),
    // Judged when money comes in: what a person has accepted is not asked about again.
    ...((captured !== before.captured || isNewlyHeld) && wrongMoney && { conflict: true }),
  }
  const operations = endHolding(refunds, state, captured)
  const open = openPaymentStates.includes(state)
  const changed: Payment = {
    ...before,
    state,
    open,
    captured,
    refunded,
    operations,
    flags,
    refs: mergeRefs(before, found),
    failureCode: found.failureCode ?? before.failureCode,
    answer: found.answer ?? before.answer ?? null,
    next: open ? (found.next ?? before.next) : null,
    expiresAt: open ? endOf(before, found) : before.expiresAt,
    paidAt: before.paidAt ?? (captured > 0 ? (found.paidAt ?? now()) : null),
    updatedAt: now(),
  }
  const news = state !== before.state || captured !== before.captured || refunded !== before.refunded
  return {
    ...changed,
    evidence: news
      ? [...before.evidence, { at: now(), source, state: found.said }].slice(-mostEvidence)
      : before.evidence,
    checkAt: nextCheck(changed, isOnlyPolled(changed.gateway)),
    checks: before.checks + 1,
  }
}

/** The state that the gateway's answer stands for, whatever we believed before. */
function claimedState(before: Payment, found: Found, captured: number, refunded: number): PaymentState {
  if (captured > 0) {
    if (refunded >= captured) return 'REFUNDED'
    return refunded > 0 ? 'PARTIALLY_REFUNDED' : 'CAPTURED'
  }
  if (found.state === 'MISSING') {
    const age = now().getTime() - before.createdAt.getTime()
    const patience = before.state === 'CREATED' ? missingAfterMs.CREATED : missingAfterMs.asked
    return age > patience ? 'FAILED' : before.state
  }
  // Captured, says the platform, but no money is in: look again.
  if (paymentRank[found.state] >= paymentRank.CAPTURED) return 'PENDING'
  return found.state
}

/** CREATED → PENDING → UNKNOWN → PENDING may go to and fro; nothing else of one rank replaces another. */
const sameRank = (before: PaymentState, claimed: PaymentState): PaymentState =>
  before === 'UNKNOWN' && claimed === 'PENDING' ? claimed : before

function mergeRefs(before: Payment, found: Found): Payment['refs'] {
  const refs = new Map([...before.refs, ...found.refs].map((ref) => [`${ref.kind} ${ref.value}`, ref]))
  return [...refs.values()]
}

/** Our refunds learn their outcome; one that somebody made at the platform itself is written down too. */
function mergeRefunds(before: Payment, found: Found): PaymentOperation[] {
  const operations = before.operations.map((op) => ({ ...op }))
  for (const refund of found.refunds) {
    const ours = operations.find(
      (op) =>
        op.kind === 'refund' && (op.ref === refund.ref || (refund.opId !== null && op.opId === refund.opId)),
    )
    const state = refund.state === 'SUCCEEDED' ? 'SUCCEEDED' : refund.state === 'FAILED' ? 'FAILED' : 'SENT'
    if (!ours) {
      operations.push({
        opId: refund.opId ?? `${before.gateway}:${refund.ref}`,
        kind: 'refund',
        amount: refund.amount,
        reason: 'made at the gateway',
        by: 'gateway',
        state,
        ref: refund.ref,
        tries: 0,
        at: now(),
        updatedAt: now(),
      })
    } else if (ours.state !== 'SUCCEEDED') {
      Object.assign(ours, { state, ref: refund.ref, amount: refund.amount, updatedAt: now() })
    }
  }
  return operations
}

/** What was asked of held money is known as soon as the money is here, or the hold is gone. */
function endHolding(
  operations: PaymentOperation[],
  state: PaymentState,
  captured: number,
): PaymentOperation[] {
  const over = captured > 0 || paymentRank[state] > paymentRank.AUTHORIZED
  const outcome = ({ kind }: PaymentOperation) =>
    (kind === 'capture') === captured > 0 ? ('SUCCEEDED' as const) : ('FAILED' as const)
  return operations.map((op) =>
    over && op.kind !== 'refund' && op.state !== 'SUCCEEDED' && op.state !== 'FAILED'
      ? { ...op, state: outcome(op), updatedAt: now() }
      : op,
  )
}

/** Platforms that count the seconds that are left say each time a little else. */
const sameMomentMs = 2000
const endOf = (before: Payment, { expiresAt }: Found): Date =>
  expiresAt && Math.abs(expiresAt.getTime() - before.expiresAt.getTime()) > sameMomentMs
    ? expiresAt
    : before.expiresAt

/** Whether anything but the time of the next look has changed. */
export function isNews(before: Payment, after: Payment): boolean {
  const gist = ({
    state,
    captured,
    refunded,
    flags,
    refs,
    operations,
    failureCode,
    next,
    expiresAt,
  }: Payment) =>
    JSON.stringify({ state, captured, refunded, flags, refs, operations, failureCode, next, expiresAt })
  return gist(before) !== gist(after)
}
