import type { Types } from 'mongoose'
import { type Payment, type PaymentOperation, Payments } from '../../models/payment.ts'
import { inMs, now } from '../database/index.ts'

/*
 * What we ask of a gateway beyond opening and reading is a row in the payment before it is asked: to give back, to take
 * held money, to let it go. Each row is asked by one process only, and asked again only by who has seen its last try.
 */

/** How soon an operation without an answer is looked up, and how long its answer may take. */
const lookMs = 10_000
export const answerMs = 45_000
/** If we die between storing an operation and sending it, the reconciler sends it so soon. */
export const unsentMs = 15_000

const living: readonly PaymentOperation['state'][] = ['REQUESTED', 'SENT', 'UNKNOWN']

/** A row as it is stored: asked for, not sent. */
export function newOperation(
  wish: Pick<PaymentOperation, 'opId' | 'kind' | 'amount' | 'reason' | 'by'> & { alone: boolean },
): PaymentOperation {
  const at = now()
  return {
    ...wish,
    approvedBy: null,
    state: 'REQUESTED',
    ref: null,
    error: null,
    tries: 0,
    at,
    updatedAt: at,
  }
}

/** The one of a kind that is under way. */
export const underWay = (payment: Payment, kind: PaymentOperation['kind']): PaymentOperation | undefined =>
  payment.operations.find((op) => op.kind === kind && living.includes(op.state))

/** Whether an operation has yet to be sent, or to be looked up: not one that waits for a second person. */
export const isUnfinished = ({ state, alone, approvedBy }: PaymentOperation): boolean =>
  state === 'SENT' || state === 'UNKNOWN' || (state === 'REQUESTED' && Boolean(alone || approvedBy))

/**
 * Stores an operation of a kind that a payment has one of at a time, unless another that must not meet it is under
 * way. Null when it may not be.
 */
export async function storeSingle(
  payment: Payment,
  operation: PaymentOperation,
  notBeside: PaymentOperation['kind'],
): Promise<Payment | null> {
  const busy = { kind: { $in: [operation.kind, notBeside] }, state: { $in: living } }
  const stored = await Payments.collection.findOneAndUpdate(
    { _id: payment._id, state: 'AUTHORIZED', operations: { $not: { $elemMatch: busy } } } as never,
    {
      $push: { operations: operation } as never,
      $set: { updatedAt: now(), checkAt: inMs(unsentMs) },
    },
    { returnDocument: 'after' },
  )
  return stored as unknown as Payment | null
}

/** Only who turns a stored operation to SENT may ask the gateway. */
export async function claim(payment: Payment, opId: string): Promise<boolean> {
  const { modifiedCount } = await Payments.collection.updateOne(
    { _id: payment._id, operations: { $elemMatch: { opId, state: 'REQUESTED' } } } as never,
    {
      $set: { 'operations.$.state': 'SENT', 'operations.$.updatedAt': now(), checkAt: inMs(lookMs) },
      $inc: { 'operations.$.tries': 1 },
    },
  )
  return modifiedCount > 0
}

/**
 * Whether an operation that was looked up in vain may be asked for again, by us: not while whoever asked may still
 * get an answer. Claimed by its tries, so that two processes do not ask at once.
 */
export async function claimAgain(payment: Payment, seen: PaymentOperation): Promise<boolean> {
  if (mayBeAnswered(seen)) {
    await Payments.collection.updateOne({ _id: payment._id }, { $set: { checkAt: inMs(lookMs) } })
    return false
  }
  const { opId, state, tries } = seen
  const { modifiedCount } = await Payments.collection.updateOne(
    { _id: payment._id, operations: { $elemMatch: { opId, state, tries } } } as never,
    {
      $inc: { 'operations.$.tries': 1 },
      $set: { 'operations.$.updatedAt': now(), 'operations.$.state': 'SENT' },
    },
  )
  return modifiedCount > 0
}

/** Whoever has sent it may still get an answer: only looking is safe. */
export const mayBeAnswered = ({ state, updatedAt }: PaymentOperation): boolean =>
  state === 'SENT' && now().getTime() - updatedAt.getTime() < answerMs

/** No answer came: looked up soon, and never taken for failed. */
export async function leaveUnknown(payment: Payment, opId: string): Promise<void> {
  await Payments.collection.updateOne(
    { _id: payment._id, operations: { $elemMatch: { opId, state: 'SENT' } } } as never,
    {
      $set: { 'operations.$.state': 'UNKNOWN', 'operations.$.updatedAt': now(), checkAt: inMs(15_000) },
    },
  )
}

/** Ends an operation that is still as it was seen. False: it has moved on. */
export async function endOperation(
  id: Types.ObjectId,
  { opId, state, tries }: PaymentOperation,
  error: string,
): Promise<boolean> {
  const { modifiedCount } = await Payments.collection.updateOne(
    { _id: id, operations: { $elemMatch: { opId, state, tries } } } as never,
    {
      $set: {
        'operations.$.state': 'FAILED',
        'operations.$.error': error,
        'operations.$.updatedAt': now(),
      },
    },
  )
  return modifiedCount > 0
}
