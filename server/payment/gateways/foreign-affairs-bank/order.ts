import { z } from 'zod'
import { type Currency, minorUnits } from '../../../../models/money.ts'
import type { PaymentState } from '../../../../models/states.ts'
import { type AskedRefund, type Found, Unanswered } from '../../gateway.ts'
import { shareOut, stateOfPaid } from '../banks/refunds.ts'
import type { OrderAnswer } from './client.ts'

const text = z.union([z.string(), z.number().transform(String)]).nullish()
const money = z.union([z.number(), z.string()])

const Body = z.looseObject({
  transaction: z.looseObject({
    totalamount: money,
    currency: text,
    merchantorderid: text,
    refundedamount: money.nullish(),
  }),
  response: z.looseObject({
    orderid: text,
    operationresult: z.string(),
    operationresultdescription: text,
  }),
})
const Links = z.looseObject({
  _links: z.looseObject({
    redirecttocheckout: z.looseObject({ href: z.url({ protocol: /^https?$/ }) }),
  }),
})

/** One order of the bank, in plain words. */
export interface BankOrder {
  orderId: string
  /** Our number. */
  number: string
  state: PaymentState
  /** Minor units; null when the bank's amount makes no sense. */
  amount: number | null
  currency: string
  captured: number
  /** Null where the bank does not say what has gone back. */
  refunded: number | null
  result: string
  said: string
  /** The bank's answer, for integrations that read it. */
  answer: Record<string, unknown>
}

/** The manat, as ISO 4217 numbers it. */
export const MANAT = '934'

/** The few results that are known; every other one is unknown, and asked about again. */
const states: Record<string, PaymentState> = {
  'GEN-00000': 'CAPTURED',
  'OPG-00100': 'PENDING',
  'OPG-00006': 'CANCELED',
}

/** Reads an order; anything else leaves the outcome open. */
export function readOrder({ body, plain }: Pick<OrderAnswer, 'body' | 'plain'>): BankOrder {
  const { data } = Body.safeParse(body)
  if (!data?.response.orderid) {
    throw new Unanswered('The Foreign Affairs Bank answered with something that is not an order')
  }
  const { transaction, response } = data
  const result = response.operationresult.toUpperCase()
  const state = states[result] ?? 'UNKNOWN'
  const amount = minorUnits(transaction.totalamount, 2) ?? null
  const captured = state === 'CAPTURED' ? (amount ?? 0) : 0
  const stated = transaction.refundedamount
  const refunded = stated === undefined || stated === null ? null : (minorUnits(stated, 2) ?? null)
  return {
    orderId: response.orderid ?? '',
    number: transaction.merchantorderid ?? '',
    state: captured > 0 ? stateOfPaid({ captured, refunded: refunded ?? 0 }) : state,
    amount,
    currency: transaction.currency ?? '',
    captured,
    refunded,
    result,
    said: [result, response.operationresultdescription].filter(Boolean).join(': ').slice(0, 200),
    answer: plain,
  }
}

/** Where the customer pays, as the answer to a new order says. */
export const checkoutOf = (body: unknown): string | undefined =>
  Links.safeParse(body).data?._links.redirecttocheckout.href

/** An order of the bank as news of the attempt. Where it names no refunds, our own books stand. */
export function foundIn(order: BankOrder, asked: readonly AskedRefund[]): Found {
  const ours = asked.filter(({ state }) => state === 'SUCCEEDED').reduce((sum, { amount }) => sum + amount, 0)
  const refunded = order.captured > 0 ? (order.refunded ?? ours) : 0
  return {
    state: order.captured > 0 ? stateOfPaid({ captured: order.captured, refunded }) : order.state,
    ...(order.amount === null
      ? {}
      : { money: { amount: order.amount, currency: currencyOf(order.currency) } }),
    captured: order.captured,
    refunded,
    refunds: shareOut(refunded, asked),
    refs: [
      { kind: 'order', value: order.orderId },
      { kind: 'number', value: order.number },
    ],
    said: order.said,
    answer: order.answer,
  }
}

/** A currency that is not the manat stays as it is, and then differs from ours. */
const currencyOf = (given: string): Currency =>
  (given === MANAT || given.toUpperCase() === 'TMT' ? 'TMT' : given) as Currency
