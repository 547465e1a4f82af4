import { z } from 'zod'
import type { Currency } from '../../../../models/money.ts'
import type { PaymentState } from '../../../../models/states.ts'
import type { Next } from '../../contract.ts'
import { type Found, Unanswered } from '../../gateway.ts'

// Amounts have been seen as text; a float or anything else is not an amount.
const amount = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
])
const text = z.string().nullish()
const flag = z.boolean().nullish()

export const Refund = z.looseObject({
  object: z.literal('refund'),
  id: z.string(),
  amount,
  status: text,
  metadata: z.looseObject({ operation: text }).nullish(),
})
export type Refund = z.output<typeof Refund>

const Image = z.looseObject({ download_uri: z.string() })
const Source = z.looseObject({
  id: z.string(),
  flow: text,
  scannable_code: z.looseObject({ image: Image.nullish(), raw_data: text }).nullish(),
})

/** What we read of a charge. Read tolerantly: flags that old versions lack may be missing. */
const Charge = z.looseObject({
  object: z.literal('charge'),
  id: z.string(),
  livemode: flag,
  amount,
  captured_amount: amount.nullish(),
  refunded_amount: amount.nullish(),
  currency: z.string(),
  status: text,
  paid: flag,
  /** What old versions call paid. */
  captured: flag,
  capture: flag,
  authorized: flag,
  expired: flag,
  reversed: flag,
  voided: flag,
  failure_code: text,
  authorize_uri: text,
  paid_at: text,
  created_at: text,
  expires_at: text,
  // PHP's empty list stands for an empty object.
  metadata: z.union([
    z.looseObject({ attempt: text }),
    z.array(z.never()).transform(() => ({ attempt: null })),
  ]),
  source: Source.nullish(),
  dispute: z.union([z.string(), z.looseObject({ status: text })]).nullish(),
  refunds: z.looseObject({ total: z.int().nullish(), data: z.array(Refund) }).nullish(),
})
export type Charge = z.output<typeof Charge>

export const ChargeList = z.looseObject({
  object: z.literal('list'),
  total: z.int(),
  data: z.array(z.unknown()),
})
export const RefundList = z.looseObject({ object: z.literal('list'), total: z.int(), data: z.array(Refund) })

/** Reads a charge of our environment; anything else leaves the outcome open. */
export function readCharge(body: unknown, live: boolean): Charge {
  const result = Charge.safeParse(body)
  if (!result.success) throw new Unanswered('Omise answered with something that is not a charge')
  if (result.data.livemode !== undefined && result.data.livemode !== live) {
    throw new Unanswered('Omise answered with a charge of the other environment')
  }
  return result.data
}

/** What a charge says about the attempt, in our words. `refunds` when there are more than the charge itself shows. */
export function foundIn(charge: Charge, refunds = charge.refunds?.data ?? []): Found {
  const state = stateOf(charge)
  const next = nextOf(charge, state)
  const taken = state === 'CAPTURED' || state === 'PARTIALLY_REFUNDED' || state === 'REFUNDED'
  const failed = state === 'FAILED' || state === 'CANCELED' || state === 'EXPIRED'
  return {
    state,
    // Whatever currency it names: the core compares it with the attempt's and holds what differs.
    money: { amount: charge.amount, currency: charge.currency.toUpperCase() as Currency },
    // A reversed or unknown charge may still say paid: what counts is money that stays until it is given back.
    captured: taken ? capturedOf(charge) : 0,
    refunded: taken ? (charge.refunded_amount ?? 0) : 0,
    refunds: refunds.map(({ id, amount, status, metadata }) => ({
      ref: id,
      opId: metadata?.operation ?? null,
      amount,
      state: refundState(status),
    })),
    ...disputeOf(charge),
    ...(failed && charge.failure_code ? { failureCode: codeOf(charge.failure_code) } : {}),
    refs: [
      { kind: 'charge', value: charge.id },
      ...(charge.source ? [{ kind: 'source', value: charge.source.id }] : []),
    ],
    ...(charge.paid_at ? { paidAt: new Date(charge.paid_at) } : {}),
    // Of a page or a card's authorisation it says when the platform gives up, long after us.
    ...(charge.source?.flow === 'offline' && charge.expires_at
      ? { expiresAt: new Date(charge.expires_at) }
      : {}),
    ...(next ? { next } : {}),
    said: [charge.status ?? 'no status', charge.failure_code].filter(Boolean).join(': '),
  }
}

