import type { ClientSession } from 'mongoose'
import { type Payment, Payments } from '../../models/payment.ts'
import { inMs, now, transaction } from '../database/index.ts'
import { paymentsOf } from './attempts.ts'
import { newOperation, unsentMs } from './operations.ts'
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
 * Stores a request that one person may send. What they gave back of the order's other payments counts too: where there
 * are any, each request writes on all of them, so that of two at the same moment the second sees the first.
 */
export async function storeAlone(payment: Payment, request: RefundRequest): Promise<Payment | null> {
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

/**
 * Stores a request: up to a `limit` of what one person has given back of the payment (null: there is none), or to wait
 * for a `second` person. Null: it exceeds what came, or the limit.
 */
export async function store(
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

/** What is given back already, or on its way. */
export const pledged = (payment: Payment): number =>
  payment.operations
    .filter(({ kind, state }) => kind === 'refund' && state !== 'FAILED')
    .reduce((sum, { amount }) => sum + amount, 0)
