import type { Faults } from '../faults.ts'
import { platform } from './knobs.ts'
import type { PaymentRecord, RefundRecord } from './store.ts'

const time = (at: number): string => new Date(at).toISOString()
const rubles = (kopecks: number, currency = 'RUB') => ({
  value: `${Math.floor(kopecks / 100)}.${String(kopecks % 100).padStart(2, '0')}`,
  currency,
})

/** Where the simulated bank asks the customer; the QR leads there too, as the real one to the bank's app. */
export const pageOf = ({ id }: PaymentRecord, baseUrl: string): string => `${baseUrl}/sbp/pay/${id}`

/** A payment as the knobs have the platform show it. */
export function paymentBody(payment: PaymentRecord, baseUrl: string, faults: Faults) {
  const knob = <T extends boolean | number | string>(name: string) => faults.get<T>(platform, name)
  const currency = knob<string>('currencyShown') || 'RUB'
  const paid = payment.status === 'succeeded'
  const waits = payment.status === 'pending'
  const page = pageOf(payment, baseUrl)
  return {
    id: payment.id,
    status: knob<string>('statusShown') || payment.status,
    paid,
    amount: rubles(payment.amount + knob<number>('amountOffBy'), currency),
    ...(paid ? { income_amount: rubles(Math.round(payment.amount * 0.993), currency) } : {}),
    description: payment.description,
    recipient: { account_id: '100500', gateway_id: '100700' },
    payment_method: { type: 'sbp', id: payment.id, saved: false, status: 'inactive' },
    ...(paid ? { captured_at: time(payment.capturedAt ?? payment.createdAt) } : {}),
    created_at: time(payment.createdAt),
    ...(waits
      ? {
          confirmation:
            payment.confirmation === 'qr'
              ? { type: 'qr', confirmation_data: page }
              : { type: 'redirect', return_url: payment.returnUrl, confirmation_url: page },
          expires_at: time(payment.expiresAt),
        }
      : {}),
    test: !knob<boolean>('livePayment'),
    ...(paid ? { refunded_amount: rubles(payment.refunded, currency) } : {}),
    refundable: paid && payment.refunded < payment.amount,
    metadata: payment.metadata,
    ...(payment.canceledBecause ? { cancellation_details: payment.canceledBecause } : {}),
  }
}

export const refundBody = (refund: RefundRecord) => ({
  id: refund.id,
  payment_id: refund.payment,
  status: 'succeeded',
  created_at: time(refund.createdAt),
  amount: rubles(refund.amount),
  ...(refund.description ? { description: refund.description } : {}),
})
