import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import type { Payment } from '../../models/payment.ts'
import { AppError } from '../http/index.ts'
import { finishTask, raiseTask } from '../shop/index.ts'

/** Its cardholder asks the bank for the money, or has had it from there. */
export const isDisputed = ({ flags }: Payment): boolean => (flags.dispute ?? 'won') !== 'won'

/** What is given back beside a dispute goes back twice. */
export function expectUndisputed(payment: Payment): void {
  if (!isDisputed(payment)) return
  throw new AppError(
    'refund.disputed',
    "The cardholder disputes this payment. Answer or accept that in the gateway's own pages; give nothing back here.",
    { status: 409, reload: true },
  )
}

/**
 * A cardholder takes back what they paid, through their bank. The shop has days to answer with proofs, at the gateway;
 * here a person is told what to do, and again when the bank has decided against the shop.
 */
export async function disputed(session: ClientSession, order: Order, payment: Payment): Promise<void> {
  const subject = String(payment._id)
  const task = { subject, order: order._id, details: { paymentId: subject, amount: payment.captured } }
  switch (payment.flags.dispute) {
    case 'open':
      return raiseTask(
        {
          ...task,
          kind: 'payment.dispute',
          summary: `${order.regNo}: the cardholder disputes attempt ${payment.attemptNo}. Answer in the ${payment.gateway} dashboard under Disputes with proof of order and delivery, or accept it there. Give nothing back here meanwhile.`,
        },
        session,
      )
    case 'lost':
      await finishTask('payment.dispute', subject, null, session)
      return raiseTask(
        {
          ...task,
          kind: 'payment.dispute_lost',
          summary: `${order.regNo}: the dispute is lost, and the bank has taken the money back. Do not refund it; decide about the goods with the customer.`,
        },
        session,
      )
    default:
      // With the bank, or decided for the shop: there is nothing to do.
      return finishTask('payment.dispute', subject, null, session)
  }
}
