import type { OrderView } from '../../../server/pipeline/contract.ts'
import type { Step } from './steps.ts'

/** Which page the order calls for. `look`: the checkout, while a payment is open and nothing may be changed. */
export type Stage = 'checkout' | 'look' | 'pay' | 'result'

export function stageOf(
  order: OrderView,
  where: {
    /** On the address that banks send people back to. */
    isReturn: boolean
    mayAct: boolean
    step: Step
    /** The customer has seen how the last attempt ended, and goes on. */
    again: boolean
  },
): Stage {
  if (!where.mayAct) return where.isReturn ? 'result' : 'checkout'
  if (order.state === 'AWAITING_PAYMENT') return where.step === 'pay' || where.isReturn ? 'pay' : 'look'
  if (order.state !== 'DRAFT') return 'result'
  if (where.again || !order.attempt) return 'checkout'
  if (hasExpiredQr(order)) return 'pay'
  return where.isReturn ? 'result' : 'checkout'
}

/** Whoever opens the page while a payment is open finds that payment. */
export const firstStep = (order: OrderView): Step => (order.state === 'AWAITING_PAYMENT' ? 'pay' : 'checkout')

/** The QR has run out, and a new one is one tap away. The gateway's step is gone with the attempt. */
export const hasExpiredQr = ({ state, attempt, payment }: OrderView): boolean =>
  state === 'DRAFT' &&
  attempt?.state === 'EXPIRED' &&
  (attempt.next?.kind === 'qr' || payment?.method.startsWith('promptpay') === true)
