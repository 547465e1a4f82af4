import type { Types } from 'mongoose'
import type { Order } from '../../models/order.ts'
import type { Product } from '../../models/store.ts'
import { shopSettings } from '../shop/index.ts'
import { cardOf, publishCard } from './card.ts'
import { allowLines, productLine } from './lines.ts'
import { asNew, findWho, newOrder, open } from './open.ts'
import { computeTotals } from './totals.ts'

/**
 * A customer orders one thing at once, beside whatever lies in their cart. The order is opened as a confirmed cart is,
 * in the shop's currency, and its card goes into the chat.
 */
export async function orderAtOnce(
  conversation: Types.ObjectId,
  { product, sku, quantity }: { product: Product; sku: string; quantity: number },
): Promise<Order> {
  const { currency, vatPercent } = await shopSettings()
  const who = await findWho(conversation)
  const draft = await newOrder(who, 'customer', currency)
  const lines = [productLine(product, { sku, number: draft.nextLine, quantity, discount: null }, currency)]
  allowLines(lines)
  const totals = computeTotals({ ...draft, lines }, vatPercent)
  const order = { ...draft, lines, nextLine: draft.nextLine + 1, totals }
  return open(who.customer, { openedBy: 'customer', card: cardOf(order) }, asNew(order), (session) =>
    publishCard(session, order, 'customer'),
  )
}
