import type { ClientSession, Types } from 'mongoose'
import { type Payment, type PaymentOperation, Payments } from '../../models/payment.ts'
import { inMs, now, transaction } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { finishTask, raiseTask } from '../shop/index.ts'
import { asAttempt, findPayment, paymentsOf } from './attempts.ts'
import { type Found, Refused, Unanswered } from './gateway.ts'
import { gatewayOf } from './gateways.ts'
import { applyFound, settle } from './settle.ts'

/** How soon a refund without an answer is looked up, and how long its answer may take. */
const lookMs = 10_000
const answerMs = 45_000

export interface RefundRequest {
  /** The caller's own id: the same refund asked twice is one. */
  opId: string
  /** Minor units. */
  amount: number
  reason: string
  /** Staff id, or `saga`. */
  by: string
  /** A second person must agree before it is sent. */
  needsApproval: boolean
}

/**
 * Stores a refund and sends it. What is being given back can never exceed what came in: the guard is in the same
 * update that stores the request, so a hundred at once make one. Answers the payment as it then is.
 */
export async function refund(paymentId: string, request: RefundRequest): Promise<Payment> {
  const payment = await findPayment(paymentId)
  if (!payment) throw notFound('The payment')
  const known = payment.operations.find(({ opId }) => opId === request.opId)
  if (known) {
    if (known.amount !== request.amount) {
      throw new AppError(
        'refund.repeated',
        'This refund was asked before with another amount. Start a new one.',
        {
          status: 409,
        },
      )
    }
    return payment
  }
  const stored = await store(payment, request)
  if (!request.needsApproval) return send(stored, request.opId)
  await raiseTask({
    kind: 'refund.approve',
    subject: request.opId,
    order: payment.order,
    summary: `A refund for ${payment.orderRegNo} waits for a second person.`,
    details: {
      paymentId: String(payment._id),
      opId: request.opId,
      amount: request.amount,
      currency: payment.currency,
    },
  })
  return stored
}

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

/** Gives back everything that an order's payments still hold. A refusal is for a person: it is not asked again here. */
export async function refundAll(
  order: Types.ObjectId,
  reason: string,
): Promise<'done' | 'waiting' | 'refused'> {
  for (const payment of await paymentsOf(order)) {
    const rest = payment.captured - pledged(payment)
    if (rest <= 0) continue
    const opId = `all:${payment._id}:${payment.operations.length}`
    const wish = { opId, amount: rest, reason, by: 'saga', needsApproval: false }
    const { operations, refunded } = await refund(String(payment._id), wish)
    // Refused because some of it had gone back already? Then there is a smaller rest to ask for.
    const seenMore = refunded > payment.refunded
    if (!seenMore && operations.some((op) => op.opId === opId && op.state === 'FAILED')) return 'refused'
  }
  const all = await paymentsOf(order)
  return all.every(({ captured, refunded }) => refunded >= captured) ? 'done' : 'waiting'
}

/** If we die between storing a refund and sending it, the reconciler sends it so soon. */
const unsentMs = 15_000

/** Whether a refund has yet to be sent, or to be looked up: not one that waits for a second person. */
export const isUnfinished = ({ state, alone, approvedBy }: PaymentOperation): boolean =>
  state === 'SENT' || state === 'UNKNOWN' || (state === 'REQUESTED' && Boolean(alone || approvedBy))

/** What is given back already, or on its way. */
const pledged = (payment: Payment): number =>
  payment.operations
    .filter(({ kind, state }) => kind === 'refund' && state !== 'FAILED')
    .reduce((sum, { amount }) => sum + amount, 0)

async function store(payment: Payment, request: RefundRequest): Promise<Payment> {
  const { opId, amount, reason, by, needsApproval } = request
  const at = now()
  const operation: PaymentOperation = {
    opId,
    kind: 'refund',
    amount,
    reason,
    by,
    approvedBy: null,
    alone: !needsApproval,
    state: 'REQUESTED',
    ref: null,
    error: null,
    tries: 0,
    at,
    updatedAt: at,
  }
  const living = {
    $filter: {
      input: '$operations',
      cond: { $and: [{ $eq: ['$$this.kind', 'refund'] }, { $ne: ['$$this.state', 'FAILED'] }] },
    },
  }
  const stored = await Payments.collection.findOneAndUpdate(
    {
      _id: payment._id,
      'operations.opId': { $ne: opId },
      $expr: {
        $lte: [{ $add: [{ $sum: { $map: { input: living, in: '$$this.amount' } } }, amount] }, '$captured'],
      },
    },
    {
      $push: { operations: operation } as never,
      $set: { updatedAt: at, ...(!needsApproval && { checkAt: inMs(unsentMs) }) },
    },
    { returnDocument: 'after' },
  )
  if (stored) return stored as unknown as Payment
  const current = (await findPayment(payment._id)) ?? payment
  if (current.operations.some((op) => op.opId === opId)) return current
  throw new AppError(
    'refund.too_much',
    `Only ${current.captured - pledged(current)} of ${current.captured} can still be given back (minor units).`,
    { status: 409, details: { left: current.captured - pledged(current) } },
  )
}

