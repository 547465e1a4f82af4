import type { CartLine, CartView } from '../../../server/catalogue/contract.ts'
import type { Change } from '../../../server/pipeline/contract.ts'

/**
 * What somebody else has done to the cart: staff edit it at the same moment. `mine` is the thing that this page has
 * just changed itself; nobody needs to be told of that.
 */
export function cartNews(before: CartView, after: CartView, mine: string | null): Change[] {
  if (before.orderId === null) return []
  const changes: Change[] = []
  const old = byGoods(before)
  for (const [goods, { name, quantity, unitPrice, sku }] of byGoods(after)) {
    const was = old.get(goods)
    old.delete(goods)
    const others = sku === null || sku !== mine
    if (!was) {
      if (others) changes.push({ field: 'line_added', name, from: null, to: quantity })
      continue
    }
    if (others && was.quantity !== quantity) {
      changes.push({ field: 'quantity', name, from: was.quantity, to: quantity })
    }
    if (was.unitPrice !== unitPrice)
      changes.push({ field: 'price', name, from: was.unitPrice, to: unitPrice })
  }
  for (const { name, quantity, sku } of old.values()) {
    if (sku === null || sku !== mine) changes.push({ field: 'line_removed', name, from: quantity, to: 0 })
  }
  return changes
}

/** Lines by what they are of: a thing on two lines is one thing. */
function byGoods({ lines }: CartView) {
  const goods = new Map<string, Pick<CartLine, 'name' | 'quantity' | 'unitPrice' | 'sku'>>()
  for (const { sku, name, quantity, unitPrice } of lines) {
    const key = sku ?? name
    goods.set(key, { sku, name, unitPrice, quantity: quantity + (goods.get(key)?.quantity ?? 0) })
  }
  return goods
}
