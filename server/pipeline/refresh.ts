import mongoose from 'mongoose'
import type { Order, OrderLine } from '../../models/order.ts'
import { type Product, Products } from '../../models/store.ts'
import { transaction } from '../database/index.ts'
import { releaseSlot } from '../delivery/index.ts'
import { announceOrder, changeOrder, computeTotals, requote } from '../order/index.ts'
import { shopSettings } from '../shop/index.ts'
import { begunEvents, priceOf, releaseHolds } from '../store/index.ts'
import type { Change } from './contract.ts'

/**
 * Brings an order up to date with the shop: prices, hidden products, the cost of delivery. What changed is written
 * and told; the customer agrees before anything is paid.
 */
export async function refresh(order: Order): Promise<{ order: Order; changes: Change[] }> {
  const settings = await shopSettings()
  const { lines, changes } = await currentLines(order)
  const delivery = await requote({ ...order, lines }, settings)
  if (order.delivery && delivery?.cost !== order.delivery.cost) {
    changes.push({ field: 'delivery_cost', from: order.delivery.cost, to: delivery?.cost ?? null })
  }
  if (!changes.length) return { order, changes }
  const totals = computeTotals({ ...order, lines, delivery }, settings.vatPercent)
  if (totals.total !== order.totals.total) {
    changes.push({ field: 'total', from: order.totals.total, to: totals.total })
  }
  const changed = await write(order, { lines, delivery, totals })
  announceOrder(changed)
  return { order: changed, changes }
}

/** What is no longer in the order is no longer held for it. */
async function write(
  order: Order,
  set: Required<Pick<Order, 'lines' | 'delivery' | 'totals'>>,
): Promise<Order> {
  const fewer = set.lines.length < order.lines.length || (order.delivery?.slot && !set.delivery?.slot)
  if (!order.holdsUntil || !fewer) return changeOrder(order, { by: 'shop', set })
  return transaction(async (session) => {
    const changed = await changeOrder(order, { by: 'shop', set: { ...set, holdsUntil: null } }, session)
    await releaseHolds(session, order._id)
    await releaseSlot(session, order._id)
    return changed
  })
}

async function currentLines(order: Order): Promise<{ lines: OrderLine[]; changes: Change[] }> {
  const products = await productsOf(order)
  const begun = await begunEvents(
    order.lines.flatMap(({ kind, product }) => (kind === 'TICKET' && product ? [product] : [])),
  )
  const changes: Change[] = []
  const lines = order.lines.flatMap((line) => {
    if (!line.product || !line.variant) return [line]
    if (begun.some((event) => event.equals(line.product))) {
      changes.push({ field: 'event_begun', name: line.name })
      return []
    }
    const product = products.get(String(line.product))
    const price = product && !product.hidden ? priceOf(product, line.variant, order.currency) : null
    if (price === null) {
      changes.push({ field: 'line_removed', name: line.name, from: line.quantity, to: 0 })
      return []
    }
    if (price === line.unitPrice) return [line]
    changes.push({ field: 'price', name: line.name, from: line.unitPrice, to: price })
    return [{ ...line, unitPrice: price }]
  })
  return { lines, changes }
}

async function productsOf(order: Order): Promise<Map<string, Product>> {
  const ids = order.lines.flatMap(({ product }) => (product ? [new mongoose.Types.ObjectId(product)] : []))
  const products = await Products.collection
    .find<Product>({ _id: { $in: ids } }, { projection: { prices: 1, variants: 1, hidden: 1 } })
    .toArray()
  return new Map(products.map((product) => [String(product._id), product]))
}
