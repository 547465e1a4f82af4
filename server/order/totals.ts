import { leastOf } from '../../models/money.ts'
import type { Order, OrderLine, Totals } from '../../models/order.ts'
import { AppError } from '../http/index.ts'

/** Minor units, far beyond any order; tax and shares of it are still counted exactly. */
const mostMoney = 1_000_000_000_000

/** What a line costs after its own discount, minor units. */
export const lineTotal = (line: OrderLine): number =>
  line.unitPrice * line.quantity - Math.min(line.discount?.amount ?? 0, line.unitPrice * line.quantity)

/** Adds an order up. `vatPercent` is contained in the prices: 107 with 7 % contains 7. Throws beyond `mostMoney`. */
export function computeTotals(
  order: Pick<Order, 'currency' | 'lines' | 'discount' | 'delivery'>,
  vatPercent: number,
): Totals {
  const items = order.lines.reduce((sum, line) => sum + lineTotal(line), 0)
  const discount = Math.min(order.discount?.amount ?? 0, items)
  const delivery = order.delivery?.cost ?? 0
  const total = items - discount + delivery
  if (items + delivery > mostMoney) {
    throw new AppError('order.too_many', 'An order cannot be worth so much. Split it into several.')
  }
  const least = leastOf(order.currency)
  const vat = Math.round((total * vatPercent) / (100 + vatPercent) / least) * least
  return { items, discount, delivery, total, vat }
}

/** Minor units of goods that a courier's rules look at. */
export const goodsValue = (order: Pick<Order, 'lines' | 'discount'>): number => {
  const items = order.lines.reduce((sum, line) => sum + lineTotal(line), 0)
  return items - Math.min(order.discount?.amount ?? 0, items)
}
