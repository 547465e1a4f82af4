import type { Types } from 'mongoose'
import type { Payment } from '../../models/payment.ts'
import { AppError, notFound } from '../http/index.ts'
import { applyFound } from './apply.ts'
import { findPayment } from './attempts.ts'
import { ended } from './close.ts'
import { isOverdue } from './overdue.ts'
import { settle } from './settle.ts'

/**
 * A person has seen at the gateway itself that nothing came of an attempt: the order can be paid another way. Should
 * money come all the same, it is late money, and nothing of it is lost. The gateway is asked once more first.
 */
export async function endOverdue(order: Types.ObjectId, id: string): Promise<Payment> {
  const known = /^[0-9a-f]{24}$/.test(id) ? await findPayment(id) : null
  if (!known?.order.equals(order)) throw notFound('The payment')
  const payment = (await settle(known._id, 'staff')) ?? known
  if (!payment.open) return payment
  if (!isOverdue(payment)) {
    throw new AppError(
      'payment.checking',
      'This payment may still go through, and is being looked at. Wait until half an hour after its end.',
      { status: 409 },
    )
  }
  return applyFound(payment, { ...ended('EXPIRED'), said: 'nothing came, say staff' }, 'staff')
}
