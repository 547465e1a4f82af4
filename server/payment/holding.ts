import type { Types } from 'mongoose'
import { Orders } from '../../models/order.ts'
import type { Payment, PaymentOperation } from '../../models/payment.ts'
import { applyFound } from './apply.ts'
import { asAttempt, findPayment, paymentsOf } from './attempts.ts'
import { type Found, Refused, Unanswered } from './gateway.ts'
import { gatewayBehind } from './gateways.ts'
import {
  claim,
  claimAgain,
  endOperation,
  leaveUnknown,
  mayBeAnswered,
  newOperation,
  storeSingle,
  underWay,
} from './operations.ts'
import { settle } from './settle.ts'

/*
 * Money that a bank holds for us. It is taken when its order is confirmed, as the saga's last step, or let go when
 * the order is undone: never both, for each waits until the other is known to be over.
 */

/** Whether an attempt is what its order was paid with, though nothing has been taken yet. */
export const isHeld = ({ state, flags, captured }: Payment): boolean =>
  state === 'AUTHORIZED' && flags.held === true && captured === 0

/**
 * Takes what is held for an order. `waiting`: nobody knows yet, ask again. `refused`: the gateway will not, or the
 * hold has lapsed. `done` also where nothing is held.
 */
export async function captureHeld(order: Types.ObjectId): Promise<'done' | 'waiting' | 'refused'> {
  const payment = (await paymentsOf(order)).find(({ flags }) => flags.held)
  if (!payment || payment.captured > 0) return 'done'
  if (!isHeld(payment)) return 'refused'
  const known = underWay(payment, 'capture')
  const after = known ? await resumeCapture(payment, known) : await beginCapture(payment)
  if (after.captured > 0) return 'done'
  return isHeld(after) && underWay(after, 'capture') ? 'waiting' : 'refused'
}

async function beginCapture(payment: Payment): Promise<Payment> {
  const opId = `capture:${payment._id}:${payment.operations.length}`
  const reason = 'the order is confirmed'
  const operation = newOperation({
    opId,
    kind: 'capture',
    amount: payment.amount,
    reason,
    by: 'saga',
    alone: true,
  })
  const stored = await storeSingle(payment, operation, 'cancel')
  return stored ? resumeCapture(stored, operation) : reread(payment)
}

/** Sends a capture that is stored, or looks one up whose outcome nobody knows, and asks again if it must. */
export async function resumeCapture(payment: Payment, { opId, state }: PaymentOperation): Promise<Payment> {
  if (state === 'REQUESTED') {
    const mine = (await isWanted(payment)) && (await claim(payment, opId))
    return mine ? capture(payment, opId) : reread(payment)
  }
  const settled = (await settle(payment._id, 'capture look-up')) ?? payment
  const seen = settled.operations.find((op) => op.opId === opId)
  if (!isHeld(settled) || !seen || seen.state === 'FAILED') return settled
  if (!(await isWanted(payment)) || !(await claimAgain(settled, seen))) return settled
  return capture(settled, opId)
}

/** An order that is being undone takes nothing any more. */
const isWanted = async ({ order }: Payment): Promise<boolean> =>
  (await Orders.exists({ _id: order, state: { $in: ['PAID', 'CONFIRMING'] } })) !== null

async function capture(payment: Payment, opId: string): Promise<Payment> {
  const { capture: take } = gatewayBehind(payment)
  try {
    if (!take) throw new Refused('no_capture', `${payment.gateway} takes no held money`)
    return await applyFound(payment, await take(asAttempt(payment)), 'capture')
  } catch (error) {
    if (error instanceof Unanswered) {
      await leaveUnknown(payment, opId)
      return reread(payment)
    }
    if (!(error instanceof Refused)) throw error
    // Perhaps because it was taken already: reading it back decides.
    const settled = (await settle(payment._id, `capture refused: ${error.code}`)) ?? payment
    const seen = settled.operations.find((op) => op.opId === opId)
    if (!isHeld(settled) || !seen) return settled
    await endOperation(payment._id, seen, error.code)
    return reread(payment)
  }
}

/** Lets held money go, at its gateway first. What follows is in the payment: ended, taken after all, or still held. */
export async function release(payment: Payment): Promise<Payment> {
  const capturing = underWay(payment, 'capture')
  if (capturing && !(await endCapture(payment, capturing))) return reread(payment)
  const known = underWay(payment, 'cancel')
  if (known) return resumeRelease(payment, known)
  const opId = `release:${payment._id}:${payment.operations.length}`
  const reason = 'the order is undone'
  const operation = newOperation({
    opId,
    kind: 'cancel',
    amount: payment.amount,
    reason,
    by: 'saga',
    alone: true,
  })
  const stored = await storeSingle(payment, operation, 'capture')
  return stored ? resumeRelease(stored, operation) : reread(payment)
}

/** A capture under way is over when it was never sent, or when nobody can get an answer any more and nothing came. */
async function endCapture(payment: Payment, capturing: PaymentOperation): Promise<boolean> {
  if (capturing.state === 'REQUESTED') {
    return endOperation(payment._id, capturing, 'the order was undone first')
  }
  const settled = await settle(payment._id, 'capture look-up')
  const seen = settled?.operations.find(({ opId }) => opId === capturing.opId)
  if (!settled || !seen || !isHeld(settled) || mayBeAnswered(seen)) return false
  return endOperation(payment._id, seen, 'no answer, and nothing was taken')
}

/** Sends a release that is stored, or looks one up whose outcome nobody knows, and asks again if it must. */
export async function resumeRelease(payment: Payment, { opId, state }: PaymentOperation): Promise<Payment> {
  if (state === 'REQUESTED') {
    return (await claim(payment, opId)) ? letGo(payment, opId) : reread(payment)
  }
  const settled = (await settle(payment._id, 'release look-up')) ?? payment
  const seen = settled.operations.find((op) => op.opId === opId)
  if (!isHeld(settled) || !seen || !(await claimAgain(settled, seen))) return settled
  return letGo(settled, opId)
}

async function letGo(payment: Payment, opId: string): Promise<Payment> {
  try {
    if (await gatewayBehind(payment).cancel(asAttempt(payment))) {
      return await applyFound(payment, released, 'released')
    }
  } catch (error) {
    if (!(error instanceof Unanswered || error instanceof Refused)) throw error
  }
  await leaveUnknown(payment, opId)
  return reread(payment)
}

const released: Found = {
  state: 'CANCELED',
  captured: 0,
  refunded: 0,
  refunds: [],
  refs: [],
  said: 'the hold was released',
}

const reread = async (payment: Payment): Promise<Payment> => (await findPayment(payment._id)) ?? payment
