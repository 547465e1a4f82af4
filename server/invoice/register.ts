import { decimal, exponentOf, minorUnits } from '../../models/money.ts'
import type { Order } from '../../models/order.ts'
import type { Payment } from '../../models/payment.ts'
import type { Integration } from '../auth/index.ts'
import { AppError } from '../http/index.ts'
import { findOrder } from '../order/index.ts'
import type { Next } from '../payment/contract.ts'
import { paymentsOf } from '../payment/index.ts'
import { bankOf, type PaymentType } from './banks.ts'
import { findInvoice } from './find.ts'
import { step } from './step.ts'

export interface Wish {
  regNo: string
  guid: string | null | undefined
  /** The total as the caller shows it, decimal. */
  total: string
  type: PaymentType
  ip: string
}

export interface Registered {
  order: Order
  payment: Payment
  checkoutUrl: string
  /** The bank's own id. */
  orderId: string
}

/**
 * Registers an invoice at its bank, and answers where it is paid. Asked again while that can still be paid, it answers
 * the same place; another bank ends the attempt at the first one.
 */
export async function registerPayment(integration: Integration, wish: Wish): Promise<Registered> {
  const order = await findInvoice(integration, wish.regNo, wish.guid)
  expectTotal(order, wish.total)
  const open = (await paymentsOf(order._id)).find((payment) => payment.open)
  const { gateway } = bankOf(wish.type)
  if (open?.gateway === gateway && open.state === 'PENDING') return registered(order, open)

  const draft = open ? await step(order, 'CANCEL_PAYMENT', {}, wish.ip) : order
  if (draft.state !== 'DRAFT') {
    throw new AppError(
      'invoice.state',
      `The invoice ${order.regNo} is ${draft.state}: it cannot be paid now.`,
      {
        status: 409,
      },
    )
  }
  const chosen = await step(draft, 'SELECT_PAYMENT_METHOD', bankOf(wish.type), wish.ip)
  await step(chosen, 'CONFIRM_PAYMENT_SELECTION', {}, wish.ip)
  const payment = (await paymentsOf(order._id)).findLast((one) => one.gateway === gateway)
  return registered(await findOrder(order._id), payment)
}

function registered(order: Order, payment: Payment | undefined): Registered {
  const next = payment?.next as Next | null | undefined
  const orderId = payment?.refs.find(({ kind }) => kind === 'order')?.value
  if (!payment || next?.kind !== 'popup' || !orderId) {
    throw new AppError(
      'payment.checking',
      'The bank has not answered yet, and we keep asking it. Ask again in a moment; nothing is paid twice.',
      { status: 503, details: { retryAfter: 10 } },
    )
  }
  return { order, payment, checkoutUrl: next.url, orderId }
}

function expectTotal({ totals, currency, regNo }: Order, total: string): void {
  if (minorUnits(total, exponentOf(currency)) === totals.total) return
  throw new AppError(
    'invoice.total',
    `TotalPrice is ${total}, and the invoice ${regNo} is ${decimal(totals.total, currency)} ${currency}. Load it again.`,
    { status: 409 },
  )
}
