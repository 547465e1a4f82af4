import type { ItemInput } from '../api/orders.ts'
import type { LinesChange } from '../stores/order.ts'

/** One more of a product: on the line that has it, else on a new one. */
export const addProduct =
  ({ productId, sku }: { productId: string; sku: string }): LinesChange =>
  (items) => {
    const there = items.find((item) => item.productId === productId && item.sku === sku)
    if (!there) return [...items, { productId, sku, quantity: 1 }]
    return replace(items, there.number, { quantity: there.quantity + 1 })
  }

export const setQuantity =
  (number: number, quantity: number): LinesChange =>
  (items) =>
    replace(items, number, { quantity })

/** More or less by so much, of what is there when it is done: two quick taps are two pieces. */
export const addQuantity =
  (number: number, by: number): LinesChange =>
  (items) =>
    items.map((item) =>
      item.number === number ? { ...item, quantity: Math.max(1, item.quantity + by) } : item,
    )

export const removeLine =
  (number: number): LinesChange =>
  (items) =>
    items.filter((item) => item.number !== number)

/** Takes an amount off a line, or nothing any more with 0. */
export const setLineDiscount =
  (number: number, amount: number, reason: string): LinesChange =>
  (items) =>
    items.map((item) => {
      if (item.number !== number) return item
      const { discount: _, ...rest } = item
      return amount === 0 ? rest : { ...rest, discount: { amount, reason } }
    })

/** What is not in the catalogue: a name, a price and why. */
export const addFreeLine =
  (line: { name: string; unitPrice: number; quantity: number; reason: string }): LinesChange =>
  (items) => [...items, line]

const replace = (items: ItemInput[], number: number | undefined, change: Partial<ItemInput>) =>
  items.map((item) => (item.number === number ? { ...item, ...change } : item))
