import type { ClientSession, Types } from 'mongoose'
import { type Payment, Payments } from '../../models/payment.ts'
import { inMs, now, transaction } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { finishTask, raiseTask } from '../shop/index.ts'
import { findPayment, paymentsOf } from './attempts.ts'
import { refundsOf } from './gateways.ts'
import { isHeld, release } from './holding.ts'
import { newOperation, unsentMs } from './operations.ts'
import { send } from './refund-sending.ts'
import { isLivingRefund, sumOf } from './refund-sums.ts'

export interface RefundRequest {
  /** The caller's own id: the same refund asked twice is one. */
  opId: string
  /** Minor units. */
  amount: number
  reason: string
  /** Staff id, or `saga`. */
  by: string
  /**
   * Minor units that one person may give back of an order, over all refunds: beyond it a second person must agree
   * before it is sent. Null: no second person is needed.
   */
  alone: number | null
}

/**
 * Stores a refund and sends it. What is being given back can never exceed what came in, and what one person gives
 * back never their limit: both guards are in the same update that stores the request, so a hundred at once make one,
 * and small pieces at once make no large one. Answers the payment as it then is.
 */
export async function refund(paymentId: string, request: RefundRequest): Promise<Payment> {
  const payment = await findPayment(paymentId)
  if (!payment) throw notFound('The payment')
  const known = payment.operations.find(({ opId }) => opId === request.opId)
  if (known) {
    if (known.amount === request.amount) return payment
    throw new AppError(
      'refund.repeated',
      'This refund was asked before with another amount. Start a new one.',
      { status: 409 },
    )
  }
  if (request.amount < payment.captured && refundsOf(payment) === 'whole') {
    throw new AppError(
      'refund.whole',
      'This gateway gives back the whole payment or nothing. Refund all of it.',
      {
        status: 409,
      },
    )
  }
  const alone = await storeAlone(payment, request)
  if (alone) return send(alone, request.opId)
  const waiting = request.alone === null ? null : await storeForTwo(payment, request)
  return waiting ?? storedBefore(payment, request)
}

/**
 * Stores a request that one person may send. What they gave back of the order's other payments counts too: where there
 * are any, each request writes on all of them, so that of two at the same moment the second sees the first.
 */
async function storeAlone(payment: Payment, request: RefundRequest): Promise<Payment | null> {
  const { alone } = request
  const others = alone === null ? [] : await othersOf(payment)
  if (alone === null || !others.length) return store(payment, request, alone)
  return transaction(async (session) => {
    await Payments.collection.updateMany(
      { order: payment.order },
      { $set: { updatedAt: now() } },
      { session },
    )
    const elsewhere = aloneIn(await othersOf(payment, session))
    return store(payment, request, alone - elsewhere, session)
  })
}

const othersOf = async ({ _id, order }: Payment, session?: ClientSession): Promise<Payment[]> =>
  (await paymentsOf(order, session)).filter((payment) => !payment._id.equals(_id))

/** What one person has given back of some payments. */
const aloneIn = (payments: Payment[]): number =>
  payments
    .flatMap(({ operations }) => operations)
    .filter(({ kind, by, alone, state }) => kind === 'refund' && isStaff(by) && alone && state !== 'FAILED')
    .reduce((sum, { amount }) => sum + amount, 0)
const isStaff = (by: string): boolean => by !== 'saga' && by !== 'gateway'

/** Stores a request that waits for a second person, and tells that one is needed. */
const storeForTwo = (payment: Payment, request: RefundRequest): Promise<Payment | null> =>
  transaction(async (session) => {
    const stored = await store(payment, request, 'second', session)
    if (!stored) return null
    const { opId, amount } = request
    await raiseTask(
      {
        kind: 'refund.approve',
        subject: opId,
        order: payment.order,
        summary: `A refund for ${payment.orderRegNo} waits for a second person.`,
        details: { paymentId: String(payment._id), opId, amount, currency: payment.currency },
      },
      session,
    )
    return stored
  })

