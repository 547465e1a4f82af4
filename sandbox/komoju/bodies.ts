import type { EventRecord, Json, PaymentRecord, RefundRecord, SessionRecord } from './records.ts'

export const time = (at: number): string => new Date(at).toISOString()
const maybe = (at: number | null): string | null => (at === null ? null : time(at))

export const isExpired = (session: SessionRecord, now: number): boolean =>
  session.status === 'pending' && (session.expired || session.expiresAt <= now)

export function sessionBody(
  session: SessionRecord,
  payment: PaymentRecord | null,
  { now, baseUrl }: { now: number; baseUrl: string },
): Json {
  return {
    id: session.id,
    resource: 'session',
    mode: 'payment',
    amount: session.amount,
    currency: session.currency,
    session_url: `${baseUrl}/sessions/${session.id}`,
    return_url: session.returnUrl,
    default_locale: session.locale,
    payment_methods: session.methods.map((type) => ({ type })),
    created_at: time(session.createdAt),
    cancelled_at: maybe(session.cancelledAt),
    completed_at: maybe(session.completedAt),
    status: session.status,
    expired: isExpired(session, now),
    merchant: 'sandbox',
    metadata: session.metadata,
    email: session.email,
    payment_data: {
      external_order_num: session.externalOrderNum,
      capture: session.capture,
      name: session.name,
      description: session.description,
    },
    ...(payment ? { payment: paymentBody(payment, baseUrl) } : {}),
  }
}

/** Minor units that were given back. */
export const refundedOf = ({ refunds }: PaymentRecord): number =>
  refunds.reduce((sum, { amount }) => sum + amount, 0)

export function paymentBody(payment: PaymentRecord, baseUrl: string): Json {
  return {
    id: payment.id,
    resource: 'payment',
    status: payment.status,
    amount: payment.amount,
    tax: 0,
    customer: null,
    payment_deadline: maybe(payment.deadline),
    payment_details: detailsOf(payment, baseUrl),
    payment_method_fee: payment.fee,
    total: payment.amount + payment.fee,
    currency: payment.currency,
    description: payment.description,
    captured_at: maybe(payment.capturedAt),
    external_order_num: payment.externalOrderNum,
    metadata: payment.metadata,
    created_at: time(payment.createdAt),
    amount_refunded: refundedOf(payment),
    locale: 'ja',
    session: payment.session,
    customer_family_name: null,
    customer_given_name: null,
    mcc: null,
    statement_descriptor: null,
    refunds: payment.refunds.map((refund) => refundBody(refund, payment)),
    refund_requests: [],
    ...(payment.failure ? { error: { code: payment.failure } } : {}),
  }
}

function detailsOf({ id, card, konbini }: PaymentRecord, baseUrl: string): Json {
  if (konbini) {
    const { store, email, confirmationCode, receipt } = konbini
    return {
      type: 'konbini',
      store,
      email,
      confirmation_code: confirmationCode,
      receipt,
      instructions_url: `${baseUrl}/instructions/${id}`,
    }
  }
  return { type: 'credit_card', brand: card?.brand ?? null, last_four_digits: card?.lastDigits ?? null }
}

const refundBody = ({ id, amount, description, createdAt }: RefundRecord, payment: PaymentRecord): Json => ({
  id,
  resource: 'refund',
  amount,
  currency: payment.currency,
  payment: payment.id,
  description,
  created_at: time(createdAt),
  chargeback: false,
})

export const eventBody = ({ id, type, data, createdAt }: EventRecord): Json => ({
  id,
  type,
  resource: 'event',
  data,
  created_at: time(createdAt),
  reason: null,
})

/** One page of a list, newest first, as all lists of the platform are. */
export function listBody<T>(all: T[], page: number, perPage: number, body: (record: T) => Json): Json {
  const newestFirst = all.toReversed()
  return {
    resource: 'list',
    total: all.length,
    page,
    per_page: perPage,
    last_page: Math.max(1, Math.ceil(all.length / perPage)),
    data: newestFirst.slice((page - 1) * perPage, page * perPage).map(body),
  }
}
