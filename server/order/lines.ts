import type { Currency } from '../../models/money.ts'
import type { OrderLine } from '../../models/order.ts'
import type { Product } from '../../models/store.ts'
import { AppError } from '../http/index.ts'
import { priceOf } from '../store/index.ts'

/** More than anybody buys; an order is one document. */
export const mostLines = 200
const mostPieces = 10_000

/** A line of a product as it is sold now. Throws where it has no price in the order's currency. */
export function productLine(
  product: Product,
  { sku, ...line }: Pick<OrderLine, 'number' | 'quantity' | 'discount'> & { sku: string },
  currency: Currency,
): OrderLine {
  const unitPrice = priceOf(product, sku, currency)
  if (unitPrice === null) {
    throw new AppError(
      'product.no_price',
      `${product.name} has no price in ${currency}. Add one, or take another.`,
    )
  }
  const variant = product.variants.find((one) => one.sku === sku)
  return {
    ...line,
    product: product._id,
    productNumber: product.number,
    variant: sku,
    kind: product.kind,
    name: variant?.name ? `${product.name} · ${variant.name}` : product.name,
    image: product.images[0] ?? null,
    unitPrice,
  }
}

/** Refuses an order that would grow past what one holds. */
export function allowLines(lines: Pick<OrderLine, 'quantity'>[]): void {
  if (lines.length > mostLines) {
    throw new AppError('order.too_long', `An order holds at most ${mostLines} lines. Open another one.`, {
      details: { most: mostLines },
    })
  }
  if (lines.some(({ quantity }) => quantity > mostPieces)) {
    throw new AppError('order.too_many', `A line holds at most ${mostPieces} pieces.`, {
      details: { most: mostPieces },
    })
  }
}
