import { z } from 'zod'
import type { Currency } from '../../../../models/money.ts'
import type { PaymentState } from '../../../../models/states.ts'
import type { AskedRefund, Found } from '../../gateway.ts'
import { shareOut, stateOfPaid } from '../banks/refunds.ts'
import { number, text } from './client.ts'

/** How money is counted here: ISO 4217 by number, in hundredths. */
export const currencyNumbers: Partial<Record<Currency, string>> = { TMT: '934' }

/** What both status methods tell of an order, their keys in lower case. */
const Status = z.looseObject({
  ordernumber: text,
  orderstatus: number.nullish(),
  actioncode: number.nullish(),
  actioncodedescription: text,
  amount: number,
  currency: text,
  /** The older method's name for what was taken. */
  depositamount: number.nullish(),
  authdatetime: number.nullish(),
  attributes: z.array(z.looseObject({ name: text, value: text })).nullish(),
  paymentamountinfo: z
    .looseObject({ depositedamount: number.nullish(), refundedamount: number.nullish() })
    .nullish(),
})

/** One order of the bank, in plain words. */
export interface BankOrder {
  /** The bank's own id; null where the answer does not carry it. */
  orderId: string | null
  /** Our number. */
  number: string
  state: PaymentState
  amount: number
  currency: string
  captured: number
  refunded: number
  failureCode?: string
  paidAt?: Date
  said: string
}

/** Session over: nobody can pay the order any more. */
const SESSION_OVER = -2007
const failureCodes: Record<number, string> = {
  116: 'insufficient_fund',
  101: 'expired_card',
  125: 'invalid_card',
}

/** Reads an answer of a status method; undefined when it is no order. */
export function readOrder(body: Record<string, unknown>): BankOrder | undefined {
  const { data } = Status.safeParse(body)
  if (!data?.ordernumber) return undefined
  const money = moneyOf(data)
  const state = stateOf(data, money)
  return {
    orderId: data.attributes?.find(({ name }) => name?.toLowerCase() === 'mdorder')?.value ?? null,
    number: data.ordernumber,
    state,
    amount: data.amount,
    currency: data.currency ?? '',
    ...(isPaid(state) ? money : { captured: 0, refunded: 0 }),
    ...(state === 'FAILED' ? { failureCode: failureCodes[data.actioncode ?? 0] ?? 'payment_rejected' } : {}),
    ...(data.authdatetime && isPaid(state) ? { paidAt: new Date(data.authdatetime) } : {}),
    said: [
      `order status ${data.orderstatus}`,
      data.actioncode && `action code ${data.actioncode}`,
      data.actioncodedescription,
    ]
      .filter(Boolean)
      .join(', ')
      .slice(0, 200),
  }
}

/** An order of the bank as news of the attempt. `orderId` is what we know of it, where the answer does not say. */
export function foundIn(order: BankOrder, orderId: string | null, asked: readonly AskedRefund[]): Found {
  const known = order.orderId ?? orderId
  return {
    state: order.state,
    money: { amount: order.amount, currency: currencyOf(order.currency) },
    captured: order.captured,
    refunded: order.refunded,
    refunds: shareOut(order.refunded, asked),
    ...(order.failureCode ? { failureCode: order.failureCode } : {}),
    ...(order.paidAt ? { paidAt: order.paidAt } : {}),
    refs: refsOf(known, order.number),
    said: order.said,
  }
}

export const refsOf = (orderId: string | null, number: string): Found['refs'] => [
  ...(orderId ? [{ kind: 'order', value: orderId }] : []),
  { kind: 'number', value: number },
]

/** The bank's number as our code; a currency that we do not know stays as it is, and then differs from ours. */
function currencyOf(given: string): Currency {
  const known = Object.entries(currencyNumbers).find(
    ([code, number]) => number === given.padStart(3, '0') || code === given.toUpperCase(),
  )
  return (known?.[0] ?? given) as Currency
}

const isPaid = (state: PaymentState): boolean =>
  state === 'CAPTURED' || state === 'PARTIALLY_REFUNDED' || state === 'REFUNDED'

/** orderStatus in our words. 5 waits for the cardholder's bank: no error, the payment goes on. */
function stateOf(
  { orderstatus, actioncode }: z.output<typeof Status>,
  money: ReturnType<typeof moneyOf>,
): PaymentState {
  switch (orderstatus) {
    case 0:
    case 5:
      return 'PENDING'
    case 1:
      return 'AUTHORIZED'
    case 2:
    case 4:
      return stateOfPaid(money)
    case 3:
      return 'CANCELED'
    case 6:
      return actioncode === SESSION_OVER ? 'EXPIRED' : 'FAILED'
    default:
      return 'UNKNOWN'
  }
}

/**
 * What came in and what went back. Some gates lower the deposited amount by a refund, some do not; the older method
 * names no refund at all, and there status 4 with nothing taken off stands for the whole.
 */
function moneyOf({ orderstatus, amount, depositamount, paymentamountinfo }: z.output<typeof Status>) {
  const deposited = paymentamountinfo?.depositedamount ?? depositamount ?? amount
  const stated = paymentamountinfo?.refundedamount
  if (orderstatus !== 4 && !stated) return { captured: deposited, refunded: 0 }
  const refunded = stated ?? (deposited < amount ? amount - deposited : amount)
  return { captured: deposited + refunded === amount ? amount : deposited, refunded }
}
