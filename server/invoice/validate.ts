import type { Order } from '../../models/order.ts'
import type { Payment } from '../../models/payment.ts'
import type { OrderState } from '../../models/states.ts'
import type { Integration } from '../auth/index.ts'
import { notFound } from '../http/index.ts'
import { findOrder } from '../order/index.ts'
import { paymentsOf, settle } from '../payment/index.ts'
import { bankOf, type PaymentType } from './banks.ts'
import { findInvoice } from './find.ts'

const paidStates: readonly OrderState[] = ['PAID', 'CONFIRMING', 'CONFIRMED', 'FULFILLING', 'DELIVERED']

/**
 * Asks the bank about one payment of an invoice, and says whether the invoice is paid: only when the bank says so of the
 * right amount, and the order is ours to deliver. Everything that follows from it has happened by then.
 */
export async function validatePayment(
  integration: Integration,
  wish: {
    regNo: string
    guid: string | null | undefined
    /** The bank's id; the newest payment at the bank where it is not given. */
    orderId: string | null | undefined
    type: PaymentType
  },
): Promise<{ paid: boolean; order: Order; payment: Payment }> {
  const before = await findInvoice(integration, wish.regNo, wish.guid)
  const { gateway } = bankOf(wish.type)
  const attempts = (await paymentsOf(before._id)).filter((payment) => payment.gateway === gateway)
  const attempt = wish.orderId
    ? attempts.find(({ refs }) => refs.some(({ kind, value }) => kind === 'order' && value === wish.orderId))
    : attempts.at(-1)
  if (!attempt) throw notFound('The payment of this invoice')
  const payment = attempt.captured > 0 ? attempt : ((await settle(attempt._id, 'validation')) ?? attempt)
  const order = await findOrder(before._id)
  const paid = payment.captured > 0 && !payment.flags.conflict && paidStates.includes(order.state)
  return { paid, order, payment }
}
