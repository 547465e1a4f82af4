import type { ClientSession, Types } from 'mongoose'
import { type Order, Orders } from '../../models/order.ts'
import { setCustomerStatus } from '../customer/index.ts'
import { atEnd } from '../database/index.ts'

/** Whether a payment was ever tried: each attempt is stored with this step, and no attempt without it. */
export const hasAttempts = ({ history }: Pick<Order, 'history'>): boolean =>
  history.some(({ to }) => to === 'AWAITING_PAYMENT')

/**
 * Sets the customer's status from all of their orders, as the transaction leaves them: WAITING_FOR_PAYMENT while one
 * that they have opened is unpaid, else FOLLOW. The most pressing order counts.
 */
export const refreshStatus = (session: ClientSession, customer: Types.ObjectId): void =>
  atEnd(session, refreshAll, customer)

async function refreshAll(session: ClientSession, customers: Types.ObjectId[]): Promise<void> {
  const waiting = await Orders.collection
    .find<Pick<Order, 'customer'>>(
      {
        customer: { $in: customers },
        $or: [
          { state: 'DRAFT', page: { $type: 'object' } },
          { state: { $in: ['AWAITING_PAYMENT', 'MANUAL_REVIEW'] } },
        ],
      },
      // By the customers' own orders: those that wait to be paid may be many.
      { session, projection: { _id: 0, customer: 1 }, hint: { customer: 1, createdAt: -1 } },
    )
    .toArray()
  const areWaiting = new Set(waiting.map(({ customer }) => String(customer)))
  const statuses = Map.groupBy(customers, (customer) =>
    areWaiting.has(String(customer)) ? 'WAITING_FOR_PAYMENT' : 'FOLLOW',
  )
  for (const [status, ids] of statuses) await setCustomerStatus(session, ids, status)
}
