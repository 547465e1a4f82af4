import type { ClientSession } from 'mongoose'
import { Customers } from '../../models/customer.ts'
import type { Order } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { Sagas } from '../../models/saga.ts'
import type { OrderState } from '../../models/states.ts'
import { publish } from '../broker/index.ts'
import { now } from '../database/index.ts'
import { holdSlot } from '../delivery/index.ts'
import { AppError } from '../http/index.ts'
import { changeOrder, findOrder, refreshStatus, wantedGoods } from '../order/index.ts'
import { finishTask, raiseTask, shopSettings } from '../shop/index.ts'
import { extendHolds, holdsAll, takeHolds } from '../store/index.ts'
import { paymentsOf } from './attempts.ts'
import { notifyCharge, notifyRefund } from './notices.ts'

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
 * Answers the orders that screens should hear of.
 */
export async function afterSettling(
  session: ClientSession,
  before: Payment,
  after: Payment,
): Promise<Order[]> {
  let order = await findOrder(after.order, session)
  const untouched = order.version
  if (after.captured > 0 && before.captured === 0) order = await captured(session, order, before, after)
  else if (after.captured > before.captured) await askAbout(session, order, after, 'more came later')
  if (before.open && givenUp.some((state) => state === after.state)) {
    order = await attemptEnded(session, order, before, after)
  }
  if (after.refunded !== before.refunded) order = await refunded(session, order, before, after)
  return order.version === untouched ? [] : [order]
}

/** Money has come in, whatever the order has become meanwhile: it is never refused. */
async function captured(
  session: ClientSession,
  order: Order,
  before: Payment,
  payment: Payment,
): Promise<Order> {
  await notifyCharge(session, order, payment)
  if (paidStates.includes(order.state)) return duplicate(session, order, payment)
  if (payment.flags.conflict || !coversTotal(order, payment)) return review(session, order, payment)
  // Beside one that was open there is no other: a unique index sees to that.
  if (!before.open) await endOtherAttempts(session, payment)
  switch (order.state) {
    case 'AWAITING_PAYMENT':
      return paid(session, order, {})
    case 'CANCELED':
      return giveBack(session, order, payment, 'the order was cancelled before the money came')
    default:
      return late(session, order, payment)
  }
}

/** One part, the whole total: anything else is not what the order asks for now. */
const coversTotal = (order: Order, payment: Payment): boolean =>
  payment.currency === order.currency && payment.captured === order.totals.total

async function paid(
  session: ClientSession,
  order: Order,
  set: Partial<Order>,
  who: { by: string; reason?: string } = { by: 'gateway' },
): Promise<Order> {
  const orderId = String(order._id)
  const at = now()
  const changed = await changeOrder(
    order,
    { to: 'PAID', ...who, set: { ...set, paidAt: at, holdsUntil: null } },
    session,
  )
  await refreshStatus(session, order.customer)
  const customer = await Customers.collection.findOne({ _id: order.customer }, { session })
  await publish(session, 'order.paid', orderId, { orderId })
  await publish(session, 'order.process', orderId, {
    orderId,
    version: changed.version,
    userName: String(customer?.['username'] ?? ''),
    orderItems: orderItems(changed),
  })
  return changed
}

/**
 * A person has decided that what came is enough: the payment counts as the whole, and the goods are taken again.
 * Throws when they cannot be had any more, or when the saga has begun already: then only giving back is left.
 */
export async function acceptPayment(
  session: ClientSession,
  order: Order,
  by: string,
  reason: string,
): Promise<Order> {
  const wanted = wantedGoods(order)
  const { minutes } = await shopSettings()
  const until = new Date(now().getTime() + minutes.hold * 60_000)
  const begun = await Sagas.collection.findOne({ order: order._id }, { session })
  const there =
    (await holdsAll(session, order._id, wanted)) ||
    (await takeHolds(session, order._id, wanted, until)).length === 0
  if (begun || !there) {
    throw new AppError('review.too_late', 'The goods cannot be had any more. Give the money back.', {
      status: 409,
      reload: true,
    })
  }
  const payments = await paymentsOf(order._id, session)
  const came = payments
    .filter(({ flags }) => !flags.duplicate)
    .reduce((sum, { captured, refunded }) => sum + captured - refunded, 0)
  await Payments.collection.updateMany(
    { order: order._id, 'flags.conflict': true },
    { $set: { 'flags.conflict': false } },
    { session },
  )
  for (const { _id } of payments) await finishTask('payment.conflict', String(_id), null, session)
  // What was given for less, or kept beyond the price, shows as what it is: the total is what came.
  const totals = { ...order.totals, total: came }
  return paid(session, order, { totals }, { by, reason })
}

