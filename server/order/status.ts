import type { ClientSession, Types } from 'mongoose'
import { type Order, Orders } from '../../models/order.ts'
import { setCustomerStatus } from '../customer/index.ts'

/** Whether a payment was ever tried: each attempt is stored with this step, and no attempt without it. */
export const hasAttempts = ({ history }: Pick<Order, 'history'>): boolean =>
  history.some(({ to }) => to === 'AWAITING_PAYMENT')

/**
 * Sets the customer's status from all of their orders: WAITING_FOR_PAYMENT while one that they have opened is unpaid,
 * else FOLLOW. The most pressing order counts.
 */
export async function refreshStatus(session: ClientSession, customer: Types.ObjectId): Promise<void> {
  const waiting = await Orders.collection.findOne(
    {
      customer,
      $or: [
        { state: 'DRAFT', page: { $type: 'object' } },
        { state: { $in: ['AWAITING_PAYMENT', 'MANUAL_REVIEW'] } },
      ],
    },
    // By the customer's own orders: those that wait to be paid may be many.
    { session, projection: { _id: 1 }, hint: { customer: 1, createdAt: -1 } },
  )
  await setCustomerStatus(session, customer, waiting ? 'WAITING_FOR_PAYMENT' : 'FOLLOW')
}
