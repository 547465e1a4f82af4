import { decimal } from '../../models/money.ts'
import { type Payment, type PaymentOperation, Payments } from '../../models/payment.ts'
import { now, transaction } from '../database/index.ts'
import { announceOrder, findOrder } from '../order/index.ts'
import { applyFound } from './apply.ts'
import { asAttempt, findPayment } from './attempts.ts'
import { type Found, Refused, Unanswered, Untold } from './gateway.ts'
import { gatewayBehind, isOff, refundsOf } from './gateways.ts'
import { claim, claimAgain, leaveUnknown } from './operations.ts'
import { answered, askStaff, refused } from './refund-tasks.ts'
import { settle } from './settle.ts'

/** Sends a stored refund, once: only who turns it to SENT may ask the gateway. */
export async function send(payment: Payment, opId: string): Promise<Payment> {
  const operation = payment.operations.find((op) => op.opId === opId)
  // What a person was asked to give back is not sent when its gateway can be asked again.
  const isForPerson = operation?.state === 'REQUESTED' && operation.forStaff
  if (!operation || isForPerson || refundsOf(payment) === 'none') return byHand(payment, opId)
  if (!(await claim(payment, opId))) return (await findPayment(payment._id)) ?? payment
  return ask(payment, operation)
}

/**
 * Takes up a refund whose outcome is not known: looks it up first, and asks again under the same id only when the
 * gateway has definitely not made it.
 */
export async function resumeRefund(payment: Payment, operation: PaymentOperation): Promise<void> {
  if (operation.state === 'REQUESTED' || refundsOf(payment) === 'none') {
    return void (await send(payment, operation.opId))
  }
  const settled = await settle(payment._id, 'refund look-up')
  const seen = settled?.operations.find(({ opId }) => opId === operation.opId)
  if (!settled || !seen || seen.state === 'SUCCEEDED' || seen.state === 'FAILED' || seen.ref) return
  const after = (await claimAgain(settled, seen)) ? await ask(settled, seen) : settled
  const last = after.operations.find(({ opId }) => opId === operation.opId)
  const isOpen = last?.state === 'SENT' || last?.state === 'UNKNOWN'
  if (isOpen && now().getTime() - last.at.getTime() > longMs) await askAbout(after, last)
}

/** So long, a gateway that is out of order has not told what became of a refund: then a person looks, too. */
const longMs = 30 * 60_000

const askAbout = (payment: Payment, { opId, amount }: PaymentOperation): Promise<void> =>
  askStaff(payment, opId, {
    kind: 'refund.unknown',
    subject: opId,
    summary: `Nobody knows whether ${decimal(amount, payment.currency)} ${payment.currency} of ${payment.orderRegNo} went back: ${payment.gateway} does not say. Look into its own pages, then say in the order whether it was made.`,
  })

async function ask(payment: Payment, operation: PaymentOperation): Promise<Payment> {
  const { opId, amount, reason } = operation
  try {
    const result = await gatewayBehind(payment).refund(asAttempt(payment), { opId, amount, reason })
    if (result.state === 'FAILED') return failed(payment, opId, result.error ?? 'refused')
    return applyFound(payment, made(payment, opId, amount, result), 'refund')
  } catch (error) {
    if (error instanceof Refused) return failed(payment, opId, error.message)
    if (!(error instanceof Unanswered)) throw error
    await leaveUnknown(payment, opId)
    if (error instanceof Untold) await askAbout(payment, operation)
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

/** The gateway will not do it: a person must. Unless another has learnt meanwhile that it was made. */
async function failed(payment: Payment, opId: string, error: string): Promise<Payment> {
  await transaction(async (session) => {
    const { modifiedCount } = await Payments.collection.updateOne(
      { _id: payment._id, operations: { $elemMatch: { opId, state: { $ne: 'SUCCEEDED' } } } } as never,
      {
        $set: {
          'operations.$.state': 'FAILED',
          'operations.$.error': error,
          'operations.$.updatedAt': now(),
        },
      },
      { session },
    )
    if (!modifiedCount) return
    const operation = payment.operations.find((op) => op.opId === opId)
    if (operation) await answered(payment, operation, session)
    await askStaff(payment, opId, refused(payment, error), session)
  })
  announceOrder(await findOrder(payment.order))
  // Perhaps because the money has gone back already, by the hand of somebody at the gateway.
  return (await settle(payment._id, 'refund refused')) ?? payment
}

/** Its platform gives nothing back by itself: a person must, and until one has, it is looked whether they did. */
async function byHand(payment: Payment, opId: string): Promise<Payment> {
  const seen = (await settle(payment._id, 'refund by hand')) ?? payment
  if (seen.operations.some((op) => op.opId === opId && op.state === 'SUCCEEDED')) return seen
  await askStaff(payment, opId, {
    kind: 'refund.by_hand',
    subject: opId,
    summary: `${payment.gateway} ${whyByHand(payment)}: give the money for ${payment.orderRegNo} back in its dashboard, then say in the order that it was made.`,
  })
  return (await findPayment(payment._id)) ?? seen
}

function whyByHand(payment: Payment): string {
  if (isOff(payment.gateway)) return 'is switched off here'
  return refundsOf(payment) === 'none' ? 'cannot refund by itself' : 'was switched off here meanwhile'
}
