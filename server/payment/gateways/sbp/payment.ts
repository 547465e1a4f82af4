import { z } from 'zod'
import { type Currency, exponentOf } from '../../../../models/money.ts'
import type { PaymentState } from '../../../../models/states.ts'
import type { Next } from '../../contract.ts'
import { type Found, type RefundResult, Unanswered } from '../../gateway.ts'
import { qrImage } from '../../qr-image.ts'

const text = z.string().nullish()

/** "100.00" in kopecks. The platform writes decimal strings; a number is none of its words. */
const Amount = z
  .looseObject({ value: z.string().regex(/^\d{1,12}(\.\d{1,2})?$/), currency: z.string() })
  .transform(({ value, currency }) => {
    const [whole = '0', part = ''] = value.split('.')
    const upper = currency.toUpperCase() as Currency
    return { amount: Number(whole + part.padEnd(2, '0').slice(0, exponent(upper))), currency: upper }
  })

/** Of a currency that is none of ours, two digits: what differs from the attempt is held anyway. */
const exponent = (currency: Currency): number => exponentOf(currency) ?? 2

const metadata = z.looseObject({ attempt: text }).nullish()

/** What we read of a payment; the rest may be whatever it likes. */
const Payment = z.looseObject({
  id: z.string(),
  status: z.string(),
  paid: z.boolean().nullish(),
  test: z.boolean().nullish(),
  amount: Amount,
  refunded_amount: Amount.nullish(),
  confirmation: z
    .looseObject({ type: z.string(), confirmation_url: text, confirmation_data: text })
    .nullish(),
  captured_at: text,
  created_at: text,
  expires_at: text,
  metadata,
  cancellation_details: z.looseObject({ party: text, reason: text }).nullish(),
})
export type Payment = z.output<typeof Payment>

const Refund = z.looseObject({
  id: z.string(),
  payment_id: z.string(),
  status: z.string(),
  amount: Amount,
  description: text,
  cancellation_details: z.looseObject({ reason: text }).nullish(),
})
export type Refund = z.output<typeof Refund>

const list = <S extends z.ZodType>(items: S) =>
  z.looseObject({ type: z.literal('list'), items: z.array(items), next_cursor: text })
export const PaymentList = list(z.unknown())
export const RefundList = list(Refund)

/** Reads a payment of our environment; anything else leaves the outcome open. */
export function readPayment(body: unknown, live: boolean): Payment {
  const result = Payment.safeParse(body)
  if (!result.success) throw new Unanswered('SBP answered with something that is not a payment')
  if ((result.data.test ?? !live) === live) {
    throw new Unanswered('SBP answered with a payment of the other environment')
  }
  return result.data
}

export function readRefund(body: unknown): Refund {
  const result = Refund.safeParse(body)
  if (!result.success) throw new Unanswered('SBP answered with something that is not a refund')
  return result.data
}

/** What a payment says about the attempt, in our words. */
export function foundIn(payment: Payment, refunds: Refund[] = []): Found {
  const state = stateOf(payment)
  const next = nextOf(payment)
  const taken = state === 'CAPTURED' || state === 'PARTIALLY_REFUNDED' || state === 'REFUNDED'
  const reason = payment.cancellation_details?.reason
  return {
    state,
    money: payment.amount,
    captured: taken ? payment.amount.amount : 0,
    refunded: taken ? (payment.refunded_amount?.amount ?? 0) : 0,
    refunds: refunds.map((refund) => ({
      ref: refund.id,
      opId: operationOf(refund),
      amount: refund.amount.amount,
      state: refundState(refund),
    })),
    ...(reason && !taken ? { failureCode: codeOf(reason) } : {}),
    refs: [{ kind: 'payment', value: payment.id }],
    ...(payment.captured_at ? { paidAt: new Date(payment.captured_at) } : {}),
    ...(payment.expires_at ? { expiresAt: new Date(payment.expires_at) } : {}),
    ...(next ? { next } : {}),
    said: [payment.status, reason].filter(Boolean).join(': '),
  }
}

/** The screens have words for these already, under the names that another gateway gave them. SBP knows no cards. */
const sameAs: Record<string, string> = {
  insufficient_funds: 'insufficient_balance',
  payment_canceled: 'payment_cancelled',
}

function codeOf(reason: string): string {
  const code = reason.toLowerCase().replace(/[^a-z0-9_]/g, '_')
  return sameAs[code] ?? code
}

/** SBP takes the money in one stage; what was held or is of an unknown word is looked at again. */
function stateOf({
  status,
  amount,
  refunded_amount: back,
  cancellation_details: why,
}: Payment): PaymentState {
  switch (status) {
    case 'pending':
      return 'PENDING'
    case 'waiting_for_capture':
      return 'AUTHORIZED'
    case 'succeeded':
      if (!back?.amount) return 'CAPTURED'
      return back.amount >= amount.amount ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
    case 'canceled':
      if (why?.reason?.startsWith('expired')) return 'EXPIRED'
      return why?.reason === 'canceled_by_merchant' ? 'CANCELED' : 'FAILED'
    default:
      return 'UNKNOWN'
  }
}

/** An hour: how long a customer has by the platform's rules, where it does not say. */
export const LIFETIME = 60 * 60_000

/** What the customer does next: scan a code that we draw, or go to the bank's page. */
export function nextOf(payment: Payment): Next | undefined {
  if (payment.status === 'succeeded') return { kind: 'paid' }
  const { confirmation_data: data, confirmation_url: url } = payment.confirmation ?? {}
  if (payment.status !== 'pending') return undefined
  if (data) return { kind: 'qr', image: qrImage(data), payload: data, expiresAt: endOf(payment) }
  return url && /^https?:\/\//.test(url) && URL.canParse(url) ? { kind: 'redirect', url } : undefined
}

function endOf({ expires_at: end, created_at: begin }: Payment): string {
  return end ?? new Date((begin ? Date.parse(begin) : Date.now()) + LIFETIME).toISOString()
}

// A refund carries no metadata; its description is ours to write, and tells which operation made it.
const MARK = /^\[([^\]]{1,120})\]/
export const descriptionOf = (opId: string, reason: string): string => `[${opId}] ${reason}`.slice(0, 250)
export const operationOf = ({ description }: Refund): string | null =>
  MARK.exec(description ?? '')?.[1] ?? null

export const refundState = ({ status }: Refund): RefundResult['state'] =>
  status === 'succeeded' ? 'SUCCEEDED' : status === 'canceled' ? 'FAILED' : 'PENDING'
