import type mongoose from 'mongoose'
import type { ClientSession, Types } from 'mongoose'
import limit from 'p-limit'
import type { Order } from '../../models/order.ts'
import { type Payment, type PaymentOperation, Payments } from '../../models/payment.ts'
import { openPaymentStates, type PaymentState, paymentRank } from '../../models/states.ts'
import { now, transaction } from '../database/index.ts'
import { announceOrder } from '../order/index.ts'
import { asAttempt, findPayment } from './attempts.ts'
import { afterSettling } from './effects.ts'
import { type Found, Unanswered } from './gateway.ts'
import { gatewayOf, isOnlyPolled, takesLater } from './gateways.ts'
import { nextCheck } from './schedule.ts'

/**
 * Until then an attempt that its gateway does not know may still be on its way there. One that was asked for without
 * an answer gets longer than any gateway takes; of one that is still CREATED, whoever asked has died.
 */
const missingAfterMs = { CREATED: 40_000, asked: 120_000 }
const mostEvidence = 60
/** More at once settle no sooner, and webhooks that come meanwhile would wait for seconds until they are answered. */
const inTurn = limit(12)

/**
 * Asks the gateway what is true of an attempt and applies it. The one way by which a payment moves: a webhook, a
 * return address, a poll and a tap on "check" all end here. Never throws for a gateway that does not answer.
 */
export async function settle(id: Types.ObjectId | string, source: string): Promise<Payment | null> {
  const payment = await findPayment(id)
  return payment && ((await readBack(payment, source)) ?? payment)
}

/** What the gateway says of an attempt, and nothing is done about it. Throws when it does not answer. */
export async function lookUp(id: Types.ObjectId): Promise<Found> {
  const payment = await findPayment(id)
  if (!payment) throw new Error(`the payment ${id} is gone`)
  return gatewayOf(payment.gateway).check(asAttempt(payment))
}

/** Reads an attempt back; null when the gateway does not answer. */
export async function readBack(payment: Payment, source: string): Promise<Payment | null> {
  try {
    const found = await gatewayOf(payment.gateway).check(asAttempt(payment))
    return await applyFound(payment, found, source)
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
    await Payments.collection.updateOne(
      { _id: payment._id, checkAt: payment.checkAt },
      { $inc: { checks: 1 }, $set: { checkAt: nextCheck(payment, isOnlyPolled(payment.gateway)) } },
    )
    return null
  }
}

/**
 * Applies what a gateway said: the state rises by rank and never falls, amounts are taken over and never added up,
 * and what follows for the order happens in the same transaction. Twenty at once end as one. `seen` is the attempt as
 * it was when the gateway was asked: it tells cheaply that nothing is new, and decides nothing else.
 */
export const applyFound = async (seen: Payment, found: Found, source: string): Promise<Payment> =>
  (await applyAndFollow(seen, found, source)).payment

/** The same, and answers the order as this has left it; null where it has not touched it. */
export async function applyAndFollow(
  seen: Payment,
  found: Found,
  source: string,
): Promise<{ payment: Payment; order: Order | null }> {
  const same = merge(seen, found, source)
  if (!isNews(seen, same)) {
    const { checkAt, checks } = same
    // Who has stored an operation meanwhile wants it looked after sooner.
    await Payments.collection.updateOne(
      { _id: seen._id, checkAt: seen.checkAt },
      { $set: { checkAt, checks } },
    )
    return { payment: seen, order: null }
  }
  const write = async (session: ClientSession) => {
    const before = await required(seen._id, session)
    const after = merge(before, found, source)
    if (!isNews(before, after)) return { payment: before, order: null }
    const order = await afterSettling(session, before, after)
    await Payments.collection.updateOne({ _id: after._id }, { $set: changesOf(before, after) }, { session })
    return { payment: after, order }
  }
  const { payment, order } = await inTurn(() => transaction(write))
  if (order) announceOrder(order)
  return { payment, order }
}

/** What was not made anew need not be written again. */
const changesOf = (before: Payment, after: Payment): mongoose.AnyObject =>
  Object.fromEntries(
    Object.entries(after).filter(([field, value]) => value !== before[field as keyof Payment]),
  )

async function required(id: Types.ObjectId, session: ClientSession): Promise<Payment> {
  const payment = await findPayment(id, session)
  if (!payment) throw new Error(`the payment ${id} is gone`)
  return payment
}

function merge(before: Payment, found: Found, source: string): Payment {
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
function isNews(before: Payment, after: Payment): boolean {
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
