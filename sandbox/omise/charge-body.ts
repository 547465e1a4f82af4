import { cardBody, disputeBody, innerList, time } from './bodies.ts'
import type { ChargeRecord, DisputeRecord, Json, RefundRecord, SourceRecord } from './records.ts'

const timeOrNull = (at: number | null): string | null => (at === null ? null : time(at))

export function sourceBody(source: SourceRecord, charge: ChargeRecord | null, baseUrl: string): Json {
  return {
    object: 'source',
    id: source.id,
    livemode: false,
    location: `/sources/${source.id}`,
    amount: source.amount,
    barcode: null,
    bank: null,
    created_at: time(source.createdAt),
    currency: source.currency,
    email: null,
    flow: source.flow,
    installment_term: null,
    ip: '127.0.0.1',
    absorption_type: null,
    name: null,
    mobile_number: null,
    phone_number: null,
    platform_type: null,
    scannable_code: charge?.document ? barcodeBody(charge, charge.document, baseUrl) : null,
    qr_settings: null,
    billing: null,
    shipping: null,
    items: [],
    references: null,
    provider_references: charge
      ? { reference_number_1: charge.payment, reference_number_2: null, payment_channel: null }
      : null,
    store_id: null,
    store_name: null,
    terminal_id: null,
    type: source.type,
    zero_interest_installments: null,
    charge_status: charge?.status ?? 'unknown',
    receipt_amount: null,
    discounts: [],
    promotion_code: null,
    ...source.fields,
  }
}

function barcodeBody(
  charge: ChargeRecord,
  document: NonNullable<ChargeRecord['document']>,
  baseUrl: string,
): Json {
  const location = `/charges/${charge.id}/documents/${document.id}`
  return {
    object: 'barcode',
    type: 'qr',
    image: {
      object: 'document',
      livemode: false,
      id: document.id,
      deleted: false,
      filename: `qrcode.${document.format}`,
      location,
      kind: 'qr',
      download_uri: `${baseUrl}${location}/downloads/${document.secret}`,
      created_at: time(charge.createdAt),
    },
    raw_data: null,
  }
}

export const refundBody = (refund: RefundRecord, charge: ChargeRecord): Json => ({
  object: 'refund',
  id: refund.id,
  location: `/charges/${charge.id}/refunds/${refund.id}`,
  livemode: false,
  voided: refund.voided,
  currency: charge.currency,
  amount: refund.amount,
  metadata: refund.metadata,
  charge: charge.id,
  capture: null,
  terminal: null,
  transaction: refund.transaction,
  status: refund.voided ? 'voided' : 'closed',
  funding_amount: refund.amount,
  funding_currency: charge.currency,
  created_at: time(refund.createdAt),
  acquirer_reference_number: null,
  approval_code: null,
})

export const refundedAmount = (charge: ChargeRecord): number =>
  charge.refunds.reduce((sum, refund) => sum + refund.amount, 0)

/** A card payment of the last day that nothing was given back of can still be undone instead of refunded. */
export const canVoid = (charge: ChargeRecord, now: number): boolean =>
  charge.paidAt !== null && charge.card !== null && !charge.refunds.length && now - charge.paidAt < 86_400_000

export function chargeBody(
  charge: ChargeRecord,
  source: SourceRecord | null,
  baseUrl: string,
  now: number,
  dispute?: DisputeRecord,
): Json {
  const paid = charge.paidAt !== null
  const authorized = charge.authorizedAt !== null
  const refunded = refundedAmount(charge)
  const refundable = paid && !charge.voided && refunded < charge.capturedAmount && source?.type !== 'econtext'
  const moved = paid ? charge.capturedAmount : charge.amount
  // 3.65 % for cards and 1.65 % for the rest, with 7 % VAT on it.
  const fee = Math.round((moved * (charge.card ? 365 : 165)) / 10_000)
  const vat = Math.round((fee * 7) / 100)
  const waiting = charge.status === 'pending'
  return {
    object: 'charge',
    id: charge.id,
    location: `/charges/${charge.id}`,
    amount: charge.amount,
    // As in real answers: these three appear with the money, and are missing from charges that never had any.
    ...(paid || charge.authorizationType !== null
      ? {
          authorization_type: charge.authorizationType,
          authorized_amount: charge.authorizedAmount,
          captured_amount: charge.capturedAmount,
        }
      : {}),
    acquirer_reference_number: null,
    net: moved - fee - vat,
    fee,
    fee_vat: vat,
    interest: 0,
    interest_vat: 0,
    funding_amount: moved,
    refunded_amount: refunded,
    transaction_fees: { fee_flat: '0.0', fee_rate: charge.card ? '3.65' : '1.65', vat_rate: '7.0' },
    platform_fee: { fixed: null, amount: null, percentage: null },
    currency: charge.currency,
    funding_currency: charge.currency,
    ip: charge.ip,
    refunds: innerList(
      charge.refunds.map((refund) => refundBody(refund, charge)),
      `/charges/${charge.id}/refunds`,
      now,
    ),
    link: null,
    description: charge.description,
    metadata: charge.metadata,
    card: charge.card ? cardBody(charge.card) : null,
    source: source ? sourceBody(source, charge, baseUrl) : null,
    schedule: null,
    linked_account: null,
    customer: charge.customer,
    dispute: dispute ? disputeBody(dispute, now) : null,
    transaction: charge.transaction,
    failure_code: charge.failure?.code ?? null,
    failure_message: charge.failure?.message ?? null,
    merchant_advice: null,
    merchant_advice_code: null,
    missing_3ds_fields: [],
    status: charge.status,
    authorize_uri:
      charge.returnUri && !charge.document ? `${baseUrl}/payments/${charge.payment}/authorize` : null,
    return_uri: charge.returnUri,
    created_at: time(charge.createdAt),
    paid_at: timeOrNull(charge.paidAt),
    authorized_at: timeOrNull(charge.authorizedAt),
    expires_at: time(charge.expiresAt),
    expired_at: timeOrNull(charge.expiredAt),
    reversed_at: timeOrNull(charge.reversedAt),
    multi_capture: false,
    zero_interest_installments: charge.zeroInterest,
    branch: null,
    terminal: null,
    device: null,
    authorized,
    capturable: waiting && authorized && !charge.capture,
    capture: charge.capture,
    disputable: paid,
    livemode: false,
    refundable,
    partially_refundable: refundable,
    reversed: charge.reversedAt !== null,
    reversible: waiting && authorized,
    voided: charge.voided,
    paid,
    expired: charge.expiredAt !== null,
    can_perform_void: canVoid(charge, now),
    approval_code: null,
  }
}
