import { randomUUID } from 'node:crypto'
import mongoose from 'mongoose'
import { type Customer, Customers } from '../../models/customer.ts'
import { type Order, Orders } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { now } from '../../server/database/index.ts'
import { anAttempt, anOrder } from '../../test/support/bare-orders.ts'

const money = { amount: 30_050, currency: 'THB' as const }

/** An attempt beside an order that waits for it, as the platform of `bare/payments.ts` knows it. */
export interface Waiting {
  customer: Customer
  order: Order
  payment: Payment
}

/**
 * Stores so many orders of as many customers that wait for their money, each with an attempt that its gateway knows.
 * `aged` says of each, by its number, how old it is and when it is polled next.
 */
export async function makeWaiting(
  count: number,
  aged: (index: number) => Pick<Payment, 'createdAt' | 'expiresAt' | 'checkAt'>,
): Promise<Payment[]> {
  const order = await anOrder(money)
  const model = await anAttempt(order, { gateway: 'omise', method: 'promptpay' }, { state: 'PENDING' })
  await Orders.deleteOne({ _id: order._id })
  await Payments.deleteOne({ _id: model._id })
  const made: Payment[] = []
  for (let from = 0; from < count; from += 1000) {
    const some = Array.from({ length: Math.min(1000, count - from) }, (_, index) =>
      waiting(order, model, from + index, aged(from + index)),
    )
    await Customers.collection.insertMany(some.map(({ customer }) => customer))
    await Orders.collection.insertMany(some.map((one) => one.order))
    await Payments.collection.insertMany(some.map(({ payment }) => payment))
    made.push(...some.map(({ payment }) => payment))
  }
  return made
}

/** The id of the attempt of a number: whoever lists them need not read them first. */
export const idOf = (index: number): string => `b${index.toString(16).padStart(23, '0')}`

function waiting(order: Order, model: Payment, index: number, age: Partial<Payment>): Waiting {
  const [mine, theirs] = [new mongoose.Types.ObjectId(), new mongoose.Types.ObjectId()]
  const _id = new mongoose.Types.ObjectId(idOf(index))
  const regNo = `W-${index}`
  return {
    customer: someone(theirs, 1_000_000 + index),
    order: {
      ...order,
      _id: mine,
      customer: theirs,
      number: 1_000_000 + index,
      regNo,
      deadline: age.expiresAt ?? null,
    },
    payment: {
      ...model,
      ...age,
      _id,
      order: mine,
      orderRegNo: regNo,
      customer: theirs,
      key: String(_id).padEnd(32, 'k'),
      refs: [{ kind: 'charge', value: `chrg_test_${_id}` }],
    },
  }
}

function someone(_id: Customer['_id'], number: number): Customer {
  const at = now()
  return {
    _id,
    number,
    guid: randomUUID(),
    username: `c-${number}`,
    domain: 'CUSTOMER',
    status: 'WAITING_FOR_PAYMENT',
    name: 'Customer',
    picture: null,
    email: null,
    phone: null,
    language: 'th',
    identities: [{ channel: 'line', externalId: String(_id), reachable: true }],
    addresses: [],
    notes: '',
    labels: [],
    createdAt: at,
    updatedAt: at,
  }
}
