import type { Types } from 'mongoose'
import { type Payment, Payments } from '../../models/payment.ts'
import { inMs, now } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { finishTask } from '../shop/index.ts'
import { findPayment, paymentsOf } from './attempts.ts'
import { unsentMs } from './operations.ts'
import { send } from './refund-sending.ts'

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
