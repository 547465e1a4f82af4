import type { Payment } from '../../models/payment.ts'
import type { Slip } from '../../models/slip.ts'
import type { OrderView } from '../pipeline/contract.ts'
import type { Next, PaymentView, SlipView } from './contract.ts'
import { slipStateOf } from './gateways/promptpay/slip-refs.ts'
import { isOff } from './gateways.ts'
import { isUnfinished } from './operations.ts'
import { isOverdue } from './overdue.ts'

/** The attempt that the customer's page shows: the open one, else the one that brought money, else the last. */
export function attemptView(payments: Payment[]): OrderView['attempt'] {
  const shown =
    payments.find(({ open }) => open) ?? payments.find(({ captured }) => captured > 0) ?? payments.at(-1)
  if (!shown) return null
  // Where nobody would hear of the money, nobody is asked to pay.
  const deaf = shown.open && isOff(shown.gateway)
  const checking = deaf || shown.state === 'CREATED' || shown.state === 'UNKNOWN'
  return {
    state: shown.state,
    next: checking ? { kind: 'checking' } : (shown.next as Next | null),
    expiresAt: shown.expiresAt.toISOString(),
    failureCode: shown.failureCode,
    amount: shown.amount,
    ...slipOf(shown),
  }
}

/** Where the customer stands with a slip, where one is asked for. */
function slipOf({ gateway, refs }: Payment): { slip?: 'wanted' | 'waiting' | 'refused' } {
  if (gateway !== 'promptpay') return {}
  const state = slipStateOf(refs)
  return state === 'confirmed' ? {} : { slip: state ?? 'wanted' }
}

/** A slip as staff see it, beside its picture. */
export const slipView = (slip: Omit<Slip, 'bytes' | 'hash'>): SlipView => ({
  id: String(slip._id),
  state: slip.state,
  amount: slip.amount,
  bankReference: slip.bankReference,
  reason: slip.reason,
  decidedBy: slip.decidedBy,
  decidedAt: slip.decidedAt?.toISOString() ?? null,
  sentAt: slip.createdAt.toISOString(),
})

/** An attempt with everything that happened to it, for staff. */
export const paymentView = (payment: Payment): PaymentView => ({
  id: String(payment._id),
  attemptNo: payment.attemptNo,
  gateway: payment.gateway,
  method: payment.method,
  amount: payment.amount,
  currency: payment.currency,
  captured: payment.captured,
  refunded: payment.refunded,
  state: payment.state,
  flags: payment.flags,
  overdue: isOverdue(payment),
  off: isOff(payment.gateway) && (payment.open || payment.operations.some(isUnfinished)),
  failureCode: payment.failureCode,
  paidAt: payment.paidAt?.toISOString() ?? null,
  expiresAt: payment.expiresAt.toISOString(),
  createdAt: payment.createdAt.toISOString(),
  refs: payment.refs,
  refunds: payment.operations
    .filter(({ kind }) => kind === 'refund')
    .map(({ opId, amount, reason, state, by, approvedBy, declinedBy, alone, error, forStaff, at }) => ({
      opId,
      amount,
      reason,
      state,
      by,
      approvedBy: approvedBy ?? null,
      declinedBy: declinedBy ?? null,
      error: error ?? null,
      waitsForSecond: state === 'REQUESTED' && alone === false && !approvedBy,
      forStaff: forStaff === true && state !== 'SUCCEEDED',
      at: at.toISOString(),
    })),
  evidence: payment.evidence.map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest })),
})
