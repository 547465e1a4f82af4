import { randomUUID } from 'node:crypto'
import type { SandboxContext } from '../context.ts'
import { invalid, Refusal } from './errors.ts'
import type { NewPayment, NewRefund } from './input.ts'
import { platform as name } from './knobs.ts'
import { createStore, type PaymentRecord, type RefundRecord, type Store } from './store.ts'

const HOUR = 3600_000
const LEAST = 100
const MOST = 70_000_000

/** The shop's account at the platform: what it knows, and every change with the notification that tells of it. */
export interface Platform {
  store: Store
  now(): number
  payment(id: string): PaymentRecord
  create(input: NewPayment): PaymentRecord
  pay(payment: PaymentRecord): void
  refuse(payment: PaymentRecord, reason: string): void
  refund(input: NewRefund): RefundRecord
  /** Ends what nobody paid within the hour. */
  sweep(): void
}

type Tell = (event: string, about: PaymentRecord | RefundRecord) => void

export function createPlatform(
  { faults, clock, dataDir }: SandboxContext,
  { givesQr }: { givesQr: boolean },
  tell: Tell,
): Platform {
  const store = createStore(dataDir ? `${dataDir}/sbp.jsonl` : undefined)
  const now = () => clock.now()

  function find(id: string): PaymentRecord {
    const payment = store.payments.get(id)
    if (!payment) throw new Refusal(404, 'not_found', `Payment doesn't exist or access denied: ${id}`)
    return payment
  }

  function end(payment: PaymentRecord, reason: string, party = 'yoo_money') {
    payment.status = 'canceled'
    payment.canceledBecause = { party, reason }
    store.save('payments', payment)
    tell('payment.canceled', payment)
  }

  return {
    store,
    now,
    payment: find,
    create({ amount, confirmation, description, metadata }) {
      if (amount.currency !== 'RUB') throw invalid('SBP takes RUB only', 'amount.currency')
      if (amount.value < LEAST || amount.value > MOST) {
        throw invalid('Amount is out of the limits of the payment method', 'amount.value')
      }
      if (confirmation.type === 'qr' && !givesQr) {
        throw invalid('Confirmation type is not available for this shop', 'confirmation.type')
      }
      const at = now()
      const payment: PaymentRecord = {
        id: `${at.toString(16)}-${randomUUID().slice(9)}`,
        status: 'pending',
        amount: amount.value,
        refunded: 0,
        confirmation: confirmation.type,
        returnUrl: confirmation.return_url ?? null,
        description: description ?? null,
        metadata: metadata ?? {},
        canceledBecause: null,
        createdAt: at,
        expiresAt: at + HOUR,
        capturedAt: null,
      }
      store.save('payments', payment)
      if (faults.take<boolean>(name, 'refusedAtOnce')) end(payment, 'general_decline', 'payment_network')
      return payment
    },
    pay(payment) {
      const late = payment.status === 'canceled' && faults.take<boolean>(name, 'acceptLatePayment')
      if (payment.status !== 'pending' && !late) throw invalid(`Payment is ${payment.status}`)
      payment.status = 'succeeded'
      payment.canceledBecause = null
      payment.capturedAt = now()
      store.save('payments', payment)
      tell('payment.succeeded', payment)
    },
    refuse(payment, reason) {
      if (payment.status !== 'pending') throw invalid(`Payment is ${payment.status}`)
      end(payment, reason, 'payment_network')
    },
    refund({ payment_id: id, amount, description }) {
      const payment = store.payments.get(id)
      if (!payment) throw invalid("Payment doesn't exist or access denied", 'payment_id')
      if (payment.status !== 'succeeded') throw invalid('Payment is not refundable', 'payment_id')
      if (amount.currency !== 'RUB') throw invalid('Currency differs from the payment', 'amount.currency')
      if (amount.value < 1 || amount.value > payment.amount - payment.refunded) {
        throw invalid('Amount exceeds the amount that can be refunded', 'amount.value')
      }
      const refund: RefundRecord = {
        id: `${now().toString(16)}-${randomUUID().slice(9)}`,
        payment: id,
        amount: amount.value,
        description: description ?? null,
        createdAt: now(),
      }
      payment.refunded += amount.value
      store.save('refunds', refund)
      store.save('payments', payment)
      tell('refund.succeeded', refund)
      return refund
    },
    sweep() {
      for (const payment of store.payments.values()) {
        if (payment.status === 'pending' && payment.expiresAt <= now())
          end(payment, 'expired_on_confirmation')
      }
    },
  }
}