/** A bare name says only that there is one: it waits for the shop until the platform says else. */
function disputeOf({ dispute }: Charge): Pick<Found, 'dispute'> {
  if (!dispute) return {}
  const status = typeof dispute === 'string' ? 'open' : dispute.status
  return { dispute: status === 'pending' || status === 'won' || status === 'lost' ? status : 'open' }
}

/** What the customer does next, as far as the charge says. */
export function nextOf(charge: Charge, state = stateOf(charge)): Next | undefined {
  if (state === 'CAPTURED' || state === 'AUTHORIZED') return { kind: 'paid' }
  if (state !== 'PENDING') return undefined
  const code = charge.source?.scannable_code
  if (code?.image && isAddress(code.image.download_uri) && charge.expires_at) {
    return {
      kind: 'qr',
      image: code.image.download_uri,
      ...(code.raw_data ? { payload: code.raw_data } : {}),
      expiresAt: charge.expires_at,
    }
  }
  if (!charge.authorize_uri || !isAddress(charge.authorize_uri)) return undefined
  const outside = charge.source?.flow === 'app_redirect'
  return { kind: 'redirect', url: charge.authorize_uri, ...(outside && { outside }) }
}

const isAddress = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text)

export const refundState = (status: string | null | undefined): 'SUCCEEDED' | 'PENDING' | 'FAILED' =>
  status === 'pending' ? 'PENDING' : status === 'failed' ? 'FAILED' : 'SUCCEEDED'

const codeOf = (code: string): string => code.toLowerCase().replace(/[^a-z0-9_]/g, '_')

const isPaid = (charge: Charge): boolean => charge.paid === true || charge.captured === true
const capturedOf = (charge: Charge): number =>
  isPaid(charge) ? (charge.captured_amount ?? charge.amount) : 0

/**
 * charge.status in our words. A pre-authorisation that was captured in part is successful, too: the core compares
 * what was captured. A reversed charge may still say paid; reversed wins, and what was taken has gone back.
 */
function stateOf(charge: Charge): PaymentState {
  if (charge.status === 'reversed' || charge.reversed || charge.voided) return undone(charge)
  switch (charge.status) {
    case 'successful':
      return isPaid(charge) ? paid(charge) : charge.authorized ? 'AUTHORIZED' : 'UNKNOWN'
    case 'failed':
      return 'FAILED'
    case 'expired':
      return 'EXPIRED'
    case 'pending':
      return isPaid(charge)
        ? paid(charge)
        : charge.authorized && charge.capture === false
          ? 'AUTHORIZED'
          : 'PENDING'
    case null:
    case undefined:
      return stateByFlags(charge)
    default:
      return 'UNKNOWN'
  }
}

/** Bodies of old versions have no status at all. */
function stateByFlags(charge: Charge): PaymentState {
  if (charge.expired) return 'EXPIRED'
  if (charge.failure_code) return 'FAILED'
  if (isPaid(charge)) return paid(charge)
  return charge.authorized ? 'AUTHORIZED' : 'PENDING'
}

function paid(charge: Charge): PaymentState {
  const refunded = charge.refunded_amount ?? 0
  if (refunded === 0) return 'CAPTURED'
  return refunded >= capturedOf(charge) ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
}

function undone(charge: Charge): PaymentState {
  const captured = capturedOf(charge)
  return captured > 0 && (charge.refunded_amount ?? 0) >= captured ? 'REFUNDED' : 'CANCELED'
}
