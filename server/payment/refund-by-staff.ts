import type { Types } from 'mongoose'
import { type Payment, type PaymentOperation, Payments } from '../../models/payment.ts'
import { now } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { applyFound } from './apply.ts'
import { findPayment, paymentsOf } from './attempts.ts'
import { endOperation, mayBeAnswered } from './operations.ts'
import { isLivingRefund, sumOf } from './refund-sums.ts'
import { answered } from './refund-tasks.ts'
import { settle } from './settle.ts'

/**
 * Staff have looked at the gateway's own pages: the refund was made, or it was not and another may be asked for. The
 * gateway is asked once more first, and what it says counts more. Answers the payment as it then is.
 */
export async function settleRefund(order: Types.ObjectId, opId: string, wasMade: boolean): Promise<Payment> {
  const known = (await paymentsOf(order)).find(({ operations }) => operations.some((op) => op.opId === opId))
  if (!known) throw notFound('The refund')
  const payment = (await settle(known._id, 'refund look-up')) ?? known
  const operation = payment.operations.find((op) => op.opId === opId)
  if (operation?.state === 'SUCCEEDED' && wasMade) return payment
  if (!operation?.forStaff || operation.state === 'SUCCEEDED') throw settledAlready()
  if (operation.state === 'FAILED' && !wasMade) return payment
  if (mayBeAnswered(operation) || !(await take(payment, operation))) throw underWay()
  if (wasMade) return applyFound(payment, madeByHand(payment, operation), 'staff')
  const taken = { ...operation, state: 'SENT' as const, tries: operation.tries + 1 }
  await endOperation(payment._id, taken, 'not made, say staff')
  await answered(payment, operation)
  return (await findPayment(payment._id)) ?? payment
}

/** Nobody else asks the gateway while this is written down. One that had failed must still fit into what came. */
async function take(payment: Payment, { opId, state, tries, amount }: PaymentOperation): Promise<boolean> {
  const room = { $lte: [{ $add: [sumOf([isLivingRefund]), amount] }, '$captured'] }
  const { modifiedCount } = await Payments.collection.updateOne(
    {
      _id: payment._id,
      operations: { $elemMatch: { opId, state, tries } },
      ...(state === 'FAILED' && { $expr: room }),
    } as never,
    {
      $set: { 'operations.$.state': 'SENT', 'operations.$.updatedAt': now() },
      $inc: { 'operations.$.tries': 1 },
    },
  )
  return modifiedCount > 0
}

const madeByHand = ({ state, captured, refunded }: Payment, { opId, amount }: PaymentOperation) => ({
  state,
  captured,
  refunded,
  refunds: [{ ref: opId, opId, amount, state: 'SUCCEEDED' as const }],
  refs: [],
  said: 'the refund was made, say staff',
})

const settledAlready = () =>
  new AppError('refund.settled', 'This refund is settled already. Look at the order as it is now.', {
    status: 409,
    reload: true,
  })

const underWay = () =>
  new AppError(
    'refund.under_way',
    'The gateway is being asked for this refund just now. Wait a minute, then look again.',
    { status: 409, reload: true },
  )
