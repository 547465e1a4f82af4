import { z } from 'zod'
import { canVoid, refundedAmount } from './charge-body.ts'
import { Refusal } from './errors.ts'
import { failureMessages } from './failures.ts'
import { newId } from './ids.ts'
import { flag, int, metadata } from './input.ts'
import type { ChargeRecord, RefundRecord } from './records.ts'

export const NewRefund = z.strictObject({
  amount: int,
  metadata: metadata.optional(),
  void: flag.optional(),
})

/** The events that a change of a charge may cause. */
export type ChargeEvent =
  | 'charge.create'
  | 'charge.complete'
  | 'charge.capture'
  | 'charge.reverse'
  | 'charge.expire'
  | 'charge.update'
  | 'refund.create'
  | 'dispute.create'
  | 'dispute.update'
  | 'dispute.close'

/** The money has been set aside; with `capture` it is taken at once. */
export function authorize(charge: ChargeRecord, now: number): void {
  charge.authorizedAt = now
  charge.authorizedAmount = charge.amount
  charge.failure = null
  if (charge.capture) take(charge, charge.amount, now)
  else charge.status = 'pending'
}

function take(charge: ChargeRecord, amount: number, now: number): void {
  charge.capturedAmount = amount
  charge.paidAt = now
  charge.status = 'successful'
  charge.transaction = newId('trxn')
}

export function fail(charge: ChargeRecord, code: string): void {
  charge.status = 'failed'
  charge.failure = { code, message: failureMessages[code] ?? 'payment failed' }
}

/** The customer has agreed, on the bank's page or in a banking app. `late` lets an expired charge be paid too. */
export function agree(charge: ChargeRecord, now: number, late: boolean): void {
  const open = charge.status === 'pending' && charge.authorizedAt === null
  if (!open && !(late && charge.status === 'expired')) {
    throw new Refusal(400, 'invalid_charge', `charge is ${charge.status} and cannot be paid`)
  }
  charge.expiredAt = null
  const trial = charge.card?.trial
  const failure = trial?.threeDs === 'validation_fails' ? 'failed_processing' : trial?.failure
  if (failure) fail(charge, failure)
  else authorize(charge, now)
}

export function decline(charge: ChargeRecord, code: string): void {
  if (charge.status !== 'pending' || charge.authorizedAt !== null) {
    throw new Refusal(400, 'invalid_charge', `charge is ${charge.status} and cannot fail`)
  }
  fail(charge, code)
}

/** `amount` below the authorised one needs a pre-authorisation. */
export function capture(charge: ChargeRecord, amount: number | undefined, now: number): void {
  if (charge.status === 'expired') throw new Refusal(400, 'expired_charge', 'charge expired')
  if (charge.status !== 'pending' || charge.authorizedAt === null) {
    throw new Refusal(400, 'failed_capture', 'charge is not capturable')
  }
  const wanted = amount ?? charge.authorizedAmount
  if (wanted <= 0 || wanted > charge.authorizedAmount) {
    throw new Refusal(400, 'failed_capture', 'capture amount must be between 1 and the authorized amount')
  }
  if (wanted < charge.authorizedAmount && charge.authorizationType !== 'pre_auth') {
    throw new Refusal(400, 'failed_capture', 'partial capture needs authorization_type pre_auth')
  }
  take(charge, wanted, now)
}

export function reverse(charge: ChargeRecord, now: number): void {
  if (charge.status !== 'pending' || charge.authorizedAt === null) {
    throw new Refusal(400, 'failed_void', 'charge is not reversible')
  }
  charge.status = 'reversed'
  charge.reversedAt = now
}

/** On request, only what a source waits for; by the clock (`due`), uncaptured authorisations too. */
export function expire(charge: ChargeRecord, now: number, due = false): void {
  const waits =
    charge.status === 'pending' && (due || (charge.source !== null && charge.authorizedAt === null))
  if (!waits) throw new Refusal(400, 'failed_expire', 'charge cannot be expired')
  charge.status = 'expired'
  charge.expiredAt = now
  charge.expiresAt = Math.min(charge.expiresAt, now)
}

export function refund(charge: ChargeRecord, input: z.output<typeof NewRefund>, now: number): RefundRecord {
  const failed = (message: string) => new Refusal(400, 'failed_refund', message)
  if (charge.paidAt === null) throw failed('charge has not been paid')
  if (charge.voided) throw failed('charge was voided')
  if (input.amount <= 0) throw new Refusal(400, 'invalid_amount', 'amount must be greater than 0')
  const left = charge.capturedAmount - refundedAmount(charge)
  if (input.amount > left) throw failed('amount is more than the amount that can be refunded')
  const voided = input.void === true
  if (voided && (!canVoid(charge, now) || input.amount !== charge.capturedAmount)) {
    throw new Refusal(400, 'failed_void', 'charge cannot be voided')
  }
  const record: RefundRecord = {
    id: newId('rfnd'),
    transaction: newId('trxn'),
    amount: input.amount,
    metadata: input.metadata ?? {},
    voided,
    createdAt: now,
  }
  charge.refunds.push(record)
  charge.voided = voided
  return record
}
