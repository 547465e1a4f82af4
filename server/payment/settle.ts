import type { Types } from 'mongoose'
import { type Payment, Payments } from '../../models/payment.ts'
import { applyFound } from './apply.ts'
import { asAttempt, findPayment } from './attempts.ts'
import { type Found, Unanswered } from './gateway.ts'
import { gatewayBehind, isOnlyPolled } from './gateways.ts'
import { nextCheck } from './schedule.ts'

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
  return gatewayBehind(payment).check(asAttempt(payment))
}

/** Reads an attempt back; null when the gateway does not answer. */
export async function readBack(payment: Payment, source: string): Promise<Payment | null> {
  try {
    const found = await gatewayBehind(payment).check(asAttempt(payment))
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
