import type { Payment } from '../../models/payment.ts'
import { transaction } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { raiseTask } from '../shop/index.ts'
import { findPayment } from './attempts.ts'
import { expectUndisputed } from './disputes.ts'
import { refundsOf } from './gateways.ts'
import { pledged, type RefundRequest, store, storeAlone } from './refund-guards.ts'
import { send } from './refund-sending.ts'

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
  expectUndisputed(payment)
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
