import type { ClientSession, Types } from 'mongoose'
import type { Payment } from '../../models/payment.ts'
import { now } from '../database/index.ts'
import { announceOrder, findOrder } from '../order/index.ts'
import { finishTask, raiseTask } from '../shop/index.ts'
import { findPayment } from './attempts.ts'
import { isOff } from './gateways.ts'

/** So long after its end, an attempt of which nobody knows what became is for a person. */
const patienceMs = 30 * 60_000

/**
 * Whether nobody has learnt in time what became of an attempt, and nothing else can be opened beside it. What a bank
 * holds is not in doubt while its gateway can be asked.
 */
export const isOverdue = ({ open, flags, gateway, expiresAt }: Payment): boolean =>
  open && (!flags.held || isOff(gateway)) && expiresAt.getTime() + patienceMs <= now().getTime()

/** What became of it is known, and nobody need look any more. So young an attempt was never asked about. */
export async function finishOverdue(before: Payment, session: ClientSession): Promise<void> {
  const { _id, createdAt, expiresAt } = before
  if (Math.min(createdAt.getTime(), expiresAt.getTime()) + patienceMs > now().getTime()) return
  await finishTask('payment.unknown', String(_id), null, session)
}

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
