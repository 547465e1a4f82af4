import type { Currency, Money } from '../../../../models/money.ts'
import type { PaymentState } from '../../../../models/states.ts'
import type { Next } from '../../contract.ts'
import type { Attempt, Found, RefundResult } from '../../gateway.ts'
import { codeOf } from './client.ts'
import type { Both } from './find.ts'
import type { Payment } from './shapes.ts'

/** What a session and its payment say about an attempt at `asked`, in our words. */
export function foundIn(both: Both, asked: Money): Found {
  const { session, payment } = both
  const state = stateOf(both)
  const next = state === 'PENDING' ? nextOf(both) : undefined
  const until = state === 'PENDING' ? voucherUntil(payment) : undefined
  const taken = state === 'CAPTURED' || state === 'PARTIALLY_REFUNDED' || state === 'REFUNDED'
  const failure = failureOf(payment)
  const money = chargedFor(both)
  return {
    state,
    ...(money ? { money } : {}),
    captured: taken && payment ? comeIn(both, payment, asked) : 0,
    refunded: taken ? (payment?.amount_refunded ?? 0) : 0,
    refunds: (payment?.refunds ?? []).map(({ id, amount, description, status }) => ({
      ref: id,
      opId: opIdIn(description),
      amount,
      state: refundState(status),
    })),
    ...(failure && !taken ? { failureCode: failure } : {}),
    refs: [
      ...(session ? [{ kind: 'session', value: session.id }] : []),
      ...(payment ? [{ kind: 'payment', value: payment.id }] : []),
    ],
    ...(payment?.captured_at ? { paidAt: new Date(payment.captured_at) } : {}),
    ...(until ? { expiresAt: until } : {}),
    ...(next ? { next } : {}),
    said: wordsOf(both),
  }
}

/** What the customer does next, where the platform has more to say than its page's address. */
export function nextOf({ session, payment }: Both): Next | undefined {
  const details = payment?.payment_details
  const until = voucherUntil(payment)
  const code = details?.confirmation_code ?? details?.receipt
  if (code && until) {
    const instructions = details?.instructions_url
    const fee = payment?.payment_method_fee
    return {
      kind: 'code',
      code,
      store: storeNames[details?.store ?? ''] ?? details?.store ?? '',
      expiresAt: until.toISOString(),
      ...(instructions && isAddress(instructions) ? { instructionsUrl: instructions } : {}),
      ...(fee ? { fee } : {}),
    }
  }
  if (session?.status !== 'pending' || session.expired) return undefined
  return isAddress(session.session_url) ? { kind: 'redirect', url: session.session_url } : undefined
}

/** As they stand over the door. */
const storeNames: Partial<Record<string, string>> = {
  'seven-eleven': 'Seven-Eleven',
  lawson: 'Lawson',
  'family-mart': 'FamilyMart',
  ministop: 'Ministop',
  'daily-yamazaki': 'Daily Yamazaki',
  seicomart: 'Seicomart',
}

/** Whether it may still become paid, so that closing it makes a difference. */
export const isUndecided = (both: Both): boolean => {
  const state = stateOf(both)
  return state === 'PENDING' || state === 'AUTHORIZED' || state === 'UNKNOWN'
}

/**
 * A code that a store has issued and that our books have not heard of: the time for choosing a store is over, the
 * time for paying is not.
 */
export const isNewVoucher = ({ payment }: Both, { refs, now }: Attempt): boolean => {
  const until = voucherUntil(payment)
  return until !== undefined && until > now && !refs.some(({ value }) => value === payment?.id)
}

/** How a refund of ours is known at the platform: by what stands at the end of its description. */
export const mark = (opId: string): string => `[${opId}]`
const opIdIn = (description: string | null | undefined): string | null =>
  /\[([^[\]]+)\]$/.exec(description ?? '')?.[1] ?? null

/** The refund that an earlier try has made, if there is one. */
export function refundOf(payment: Payment, opId: string): RefundResult | null {
  const refund = payment.refunds?.find(({ description }) => opIdIn(description) === opId)
  return refund ? { state: refundState(refund.status), ref: refund.id } : null
}

const refundState = (status: string | null | undefined): 'SUCCEEDED' | 'PENDING' | 'FAILED' =>
  status === 'pending' ? 'PENDING' : status === 'failed' ? 'FAILED' : 'SUCCEEDED'

/** Only a store's code is "authorized" without money behind it. */
const isVoucher = (payment: Payment): boolean => payment.payment_details?.type === 'konbini'

function voucherUntil(payment: Payment | null): Date | undefined {
  if (payment?.status !== 'authorized' || !isVoucher(payment) || !payment.payment_deadline) {
    return undefined
  }
  const until = new Date(payment.payment_deadline)
  return Number.isNaN(until.getTime()) ? undefined : until
}

/**
 * A session that is completed says only that the customer is done with the page; the payment says whether money has
 * moved. A failed payment may be tried again for as long as the session lives.
 */
function stateOf(both: Both): PaymentState {
  const { payment } = both
  switch (payment?.status) {
    case 'captured':
      return paid(payment)
    case 'refunded':
      return 'REFUNDED'
    case 'authorized':
      return isVoucher(payment) ? 'PENDING' : 'AUTHORIZED'
    case 'cancelled':
      return 'CANCELED'
    case 'expired':
      return 'EXPIRED'
    case 'pending':
    case 'failed':
    case undefined:
      return stateOfSession(both)
    default:
      return 'UNKNOWN'
  }
}

function stateOfSession({ session, payment }: Both): PaymentState {
  // Made without a session, or one that we were not told: the payment's word alone.
  if (!session) return payment?.status === 'failed' ? 'FAILED' : 'PENDING'
  if (session.status === 'cancelled') return 'CANCELED'
  if (session.expired && session.status === 'pending') return 'EXPIRED'
  return session.status === 'pending' || session.status === 'completed' ? 'PENDING' : 'UNKNOWN'
}

function paid(payment: Payment): PaymentState {
  const refunded = payment.amount_refunded ?? 0
  if (refunded === 0) return 'CAPTURED'
  return refunded >= withoutFee(payment) ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
}

/** What a convenience store charges the payer for its service is none of the shop's money. */
const withoutFee = ({ total, payment_method_fee }: Payment): number => total - (payment_method_fee ?? 0)

/** Whatever currency it names: the core compares it with the attempt's and holds what differs. */
const currencyOf = (of: { currency: string }): Currency => of.currency.toUpperCase() as Currency

function chargedFor({ session, payment }: Both): Money | undefined {
  if (session) return { amount: session.amount, currency: currencyOf(session) }
  return payment ? { amount: withoutFee(payment), currency: currencyOf(payment) } : undefined
}

/** Where the payer's currency was converted, the session has the amount in the shop's own. */
function comeIn({ session }: Both, payment: Payment, asked: Money): number {
  const converted =
    session && currencyOf(payment) !== currencyOf(session) && currencyOf(session) === asked.currency
  return converted ? session.amount : withoutFee(payment)
}

function failureOf(payment: Payment | null): string | undefined {
  if (payment?.status !== 'failed') return undefined
  const code =
    payment.failure_code ?? (typeof payment.error === 'string' ? payment.error : payment.error?.code)
  return codeOf(code ?? 'card_declined')
}

const wordsOf = ({ session, payment }: Both): string =>
  [
    session && `session ${session.status}${session.expired ? ', expired' : ''}`,
    payment && `payment ${payment.status}`,
    failureOf(payment),
  ]
    .filter(Boolean)
    .join(', ')

const isAddress = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text)
