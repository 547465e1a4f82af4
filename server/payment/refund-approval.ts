import type { Types } from 'mongoose'
import { type Payment, type PaymentOperation, Payments } from '../../models/payment.ts'
import { inMs, now } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { finishTask } from '../shop/index.ts'
import { findPayment, paymentsOf } from './attempts.ts'
import { expectUndisputed } from './disputes.ts'
import { unsentMs } from './operations.ts'
import { send } from './refund-sending.ts'

/** The second person agrees; must not be who asked. */
export async function approveRefund(order: Types.ObjectId, opId: string, staffId: string): Promise<Payment> {
  const { payment, operation } = await refundOf(order, opId)
  if (operation.state === 'FAILED') throw decidedAlready()
  if (operation.by === staffId) {
    throw new AppError('refund.second_person', 'Somebody else must approve the refund that you asked for.', {
      status: 403,
    })
  }
  expectUndisputed(payment)
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

/** The second person does not agree, or who asked takes it back: nothing is sent, and the money is free again. */
export async function declineRefund(order: Types.ObjectId, opId: string, staffId: string): Promise<void> {
  const { payment } = await refundOf(order, opId)
  const { modifiedCount } = await Payments.collection.updateOne(
    { _id: payment._id, operations: { $elemMatch: { opId, ...waitsForSecond } } } as never,
    {
      $set: {
        'operations.$.state': 'FAILED',
        'operations.$.declinedBy': staffId,
        'operations.$.updatedAt': now(),
        updatedAt: now(),
      },
    },
  )
  if (!modifiedCount) throw decidedAlready()
  await finishTask('refund.approve', opId, null)
}

/** All of the money goes back: what waits for a second person is part of that, and nobody is asked any more. */
export async function withdrawWaiting({ _id, operations }: Payment): Promise<void> {
  for (const { opId, state, alone } of operations) {
    if (state !== 'REQUESTED' || alone) continue
    const { modifiedCount } = await Payments.collection.updateOne(
      { _id, operations: { $elemMatch: { opId, ...waitsForSecond } } } as never,
      {
        $set: {
          'operations.$.state': 'FAILED',
          'operations.$.error': 'the whole order is given back',
          'operations.$.updatedAt': now(),
          updatedAt: now(),
        },
      },
    )
    if (modifiedCount) await finishTask('refund.approve', opId, null)
  }
}

const waitsForSecond = { kind: 'refund', state: 'REQUESTED', alone: false, approvedBy: null }

async function refundOf(
  order: Types.ObjectId,
  opId: string,
): Promise<{ payment: Payment; operation: PaymentOperation }> {
  for (const payment of await paymentsOf(order)) {
    const operation = payment.operations.find((op) => op.opId === opId)
    if (operation) return { payment, operation }
  }
  throw notFound('The refund')
}

const decidedAlready = () =>
  new AppError('refund.settled', 'This refund is settled already. Look at the order as it is now.', {
    status: 409,
    reload: true,
  })
