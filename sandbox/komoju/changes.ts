import { refundedOf } from './bodies.ts'
import type { CardTrial } from './cards.ts'
import { unprocessable } from './errors.ts'
import { newDigits, newId } from './ids.ts'
import type { PaymentRecord, RefundRecord, SessionRecord, Store } from './records.ts'

const day = 86_400_000

/** The payment that a session's page makes; a failed one is tried again under its own id. */
export function beginPayment(
  session: SessionRecord,
  before: PaymentRecord | null,
  method: PaymentRecord['method'],
  now: number,
): PaymentRecord {
  return {
    id: before?.id ?? newId(),
    session: session.id,
    status: 'pending',
    amount: session.amount,
    currency: session.currency,
    fee: 0,
    method,
    card: null,
    konbini: null,
    failure: null,
    externalOrderNum: session.externalOrderNum,
    metadata: session.metadata,
    description: session.description,
    deadline: null,
    capturedAt: null,
    refunds: [],
    createdAt: before?.createdAt ?? now,
  }
}

/** A card's bank has agreed. */
export function agree(payment: PaymentRecord, { brand, lastDigits }: CardTrial): void {
  payment.card = { brand, lastDigits }
  payment.status = 'authorized'
  payment.failure = null
}

export function fail(payment: PaymentRecord, code: string): void {
  payment.status = 'failed'
  payment.failure = code
}

/** The store's code is issued: nothing has been paid. */
export function issueCode(
  payment: PaymentRecord,
  { store, email }: { store: Store; email: string },
  { now, fee, days }: { now: number; fee: number; days: number },
): void {
  payment.status = 'authorized'
  payment.fee = fee
  payment.konbini = { store, email, confirmationCode: newDigits(6), receipt: newDigits(11) }
  payment.deadline = now + days * day
}

/** Money comes in: at the counter, or because the shop takes what a card holds. */
export function capture(payment: PaymentRecord, now: number, late = false): void {
  const open = payment.status === 'authorized' || (late && payment.status === 'expired')
  if (!open) throw unprocessable(`The payment is ${payment.status} and cannot be captured.`)
  payment.status = 'captured'
  payment.capturedAt = now
}

export function cancel(payment: PaymentRecord): void {
  if (payment.status !== 'pending' && payment.status !== 'authorized') {
    throw unprocessable(`The payment is ${payment.status} and cannot be cancelled.`)
  }
  payment.status = 'cancelled'
}

/** A code that nobody paid in time, or a card's hold that nobody took. */
export function expire(payment: PaymentRecord): void {
  if (payment.status !== 'authorized') {
    throw unprocessable(`The payment is ${payment.status} and cannot expire.`)
  }
  payment.status = 'expired'
}

/** `byHand`: staff of the platform do it, who also send money to a bank account. */
export function refund(
  payment: PaymentRecord,
  { amount, description }: { amount?: number | undefined; description?: string | null | undefined },
  now: number,
  byHand = false,
): RefundRecord {
  if (payment.status !== 'captured') {
    throw unprocessable(`The payment is ${payment.status} and cannot be refunded.`)
  }
  if (payment.method === 'konbini' && !byHand) {
    throw unprocessable('A konbini payment is given back by a refund request, which needs a bank account.')
  }
  const left = payment.amount - refundedOf(payment)
  const wanted = amount ?? left
  if (wanted <= 0) throw unprocessable('The amount must be greater than 0.', 'amount')
  if (wanted > left) throw unprocessable('The amount is more than what can be refunded.', 'amount')
  const record: RefundRecord = {
    id: newId(),
    amount: wanted,
    description: description ?? null,
    createdAt: now,
  }
  payment.refunds.push(record)
  if (wanted === left) payment.status = 'refunded'
  return record
}
