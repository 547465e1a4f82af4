import type { Currency } from '../../models/money.ts'
import type { Product } from '../../models/store.ts'

/** What one piece of a variant costs, minor units; null when it is not sold in that currency. */
export function priceOf(
  product: Pick<Product, 'prices' | 'variants'>,
  sku: string,
  currency: Currency,
): number | null {
  const variant = product.variants.find((one) => one.sku === sku)
  if (!variant) return null
  return variant.prices?.[currency] ?? product.prices[currency] ?? null
}
