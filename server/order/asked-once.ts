import { type Order, Orders } from '../../models/order.ts'
import { isDuplicate } from '../database/index.ts'

/**
 * Opens the order that a client has given an id of its own: asked again, after an answer that was lost or at the same
 * moment, it is the same order.
 */
export async function askedOnce(
  customer: Order['customer'],
  clientId: string,
  place: () => Promise<Order>,
): Promise<Order> {
  // Also one that is still on its way to a majority: its place is taken.
  const find = () => Orders.collection.findOne<Order>({ customer, clientId }, { readConcern: 'local' })
  const known = await find()
  if (known) return known
  try {
    return await place()
  } catch (error) {
    const first = isDuplicate(error) ? await find() : null
    if (!first) throw error
    return first
  }
}
