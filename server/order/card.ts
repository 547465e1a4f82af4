import { createHash } from 'node:crypto'
import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import { publish } from '../broker/index.ts'
import { now } from '../database/index.ts'
import { makeLink } from './links.ts'

/** What a card says: when this differs from what was sent, the card is out of date. */
export const digestOf = ({
  lines,
  discount,
  totals,
  currency,
}: Pick<Order, 'lines' | 'discount' | 'totals' | 'currency'>): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        lines.map(({ name, quantity, unitPrice, discount: off }) => [
          name,
          quantity,
          unitPrice,
          off?.amount ?? 0,
        ]),
        discount?.amount ?? 0,
        totals.items,
        currency,
      ]),
    )
    .digest('base64url')
    .slice(0, 16)

/** The card of an order as it is now, for its `card` field. */
export const cardOf = (order: Order): NonNullable<Order['card']> => ({
  sentAt: now(),
  digest: digestOf(order),
  message: null,
})

/** Has the order's card sent into its thread, by a new link, in the transaction that stores that it was. */
export async function publishCard(session: ClientSession, order: Order, by: string): Promise<void> {
  const orderId = String(order._id)
  const linkToken = await makeLink(order, session)
  await publish(session, 'order.card', orderId, { orderId, linkToken, digest: digestOf(order), by })
}
