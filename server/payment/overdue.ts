import type { Types } from 'mongoose'
import type { Payment } from '../../models/payment.ts'
import { now } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { announceOrder, findOrder } from '../order/index.ts'
import { finishTask, raiseTask } from '../shop/index.ts'
import { findPayment } from './attempts.ts'
import { ended } from './close.ts'
import { applyFound, settle } from './settle.ts'

/** So long after its end, an attempt of which nobody knows what became is for a person. */
const patienceMs = 30 * 60_000

/** Whether nobody has learnt in time what became of an attempt, and nothing else can be opened beside it. */
export const isOverdue = ({ open, flags, expiresAt }: Payment): boolean =>
  open && !flags.held && expiresAt.getTime() + patienceMs <= now().getTime()

/** Its gateway does not say whether it was paid: a person looks there. It is asked on meanwhile. */
export async function askIfOverdue(id: Types.ObjectId): Promise<void> {
  const payment = await findPayment(id)
  if (!payment || !isOverdue(payment)) return
  await raiseTask({
    kind: 'payment.unknown',
    subject: String(id),
    order: payment.order,
    summary: `Nobody knows whether attempt ${payment.attemptNo} of ${payment.orderRegNo} was paid: ${payment.gateway} does not say. Look into its own pages. If nothing came, say so in the order; if money came, leave it open until the gateway tells.`,
    details: { paymentId: String(id) },
  })
  announceOrder(await findOrder(payment.order))
}

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
  const after = await applyFound(payment, { ...ended('EXPIRED'), said: 'nothing came, say staff' }, 'staff')
  await finishTask('payment.unknown', String(payment._id), null)
  return after
}
