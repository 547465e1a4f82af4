import { z } from 'zod'
import type { Order } from '../../../models/order.ts'
import { expectState } from '../../order/index.ts'
import { action } from '../action.ts'
import { ContextChanged } from '../conflict.ts'
import type { Change } from '../contract.ts'
import { refresh } from '../refresh.ts'

const Shown = {
  items: z.array(
    z.object({ productId: z.string().max(40).nullable(), quantity: z.int(), unitPrice: z.int() }),
  ),
  total: z.int(),
  address: z.record(z.string(), z.unknown()).nullish(),
  delivery: z
    .object({
      type: z.string(),
      companyName: z.string().nullish(),
      pointId: z.string().nullish(),
      slotId: z.string().nullish(),
      cost: z.int().optional(),
    })
    .nullish(),
  payment: z.object({ gateway: z.string(), method: z.string() }).nullish(),
}
type Shown = z.output<z.ZodObject<typeof Shown>>

export const verifyOrderContext = action({
  name: 'VERIFY_ORDER_CONTEXT',
  summary: 'Compares what the page shows with what is: 409 names every difference, line by line',
  data: Shown,
  anyVersion: true,
  async run({ order: before, data }) {
    expectState(before, ['DRAFT'], 'confirming it')
    const { order, changes } = await refresh(before)
    const all = [...changes, ...differences(order, data, changes)]
    if (all.length) throw new ContextChanged('order.context', all)
    return { order }
  },
})

/** What the page shows otherwise than the order has it, beyond what is told already. */
function differences(order: Order, shown: Shown, told: Change[]): Change[] {
  const changes: Change[] = []
  const known = (change: Change) =>
    told.some(({ field, name }) => field === change.field && name === change.name)
  const add = (change: Change) => {
    if (!known(change)) changes.push(change)
  }
  const shownItems = new Map<string, { quantity: number; unitPrice: number }>()
  for (const { productId, quantity, unitPrice } of shown.items) {
    const key = keyOf(productId, unitPrice)
    shownItems.set(key, { quantity: (shownItems.get(key)?.quantity ?? 0) + quantity, unitPrice })
  }
  for (const [key, { name, quantity, unitPrice, productId }] of orderItems(order)) {
    const item = shownItems.get(key)
    shownItems.delete(key)
    if (item?.quantity === quantity) continue
    if (item) add({ field: 'quantity', name, from: item.quantity, to: quantity })
    else {
      const other = [...shownItems].find(([one]) => one.startsWith(`${productId} `))
      if (other) {
        shownItems.delete(other[0])
        add({ field: 'price', name, from: other[1].unitPrice, to: unitPrice })
      } else add({ field: 'line_added', name, from: null, to: quantity })
    }
  }
  for (const { quantity } of shownItems.values()) add({ field: 'line_removed', from: quantity, to: 0 })
  if (shown.total !== order.totals.total) add({ field: 'total', from: shown.total, to: order.totals.total })
  if (shown.address && !sameAddress(shown.address, order)) add({ field: 'address' })
  changes.push(...deliveryDifferences(order, shown.delivery))
  const [part] = order.parts
  const { payment } = shown
  if (payment && (payment.gateway !== part?.gateway || payment.method !== part?.method)) {
    add({ field: 'payment', from: payment.method, to: part?.method ?? null })
  }
  return changes
}

const keyOf = (productId: string | null, unitPrice: number): string => `${productId} ${unitPrice}`

function orderItems(order: Order) {
  const items = new Map<
    string,
    { name: string; quantity: number; unitPrice: number; productId: string | null }
  >()
  for (const { product, name, quantity, unitPrice } of order.lines) {
    const productId = product && String(product)
    const key = keyOf(productId, unitPrice)
    items.set(key, { name, unitPrice, productId, quantity: quantity + (items.get(key)?.quantity ?? 0) })
  }
  return items
}

function sameAddress(shown: Record<string, unknown>, order: Order): boolean {
  const address: Record<string, unknown> = { ...order.address }
  const keys = new Set([...Object.keys(shown), ...Object.keys(address)])
  return [...keys].every((key) => (shown[key] || undefined) === (address[key] || undefined))
}

function deliveryDifferences(order: Order, shown: Shown['delivery']): Change[] {
  if (!shown) return []
  const { delivery } = order
  if (!delivery || shown.type !== delivery.type) {
    return [{ field: 'delivery', from: shown.companyName ?? shown.type, to: delivery?.companyName ?? null }]
  }
  const changes: Change[] = []
  if (shown.companyName && shown.companyName !== delivery.companyName) {
    changes.push({ field: 'delivery', from: shown.companyName, to: delivery.companyName })
  }
  if (shown.cost !== undefined && shown.cost !== delivery.cost) {
    changes.push({ field: 'delivery_cost', from: shown.cost, to: delivery.cost })
  }
  if (shown.slotId && shown.slotId !== String(delivery.slot)) changes.push({ field: 'slot' })
  return changes
}
