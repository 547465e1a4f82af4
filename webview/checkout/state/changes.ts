import type { Change, OrderView } from '../../../server/pipeline/contract.ts'

/** Refusals that the customer has to be told of before anything goes on: seed 1's alert. */
const alerting = /^(order\.(context|stale|no_|empty)|stock\.|delivery\.|payment\.method)/

/** A new state explains itself, for the page changes with it; changed contents do not. */
export const needsAlert = (code: string, changes: Change[]): boolean =>
  code !== 'payment.declined' && (alerting.test(code) || (changes.length > 0 && code !== 'order.state'))

/** What is no longer as it was, where the server names only that it was changed: staff edit at the same moment. */
export function differences(before: OrderView, after: OrderView): Change[] {
  const changes: Change[] = []
  const old = byGoods(before)
  for (const [goods, { name, quantity, unitPrice }] of byGoods(after)) {
    const was = old.get(goods)
    old.delete(goods)
    if (!was) changes.push({ field: 'line_added', name, from: null, to: quantity })
    else if (was.quantity !== quantity) {
      changes.push({ field: 'quantity', name, from: was.quantity, to: quantity })
    }
    if (was && was.unitPrice !== unitPrice) {
      changes.push({ field: 'price', name, from: was.unitPrice, to: unitPrice })
    }
  }
  for (const { name, quantity } of old.values()) {
    changes.push({ field: 'line_removed', name, from: quantity, to: 0 })
  }
  if (before.totals.discount !== after.totals.discount) {
    changes.push({ field: 'discount', from: before.totals.discount, to: after.totals.discount })
  }
  if (before.delivery && after.delivery && before.delivery.cost !== after.delivery.cost) {
    changes.push({ field: 'delivery_cost', from: before.delivery.cost, to: after.delivery.cost })
  }
  if (before.totals.total !== after.totals.total) {
    changes.push({ field: 'total', from: before.totals.total, to: after.totals.total })
  }
  return changes
}

/** Lines by what they are of: a line that was taken out and put back has another number, but is the same goods. */
function byGoods({ lines }: OrderView) {
  const goods = new Map<string, { name: string; quantity: number; unitPrice: number }>()
  for (const { productId, name, quantity, unitPrice } of lines) {
    const key = `${productId} ${name}`
    goods.set(key, { name, unitPrice, quantity: quantity + (goods.get(key)?.quantity ?? 0) })
  }
  return goods
}
