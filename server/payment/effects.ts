import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import type { OrderState } from '../../models/states.ts'
import { publish } from '../broker/index.ts'
import { now } from '../database/index.ts'
import { changeOrder } from '../order/index.ts'
import { extendHolds } from '../store/index.ts'
import { paymentsOf } from './attempts.ts'
import { disputed } from './disputes.ts'
import { askAbout, duplicate, review, reviewSeats } from './doubts.ts'
import { takesLater } from './gateways.ts'
import { held, lapsed, tellHold } from './held-money.ts'
import { giveBack, hasBegun, late } from './late-money.ts'
import { logMoney } from './money-log.ts'
import { notifyCharge, notifyRefund } from './notices.ts'
import { finishOverdue } from './overdue.ts'
import { paid } from './paid.ts'
import { tellOfRefunds } from './refund-tasks.ts'

const paidStates: readonly OrderState[] = [
  'PAID',
  'CONFIRMING',
  'CONFIRMED',
  'FULFILLING',
  'DELIVERED',
  'COMPENSATING',
  'MANUAL_REVIEW',
]
const givenUp = ['FAILED', 'CANCELED', 'EXPIRED'] as const

/**
 * What a payment's news means for its order, in the transaction that writes the news. `after` may be given flags.
 * Answers the order when it was changed.
 */
export async function afterSettling(
  session: ClientSession,
  found: Order,
  before: Payment,
  after: Payment,
): Promise<Order | null> {
  let order = found
  logMoney(session, before, after)
  if (after.open && after.expiresAt.getTime() !== before.expiresAt.getTime()) {
    order = await waitsLonger(session, order, after)
  }
  if (after.state === 'AUTHORIZED' && before.state !== 'AUTHORIZED' && takesLater(after)) {
    order = await held(session, order, after)
  }
  if (after.captured > 0 && before.captured === 0) order = await captured(session, order, before, after)
  else if (after.captured > before.captured) await askAbout(session, order, after, 'more came later')
  if (before.open && givenUp.some((state) => state === after.state)) {
    order = before.flags.held
      ? await lapsed(session, order, after)
      : await attemptEnded(session, order, before, after)
  }
  if (before.open && !after.open) await finishOverdue(before, session)
  await tellOfRefunds(session, before, after)
  if (after.refunded !== before.refunded) order = await refunded(session, order, before, after)
  if (after.flags.dispute !== before.flags.dispute) await disputed(session, order, after)
  return order === found ? null : order
}

/** Money has come in, whatever the order has become meanwhile: it is never refused. */
async function captured(
  session: ClientSession,
  order: Order,
  before: Payment,
  payment: Payment,
): Promise<Order> {
  await notifyCharge(session, order, payment)
  if (before.flags.held) await tellHold(session, order, payment, 'captured')
  if (paidStates.includes(order.state)) return paidAlready(session, order, before, payment)
  if (payment.flags.conflict || !coversTotal(order, payment)) return review(session, order, payment)
  // Beside one that was open there is no other: a unique index sees to that.
  if (!before.open) await endOtherAttempts(session, payment)
  switch (order.state) {
    case 'AWAITING_PAYMENT':
      return (await hasBegun(session, order, payment))
        ? reviewSeats(session, order, payment)
        : paid(session, order, {})
    case 'CANCELED':
      return giveBack(session, order, payment, 'the order was cancelled before the money came')
    default:
      return late(session, order, payment)
  }
}

/** The hold that the order was paid with has been taken, as it should be; or the same order is paid twice. */
async function paidAlready(
  session: ClientSession,
  order: Order,
  before: Payment,
  payment: Payment,
): Promise<Order> {
  if (!before.flags.held) return duplicate(session, order, payment)
  if (payment.flags.conflict) {
    await askAbout(session, order, payment, `${payment.captured} of ${payment.amount} were taken`)
  }
  return order
}

/** A voucher may be paid for days: as long, the order waits, and its goods are held. A shorter end changes nothing. */
async function waitsLonger(session: ClientSession, order: Order, { expiresAt }: Payment): Promise<Order> {
  if (order.state !== 'AWAITING_PAYMENT') return order
  await extendHolds(session, order._id, expiresAt)
  const later = (date: Date | null) => (date && date < expiresAt ? expiresAt : date)
  const set = { deadline: later(order.deadline), holdsUntil: later(order.holdsUntil) }
  const same = set.deadline === order.deadline && set.holdsUntil === order.holdsUntil
  return same ? order : changeOrder(order, { by: 'gateway', set }, session)
}

/** One part, the whole total: anything else is not what the order asks for now. */
const coversTotal = (order: Order, payment: Payment): boolean =>
  payment.currency === order.currency && payment.captured === order.totals.total

/** An attempt beside the one that was paid has no purpose left: the reconciler closes it at its gateway. */
async function endOtherAttempts(session: ClientSession, payment: Payment): Promise<void> {
  await Payments.collection.updateMany(
    { order: payment.order, _id: { $ne: payment._id }, open: true },
    { $set: { expiresAt: now(), checkAt: now() } },
    { session },
  )
}

/** Nothing came of the attempt: the cart is a draft again, its goods held as long as they were. */
async function attemptEnded(
  session: ClientSession,
  order: Order,
  before: Payment,
  after: Payment,
): Promise<Order> {
  if (order.state !== 'AWAITING_PAYMENT') return order
  const others = (await paymentsOf(order._id, session)).some(
    ({ _id, open }) => open && !_id.equals(after._id),
  )
  if (others) return order
  const reason = after.failureCode ?? after.state.toLowerCase()
  const changed = await changeOrder(order, { to: 'DRAFT', by: 'gateway', reason }, session)
  // A decline within the customer's own request is told on the page; the chat is for news that come later.
  if (after.state === 'FAILED' && before.state !== 'CREATED') {
    await publish(session, 'payment.failed', String(order._id), {
      orderId: String(order._id),
      paymentId: String(after._id),
      code: after.failureCode ?? 'failed',
    })
  }
  return changed
}

async function refunded(
  session: ClientSession,
  order: Order,
  before: Payment,
  after: Payment,
): Promise<Order> {
  const done = (payment: Payment) =>
    payment.operations.filter(({ kind, state }) => kind === 'refund' && state === 'SUCCEEDED')
  const known = new Set(done(before).map(({ opId }) => opId))
  for (const { opId, amount } of done(after).filter((op) => !known.has(op.opId))) {
    await publish(session, 'payment.refunded', String(order._id), {
      orderId: String(order._id),
      paymentId: String(after._id),
      opId,
      amount,
      currency: after.currency,
    })
  }
  await notifyRefund(session, order, after)
  if (after.flags.duplicate) return order
  const payments = await paymentsOf(order._id, session)
  const others = payments.filter(({ _id, flags }) => !_id.equals(after._id) && !flags.duplicate)
  const sum = others.reduce((total, payment) => total + payment.refunded, after.refunded)
  return changeOrder(order, { by: 'gateway', set: { refunded: sum } }, session)
}
