import type { ClientSession } from 'mongoose'
import type { Customer } from '../../models/customer.ts'
import type { Currency } from '../../models/money.ts'
import type { Order } from '../../models/order.ts'
import type { Product } from '../../models/store.ts'
import { shopSettings } from '../shop/index.ts'
import { allowLines, productLine } from './lines.ts'
import { asNew, newOrder, open } from './open.ts'
import { computeTotals } from './totals.ts'

export interface Invoice {
  /** Given out before, and unique. */
  regNo: string
  currency: Currency
  items: { product: Product; sku: string; quantity: number }[]
  note: string
}

/**
 * An integration opens an order for somebody, complete with its lines and under a number of its own. It has no
 * conversation: nothing of it is said in a chat. `alongside` writes what belongs to it, in its transaction.
 */
export async function openInvoice(
  customer: Customer,
  { regNo, currency, items, note }: Invoice,
  by: string,
  alongside: (session: ClientSession, order: Order) => Promise<void>,
): Promise<Order> {
  allowLines(items)
  const { vatPercent } = await shopSettings()
  const draft = await newOrder({ conversation: null, customer }, by, currency)
  const lines = items.map(({ product, sku, quantity }, index) =>
    productLine(product, { sku, number: index + 1, quantity, discount: null }, currency),
  )
  const order: Order = { ...draft, regNo, note, lines, nextLine: lines.length + 1 }
  order.totals = computeTotals(order, vatPercent)
  return open(customer, { openedBy: 'customer' }, asNew(order), (session) => alongside(session, order))
}
