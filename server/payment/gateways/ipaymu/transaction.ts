import { z } from 'zod'
import type { PaymentState } from '../../../../models/states.ts'
import { type Attempt, type Found, Unanswered } from '../../gateway.ts'
import { minorUnits } from './money.ts'
import { readTime } from './times.ts'

const text = z.string().nullish()
const id = z.union([z.string(), z.number()]).transform(String)

/** A transaction as the platform tells of it, alone or in its history. Numbers may come as text. */
const Body = z.looseObject({
  TransactionId: id,
  ReferenceId: id.nullish(),
  Amount: z.union([z.string(), z.number()]),
  Status: z.union([z.string(), z.number()]).transform(Number),
  StatusDesc: text,
  CreatedDate: text,
  SuccessDate: text,
  ExpiredDate: text,
})

export interface Transaction {
  id: string
  reference: string | null
  /** Minor units. */
  amount: number
  status: number
  /** The platform's own word and number. */
  said: string
  createdAt: Date | undefined
  paidAt: Date | undefined
  expiresAt: Date | undefined
}

/** Throws `Unanswered` for what is no transaction: the answer says nothing, then. */
export function readTransaction(data: unknown): Transaction {
  const body = Body.safeParse(data)
  const amount = body.success ? minorUnits(body.data.Amount) : null
  if (!body.success || amount === null) {
    throw new Unanswered('iPaymu answered with something that is not a transaction')
  }
  const { TransactionId, ReferenceId, Status, StatusDesc, CreatedDate, SuccessDate, ExpiredDate } = body.data
  return {
    id: TransactionId,
    reference: ReferenceId ?? null,
    amount,
    status: Status,
    said: `${StatusDesc ?? ''} (${Status})`.trim(),
    createdAt: readTime(CreatedDate),
    paidAt: readTime(SuccessDate),
    expiresAt: readTime(ExpiredDate),
  }
}

/** The nine codes. 4, an error, is looked at again before it counts; what else there may be is not known. */
const states: Readonly<Record<number, PaymentState>> = {
  [-2]: 'EXPIRED',
  0: 'PENDING',
  1: 'CAPTURED',
  2: 'CANCELED',
  3: 'REFUNDED',
  4: 'UNKNOWN',
  5: 'FAILED',
  6: 'CAPTURED',
  7: 'CAPTURED',
}
const ERROR = 4

export const stateOf = ({ status }: Transaction): PaymentState => states[status] ?? 'UNKNOWN'

/** 6 is paid and not yet ours to draw; 7 waits for the goods to arrive. Both are paid. */
const flags: Readonly<Record<number, { settled: boolean; escrow: boolean }>> = {
  1: { settled: true, escrow: false },
  6: { settled: false, escrow: false },
  7: { settled: false, escrow: true },
}

/**
 * What the transactions of one attempt come to: a customer may begin several on the platform's page. Money that came
 * in counts, all of it; else what is still open; else the last.
 */
export function foundIn(
  transactions: Transaction[],
  attempt: Pick<Attempt, 'expiresAt' | 'now' | 'refunds'>,
): Found {
  const paid = transactions.filter((one) => captured(one) > 0)
  const open = transactions.find((one) => stateOf(one) === 'PENDING')
  const shown = paid[0] ?? open ?? transactions.at(-1)
  if (!shown) throw new Error('there is no transaction to tell of')
  const over = attempt.now >= attempt.expiresAt
  const state = shown.status === ERROR && over ? 'FAILED' : stateOf(shown)
  return {
    state,
    money: { amount: shown.amount, currency: 'IDR' },
    captured: paid.reduce((sum, one) => sum + captured(one), 0),
    refunded: paid.reduce((sum, one) => sum + refunded(one), 0),
    // The platform gives back whole payments, by hand, and has no name for it: it is the one that was asked for.
    refunds: paid
      .filter((one) => refunded(one) > 0)
      .map((one) => ({
        ref: `refund-${one.id}`,
        opId: askedFor(attempt, one),
        amount: one.amount,
        state: 'SUCCEEDED',
      })),
    ...flags[shown.status],
    ...(state === 'FAILED' && { failureCode: 'payment_failed' }),
    refs: transactions.map((one) => ({ kind: 'transaction', value: one.id })),
    ...(paid[0] && shown.paidAt && { paidAt: shown.paidAt }),
    ...(open && shown.expiresAt && { expiresAt: shown.expiresAt }),
    said: shown.said,
  }
}

const askedFor = ({ refunds = [] }: Pick<Attempt, 'refunds'>, { amount }: Transaction): string | null =>
  refunds.find((asked) => asked.amount === amount && asked.state !== 'FAILED')?.opId ?? null

/** Minor units that have come in, also where they went back since. */
export const captured = (one: Transaction): number =>
  ['CAPTURED', 'REFUNDED'].includes(stateOf(one)) ? one.amount : 0

export const refunded = (one: Transaction): number => (stateOf(one) === 'REFUNDED' ? one.amount : 0)
