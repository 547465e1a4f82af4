import assert from 'node:assert/strict'
import { Outbox } from '../../models/broker.ts'
import { MoneyMovements } from '../../models/money-log.ts'
import { Orders } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { applyFound } from '../../server/payment/apply.ts'
import type { Found } from '../../server/payment/gateway.ts'
import { anAttempt, anOrder } from './bare-orders.ts'

export const price = 30_050

/** What a gateway says of an attempt at `price` that was paid. */
export const captured: Found = {
  state: 'CAPTURED',
  money: { amount: price, currency: 'THB' },
  captured: price,
  refunded: 0,
  refunds: [],
  refs: [],
  said: 'captured',
}

/** So many orders of `price` that wait for their money, each with an attempt. */
export const someAttempts = (count: number): Promise<Payment[]> =>
  Promise.all(
    Array.from({ length: count }, async () =>
      anAttempt(await anOrder({ amount: price, currency: 'THB' }), { gateway: 'omise', method: 'promptpay' }),
    ),
  )

export const settle = (payment: Payment): Promise<Payment> => applyFound(payment, captured, 'test')

/** The order is paid, once; the saga was asked once, and the money is in the log once. */
export async function expectPaidOnce({ _id, order }: Payment): Promise<void> {
  const paid = await Orders.findById(order).lean()
  assert.equal(paid?.state, 'PAID')
  assert.equal(paid.history.filter(({ to }) => to === 'PAID').length, 1)
  assert.equal((await Payments.findById(_id).lean())?.state, 'CAPTURED')
  assert.equal(await Outbox.countDocuments({ key: String(order), type: 'order.process' }), 1)
  assert.equal(await MoneyMovements.countDocuments({ payment: _id, kind: 'captured' }), 1)
}
