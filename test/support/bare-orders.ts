import { randomBytes } from 'node:crypto'
import mongoose from 'mongoose'
import type { Money } from '../../models/money.ts'
import { type Order, Orders } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { now } from '../../server/database/index.ts'

let number = 0

/** An order of one free-text line that waits for its money: nothing of it lies on a shelf. */
export async function anOrder({ amount, currency }: Money): Promise<Order> {
  number += 1
  const at = now()
  const order: Order = {
    _id: new mongoose.Types.ObjectId(),
    number,
    regNo: `B-${number}`,
    customer: new mongoose.Types.ObjectId(),
    conversation: null,
    channel: 'line',
    language: 'en',
    openedBy: 'staff',
    staff: null,
    openedAt: at,
    state: 'AWAITING_PAYMENT',
    version: 2,
    currency,
    lines: [
      {
        number: 1,
        product: null,
        productNumber: 0,
        variant: null,
        kind: 'GOODS',
        name: 'by hand',
        image: null,
        unitPrice: amount,
        quantity: 1,
      },
    ],
    nextLine: 2,
    address: null,
    addressSession: null,
    delivery: null,
    parts: [],
    discount: null,
    totals: { items: amount, discount: 0, delivery: 0, total: amount, vat: 0 },
    refunded: 0,
    deadline: new Date(at.getTime() + 86_400_000),
    holdsUntil: null,
    card: null,
    page: null,
    remindedAt: null,
    paidAt: null,
    cancelReason: null,
    note: '',
    history: [
      { from: null, to: 'DRAFT', version: 1, at, by: 'customer' },
      { from: 'DRAFT', to: 'AWAITING_PAYMENT', version: 2, at, by: 'customer' },
    ],
    createdAt: at,
    updatedAt: at,
  } as Order
  await Orders.collection.insertOne(order)
  return order
}

/** An attempt at paying it, stored and not asked for yet. */
export async function anAttempt(
  order: Order,
  { gateway, method }: { gateway: string; method: string },
  changes: Partial<Payment> = {},
): Promise<Payment> {
  const at = now()
  const payment: Payment = {
    _id: new mongoose.Types.ObjectId(),
    order: order._id,
    orderRegNo: order.regNo,
    customer: order.customer,
    part: 0,
    attemptNo: 1,
    open: true,
    gateway,
    method,
    amount: order.totals.total,
    currency: order.currency,
    captured: 0,
    refunded: 0,
    state: 'CREATED',
    key: randomBytes(24).toString('base64url'),
    refs: [],
    flags: {},
    failureCode: null,
    next: null,
    paidAt: null,
    expiresAt: new Date(at.getTime() + 15 * 60_000),
    checkAt: null,
    checks: 0,
    operations: [],
    evidence: [],
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
  await Payments.collection.insertOne(payment)
  return payment
}
