import type { Types } from 'mongoose'
import type { Order } from '../../models/order.ts'
import type { Product } from '../../models/store.ts'
import { shopSettings } from '../shop/index.ts'
import { askedOnce } from './asked-once.ts'
import { cardOf, publishCard } from './card.ts'
import { allowLines, productLine } from './lines.ts'
import { asNew, findWho, newOrder, open, type Who } from './open.ts'
import { computeTotals } from './totals.ts'

interface Wish {
  product: Product
  sku: string
  quantity: number
  /** The customer's own name of this wish: the same again is the same order. */
  clientId: string
}

/**
 * A customer orders one thing at once, beside whatever lies in their cart. The order is opened as a confirmed cart is,
 * in the shop's currency, and its card goes into the chat.
 */
export async function orderAtOnce(conversation: Types.ObjectId, wish: Wish): Promise<Order> {
  const who = await findWho(conversation)
  return askedOnce(who.customer._id, wish.clientId, () => place(who, wish))
}

async function place(who: Who, { product, sku, quantity, clientId }: Wish): Promise<Order> {
  const { currency, vatPercent } = await shopSettings()
  const draft = await newOrder(who, 'customer', currency)
  const line = { sku, number: draft.nextLine, quantity, discount: null }
  const lines = [productLine(product, line, currency)]
  allowLines(lines)
  const totals = computeTotals({ ...draft, lines }, vatPercent)
  const order = { ...draft, clientId, lines, nextLine: draft.nextLine + 1, totals }
  return open(who.customer, { openedBy: 'customer', card: cardOf(order) }, asNew(order), (session) =>
    publishCard(session, order, 'customer'),
  )
}
