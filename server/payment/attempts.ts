import { randomBytes } from 'node:crypto'
import mongoose, { type ClientSession, type Types } from 'mongoose'
import type { Order } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { findByIds, inGroups, now } from '../database/index.ts'
import type { Attempt } from './gateway.ts'

/** An attempt as a gateway sees it. */
export const asAttempt = (payment: Payment): Attempt => ({
  id: String(payment._id),
  method: payment.method,
  money: { amount: payment.amount, currency: payment.currency },
  refs: payment.refs,
  createdAt: payment.createdAt,
  expiresAt: payment.expiresAt,
  now: now(),
  refunds: payment.operations
    .filter(({ kind }) => kind === 'refund')
    .map(({ opId, amount, state }) => ({ opId, amount, state })),
})

/** The attempts of an order, the newest last. */
export const paymentsOf = (order: Types.ObjectId, session?: ClientSession): Promise<Payment[]> =>
  Payments.collection
    .find<Payment>({ order }, session ? { session } : {})
    .sort({ part: 1, attemptNo: 1 })
    .toArray()

export const findPayment = (id: Types.ObjectId | string, session?: ClientSession): Promise<Payment | null> =>
  Payments.collection.findOne<Payment>({ _id: new mongoose.Types.ObjectId(id) }, session ? { session } : {})

/** The same; those who ask while others are being answered share the next question. For webhooks, which come in floods. */
export const findPaymentTogether = inGroups(
  (ids: string[]) =>
    findByIds<Payment>(
      Payments.collection,
      ids.map((id) => new mongoose.Types.ObjectId(id)),
    ),
  { lanes: 1, most: 100, keyOf: (id) => id },
)

/** Many attempts, in the order in which they are named. Throws when one of them is gone. */
export async function findPayments(ids: Types.ObjectId[], session: ClientSession): Promise<Payment[]> {
  const found = await findByIds<Payment>(Payments.collection, ids, session)
  return found.map((payment, index) => {
    if (!payment) throw new Error(`the payment ${ids[index]} is gone`)
    return payment
  })
}

/** The attempt of a return address. */
export const findByReturnKey = (key: string): Promise<Payment | null> =>
  /^[\w-]{20,64}$/.test(key) ? Payments.collection.findOne<Payment>({ key }) : Promise.resolve(null)

/** The attempt that a gateway knows by this name. */
export const findByRef = (gateway: string, kind: string, value: string): Promise<Payment | null> =>
  Payments.collection.findOne<Payment>({ gateway, refs: { $elemMatch: { kind, value } } })

/** A new attempt at a part of an order, not stored yet. `requestKey` recognises the same request when it comes again. */
export function newAttempt(
  order: Order,
  { gateway, method, part, attemptNo, lifetime, requestKey }: NewAttempt,
): Payment {
  const at = now()
  return {
    _id: new mongoose.Types.ObjectId(),
    order: order._id,
    orderRegNo: order.regNo,
    customer: order.customer,
    part,
    attemptNo,
    open: true,
    gateway,
    method,
    amount: order.totals.total,
    currency: order.currency,
    captured: 0,
    refunded: 0,
    state: 'CREATED',
    key: randomBytes(24).toString('base64url'),
    ...(requestKey && { requestKey }),
    refs: [],
    flags: {},
    failureCode: null,
    next: null,
    paidAt: null,
    expiresAt: new Date(at.getTime() + lifetime),
    checkAt: new Date(at.getTime() + firstCheckMs),
    checks: 0,
    operations: [],
    evidence: [],
    createdAt: at,
    updatedAt: at,
  }
}

interface NewAttempt {
  gateway: string
  method: string
  part: number
  attemptNo: number
  /** Milliseconds. */
  lifetime: number
  requestKey: { key: string; hash: string } | null
}

/**
 * If we die while the gateway is being asked, the reconciler looks after this so soon; while we live, we put it off
 * again and again.
 */
export const firstCheckMs = 15_000