/** The second person agrees; must not be who asked. */
export async function approveRefund(order: Types.ObjectId, opId: string, staffId: string): Promise<Payment> {
  const payment = (await paymentsOf(order)).find(({ operations }) =>
    operations.some((op) => op.opId === opId),
  )
  const operation = payment?.operations.find((op) => op.opId === opId)
  if (!payment || !operation) throw notFound('The refund')
  if (operation.by === staffId) {
    throw new AppError('refund.second_person', 'Somebody else must approve the refund that you asked for.', {
      status: 403,
    })
  }
  if (operation.state === 'REQUESTED') {
    await Payments.collection.updateOne(
      { _id: payment._id, operations: { $elemMatch: { opId, state: 'REQUESTED' } } } as never,
      {
        $set: {
          'operations.$.approvedBy': staffId,
          'operations.$.updatedAt': now(),
          checkAt: inMs(unsentMs),
        },
      },
    )
  }
  await finishTask('refund.approve', opId, null)
  return send((await findPayment(payment._id)) ?? payment, opId)
}

/**
 * Gives back everything that an order's payments still hold, and lets go what a bank holds for it. A refusal is for a
 * person: it is not asked again here.
 */
export async function refundAll(
  order: Types.ObjectId,
  reason: string,
): Promise<'done' | 'waiting' | 'refused'> {
  for (const held of (await paymentsOf(order)).filter(isHeld)) await release(held)
  for (const payment of await paymentsOf(order)) {
    const rest = payment.captured - pledged(payment)
    if (rest <= 0) continue
    const opId = `all:${payment._id}:${payment.operations.length}`
    const wish = { opId, amount: rest, reason, by: 'saga', alone: null }
    const { operations, refunded } = await refund(String(payment._id), wish)
    // Refused because some of it had gone back already? Then there is a smaller rest to ask for.
    const seenMore = refunded > payment.refunded
    if (!seenMore && operations.some((op) => op.opId === opId && op.state === 'FAILED')) return 'refused'
  }
  const all = await paymentsOf(order)
  const back = all.every((payment) => !isHeld(payment) && payment.refunded >= payment.captured)
  return back ? 'done' : 'waiting'
}

/** What is given back already, or on its way. */
const pledged = (payment: Payment): number =>
  payment.operations
    .filter(({ kind, state }) => kind === 'refund' && state !== 'FAILED')
    .reduce((sum, { amount }) => sum + amount, 0)

/**
 * Stores a request: up to a `limit` of what one person has given back of the payment (null: there is none), or to wait
 * for a `second` person. Null: it exceeds what came, or the limit.
 */
async function store(
  payment: Payment,
  request: RefundRequest,
  limit: number | null | 'second',
  session?: ClientSession,
): Promise<Payment | null> {
  const { opId, amount, reason, by } = request
  const alone = limit !== 'second'
  const operation = newOperation({ opId, kind: 'refund', amount, reason, by, alone })
  const within = (conditions: object[], most: string | number) => ({
    $lte: [{ $add: [sumOf(conditions), amount] }, most],
  })
  const guards = [within([isLivingRefund], '$captured')]
  if (typeof limit === 'number') guards.push(within([isLivingRefund, isAlone], limit))
  const stored = await Payments.collection.findOneAndUpdate(
    { _id: payment._id, 'operations.opId': { $ne: opId }, $expr: { $and: guards } },
    {
      $push: { operations: operation } as never,
      $set: { updatedAt: now(), ...(alone && { checkAt: inMs(unsentMs) }) },
    },
    { returnDocument: 'after', ...(session && { session }) },
  )
  return stored as unknown as Payment | null
}

/** By one of the staff, whom nobody had to agree with. */
const isAlone = {
  $and: [{ $not: [{ $in: ['$$this.by', ['saga', 'gateway']] }] }, { $eq: ['$$this.alone', true] }],
}

/** The same request was faster; or there is not so much left. */
async function storedBefore(payment: Payment, { opId }: RefundRequest): Promise<Payment> {
  const current = (await findPayment(payment._id)) ?? payment
  if (current.operations.some((op) => op.opId === opId)) return current
  const left = current.captured - pledged(current)
  throw new AppError(
    'refund.too_much',
    `Only ${left} of ${current.captured} can still be given back (minor units).`,
    { status: 409, details: { left } },
  )
}