/** A total of nothing needs no payment: the order is paid as it stands. */
export const payNothing = (session: ClientSession, order: Order): Promise<Order> => paid(session, order, {})

/** The order had been given up, or its attempt had: take the goods again, or give the money back. */
async function late(session: ClientSession, order: Order, payment: Payment): Promise<Order> {
  const wanted = wantedGoods(order)
  const { minutes } = await shopSettings()
  const until = new Date(now().getTime() + minutes.hold * 60_000)
  const short = (await holdsAll(session, order._id, wanted))
    ? []
    : await takeHolds(session, order._id, wanted, until)
  if (short.length) return giveBack(session, order, payment, 'the goods were sold before the money came')

  await extendHolds(session, order._id, until)
  const delivery = await takeSlotAgain(session, order)
  if (order.state === 'EXPIRED') await tellLate(session, order, payment, 'accepted')
  return paid(session, order, { delivery })
}

async function takeSlotAgain(session: ClientSession, order: Order): Promise<Order['delivery']> {
  const { delivery } = order
  if (!delivery?.slot || (await holdSlot(session, order._id, delivery.slot))) return delivery
  await raiseTask(
    {
      kind: 'delivery.slot',
      subject: String(order._id),
      order: order._id,
      summary: `${order.regNo} was paid after its delivery slot had gone. Agree on another time with the customer.`,
    },
    session,
  )
  return { ...delivery, slot: null, slotBegin: null, slotEnd: null }
}

async function giveBack(
  session: ClientSession,
  order: Order,
  payment: Payment,
  reason: string,
): Promise<Order> {
  const orderId = String(order._id)
  const changed = await changeOrder(order, { to: 'COMPENSATING', by: 'gateway', reason }, session)
  await tellLate(session, order, payment, 'refunded')
  await publish(session, 'order.compensate', orderId, { orderId, reason, by: 'gateway' })
  await refreshStatus(session, order.customer)
  return changed
}

const tellLate = (session: ClientSession, order: Order, payment: Payment, outcome: 'accepted' | 'refunded') =>
  publish(session, 'payment.late', String(order._id), {
    orderId: String(order._id),
    paymentId: String(payment._id),
    outcome,
  })

/** A second attempt at what is paid already: the order stays, and a person gives the money back. */
async function duplicate(session: ClientSession, order: Order, payment: Payment): Promise<Order> {
  payment.flags = { ...payment.flags, duplicate: true }
  await raiseTask(
    {
      kind: 'payment.duplicate',
      subject: String(payment._id),
      order: order._id,
      summary: `${order.regNo} was paid twice. Refund attempt ${payment.attemptNo}.`,
      details: { paymentId: String(payment._id), amount: payment.captured, currency: payment.currency },
    },
    session,
  )
  return order
}

/** What came is not what was asked: a person decides. */
async function review(session: ClientSession, order: Order, payment: Payment): Promise<Order> {
  payment.flags = { ...payment.flags, conflict: true }
  const reason = `${payment.captured} ${payment.currency} came, ${order.totals.total} ${order.currency} were due (minor units)`
  const changed = await changeOrder(order, { to: 'MANUAL_REVIEW', by: 'gateway', reason }, session)
  await askAbout(session, order, payment, reason)
  await publish(session, 'order.review', String(order._id), { orderId: String(order._id), reason })
  await refreshStatus(session, order.customer)
  return changed
}

const askAbout = (session: ClientSession, order: Order, payment: Payment, reason: string): Promise<void> =>
  raiseTask(
    {
      kind: 'payment.conflict',
      subject: String(payment._id),
      order: order._id,
      summary: `${order.regNo}: ${reason}. Accept it, or give it back.`,
      details: { paymentId: String(payment._id) },
    },
    session,
  )

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

/** The lines as the seeds' messages carry them. */
export const orderItems = (order: Order) =>
  order.lines.map(({ number, productNumber, name, quantity }) => ({
    id: number,
    productId: productNumber,
    productName: name,
    quantity,
  }))
