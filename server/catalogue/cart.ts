import type { Order, OrderLine } from '../../models/order.ts'
import { type Product, Products } from '../../models/store.ts'
import { AppError } from '../http/index.ts'
import {
  type CatalogueLink,
  digestOf,
  findCart,
  findUnopened,
  findWho,
  lineTotal,
  makeLink,
  openCart,
  putInCart,
} from '../order/index.ts'
import type { Change } from '../pipeline/contract.ts'
import { ContextChanged, refreshOrder } from '../pipeline/index.ts'
import { availableFor, begunEvents, priceOf } from '../store/index.ts'
import type { CartLine, CartView, FilledCart } from './contract.ts'
import { findGoods } from './goods.ts'

/** The order that the customer of a link fills; null before the first thing is put in. */
export async function cartOf({ catalogue }: CatalogueLink): Promise<Order | null> {
  const { customer } = await findWho(catalogue.conversation)
  return findCart(catalogue.conversation, customer._id, catalogue.currency)
}

export interface Wish {
  productId: string
  sku: string
  /** Pieces wanted, and pieces that the page showed when it was asked. */
  quantity: number
  seen: number
}

/** Sets how many pieces of one thing the customer wants. */
export async function setQuantity(link: CatalogueLink, wish: Wish): Promise<Order> {
  const { productId, sku, quantity, seen } = wish
  const cart = await cartOf(link)
  const currency = cart?.currency ?? link.catalogue.currency
  // What is taken out again may have been hidden, or even deleted, meanwhile.
  const product = quantity > seen ? await findGoods(productId, currency) : null
  if (quantity > seen && !product?.variants.some((variant) => variant.sku === sku)) {
    throw new AppError('product.gone', 'This is not sold any more. Choose something else.', {
      status: 409,
      reload: true,
    })
  }
  return putInCart(link.catalogue.conversation, { product, sku, quantity, seen }, currency)
}

/**
 * Confirms the cart, as it was seen: opens the order and answers with the token of a link to its page, where step 1
 * of the pipeline begins. Repeating it opens nothing twice. What changed in the shop meanwhile is written and told
 * first.
 */
export async function confirmCart(link: CatalogueLink, orderId: string, seal: string): Promise<string> {
  const cart = await cartOf(link)
  if (!cart || String(cart._id) !== orderId) {
    throw new AppError('cart.gone', 'This cart is not there any more. Look at what is in it now.', {
      status: 409,
      reload: true,
    })
  }
  if (digestOf(cart) !== seal) {
    throw new AppError('cart.changed', 'The cart was changed in the meantime. Look at it as it is now.', {
      status: 409,
      reload: true,
    })
  }
  if (!cart.lines.length) {
    throw new AppError('cart.empty', 'The cart is empty. Put something in first.', { status: 409 })
  }
  const { order, changes } = await refreshOrder(cart)
  const all = [...changes, ...(await shortages(order))]
  if (all.length) throw new ContextChanged('order.context', all)
  return makeLink(order.openedAt ? order : await openCart(order))
}

/** What could not be had at this moment. Nothing is held yet: that is the confirmation of the payment. */
async function shortages(order: Order): Promise<Change[]> {
  const available = await availableFor(order._id, skusOf(order))
  return order.lines.flatMap((line): Change[] => {
    const left = line.variant === null ? undefined : available.get(line.variant)
    if (left === undefined || left >= piecesOf(order, line.variant)) return []
    return [{ field: 'stock', name: line.name, from: line.quantity, to: left }]
  })
}

const skusOf = ({ lines }: Order): string[] => [...new Set(lines.flatMap(({ variant }) => variant ?? []))]
const piecesOf = ({ lines }: Order, sku: string | null): number =>
  lines.reduce((sum, { variant, quantity }) => sum + (variant === sku ? quantity : 0), 0)

/** The cart as its page shows it, each line with what is so now. */
export async function viewCart(order: Order | null): Promise<CartView> {
  if (!order) return emptyCart
  const [products, available] = await Promise.all([sellableOf(order), availableFor(order._id, skusOf(order))])
  return {
    orderId: String(order._id),
    seal: digestOf(order),
    version: order.version,
    opened: order.openedAt !== null,
    regNo: order.regNo,
    lines: order.lines.map((line) => viewLine(line, order, products, available)),
    discount: order.totals.discount,
    total: order.totals.items - order.totals.discount,
  }
}

/** What the customer of a conversation is putting in at this moment; null when nothing waits to be confirmed. */
export async function viewFilling(conversationId: string): Promise<FilledCart | null> {
  const { customer } = await findWho(conversationId)
  const order = await findUnopened(customer._id)
  if (!order?.lines.length) return null
  const { lines, discount, total } = await viewCart(order)
  return { lines, discount, total, currency: order.currency }
}

const emptyCart: CartView = {
  orderId: null,
  seal: '',
  version: -1,
  opened: false,
  regNo: '',
  lines: [],
  discount: 0,
  total: 0,
}

function viewLine(
  line: OrderLine,
  { currency }: Order,
  products: Map<string, Product>,
  available: Map<string, number>,
): CartLine {
  const { number, product: id, variant, name, image, unitPrice, quantity } = line
  const product = id && products.get(String(id))
  const total = lineTotal(line)
  return {
    number,
    productId: id && String(id),
    sku: variant,
    name,
    image,
    unitPrice,
    quantity,
    discount: unitPrice * quantity - total,
    total,
    available: variant === null ? null : (available.get(variant) ?? 0),
    priceNow:
      id === null || variant === null
        ? unitPrice
        : product && !product.hidden
          ? priceOf(product, variant, currency)
          : null,
  }
}

/** The products of its lines, without tickets to what has begun. */
async function sellableOf({ lines }: Order): Promise<Map<string, Product>> {
  const all = lines.flatMap(({ product }) => product ?? [])
  const begun = await begunEvents(all)
  const ids = all.filter((id) => !begun.some((event) => event.equals(id)))
  const found = await Products.collection
    .find<Product>({ _id: { $in: ids } }, { projection: { prices: 1, variants: 1, hidden: 1 } })
    .toArray()
  return new Map(found.map((product) => [String(product._id), product]))
}