/** Sends a stored refund, once: only who turns it to SENT may ask the gateway. */
export async function send(payment: Payment, opId: string): Promise<Payment> {
  const operation = payment.operations.find((op) => op.opId === opId)
  const gateway = gatewayOf(payment.gateway)
  if (!operation || gateway.can.refund === 'none') return byHand(payment, opId)
  const at = now()
  const claimed = await Payments.collection.updateOne(
    { _id: payment._id, operations: { $elemMatch: { opId, state: 'REQUESTED' } } } as never,
    {
      $set: {
        'operations.$.state': 'SENT',
        'operations.$.updatedAt': at,
        checkAt: new Date(at.getTime() + lookMs),
      },
      $inc: { 'operations.$.tries': 1 },
    },
  )
  if (!claimed.modifiedCount) return (await findPayment(payment._id)) ?? payment
  return ask(payment, operation)
}

/**
 * Takes up a refund whose outcome is not known: looks it up first, and asks again under the same id only when the
 * gateway has definitely not made it.
 */
export async function resumeRefund(payment: Payment, operation: PaymentOperation): Promise<void> {
  if (operation.state === 'REQUESTED') return void (await send(payment, operation.opId))
  const settled = await settle(payment._id, 'refund look-up')
  const seen = settled?.operations.find(({ opId }) => opId === operation.opId)
  if (!settled || !seen || seen.state === 'SUCCEEDED' || seen.state === 'FAILED' || seen.ref) return
  const age = now().getTime() - seen.updatedAt.getTime()
  if (seen.state === 'SENT' && age < answerMs) {
    // Whoever asked may still get an answer: only looking is safe.
    const checkAt = new Date(now().getTime() + lookMs)
    await Payments.collection.updateOne({ _id: payment._id }, { $set: { checkAt } })
    return
  }
  // Claimed by its tries, so that two processes do not ask at once.
  const claimed = await Payments.collection.updateOne(
    {
      _id: payment._id,
      operations: { $elemMatch: { opId: operation.opId, state: seen.state, tries: seen.tries } },
    } as never,
    {
      $inc: { 'operations.$.tries': 1 },
      $set: { 'operations.$.updatedAt': now(), 'operations.$.state': 'SENT' },
    },
  )
  if (claimed.modifiedCount) await ask(settled, seen)
}

async function ask(payment: Payment, { opId, amount, reason }: PaymentOperation): Promise<Payment> {
  try {
    const result = await gatewayOf(payment.gateway).refund(asAttempt(payment), { opId, amount, reason })
    if (result.state === 'FAILED') return failed(payment, opId, result.error ?? 'refused')
    return applyFound(payment, made(payment, opId, amount, result), 'refund')
  } catch (error) {
    if (error instanceof Refused) return failed(payment, opId, error.message)
    if (!(error instanceof Unanswered)) throw error
    await Payments.collection.updateOne(
      { _id: payment._id, operations: { $elemMatch: { opId, state: 'SENT' } } } as never,
      {
        $set: {
          'operations.$.state': 'UNKNOWN',
          'operations.$.updatedAt': now(),
          checkAt: new Date(now().getTime() + 15_000),
        },
      },
    )
    return (await findPayment(payment._id)) ?? payment
  }
}

const made = (
  payment: Payment,
  opId: string,
  amount: number,
  { state, ref }: { state: string; ref?: string },
): Found => ({
  state: payment.state,
  captured: payment.captured,
  refunded: payment.refunded,
  refunds: [{ ref: ref ?? opId, opId, amount, state: state === 'SUCCEEDED' ? 'SUCCEEDED' : 'PENDING' }],
  refs: [],
  said: `refund ${state.toLowerCase()}`,
})

/** The gateway will not do it: a person must. */
async function failed(payment: Payment, opId: string, error: string): Promise<Payment> {
  await transaction(async (session) => {
    await setState(session, payment, opId, 'FAILED', error)
    await raiseTask(
      {
        kind: 'refund.failed',
        // One task for one payment, however often it is tried.
        subject: String(payment._id),
        order: payment.order,
        summary: `A refund for ${payment.orderRegNo} was refused: ${error}. Give the money back by hand, then write it down.`,
        details: { paymentId: String(payment._id), opId },
      },
      session,
    )
  })
  // Perhaps because the money has gone back already, by the hand of somebody at the gateway.
  return (await settle(payment._id, 'refund refused')) ?? payment
}

async function byHand(payment: Payment, opId: string): Promise<Payment> {
  await raiseTask({
    kind: 'refund.by_hand',
    subject: opId,
    order: payment.order,
    summary: `${payment.gateway} cannot refund by itself: give the money for ${payment.orderRegNo} back in its dashboard.`,
    details: { paymentId: String(payment._id), opId },
  })
  return payment
}

async function setState(
  session: ClientSession,
  payment: Payment,
  opId: string,
  state: PaymentOperation['state'],
  error: string,
): Promise<void> {
  await Payments.collection.updateOne(
    { _id: payment._id, 'operations.opId': opId },
    { $set: { 'operations.$.state': state, 'operations.$.error': error, 'operations.$.updatedAt': now() } },
    { session },
  )
}
