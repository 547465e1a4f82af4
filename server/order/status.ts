import type { ClientSession, Types } from 'mongoose'
import { Orders } from '../../models/order.ts'
import { setCustomerStatus } from '../customer/index.ts'

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
    { session, projection: { _id: 1 } },
  )
  await setCustomerStatus(session, customer, waiting ? 'WAITING_FOR_PAYMENT' : 'FOLLOW')
}
