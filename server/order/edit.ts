import mongoose from 'mongoose'
import type { Currency } from '../../models/money.ts'
import type { Order, OrderLine, Reduction } from '../../models/order.ts'
import { type Product, Products } from '../../models/store.ts'
import { AppError, type StaffCaller } from '../http/index.ts'
import { audit, shopSettings } from '../shop/index.ts'
import type { ItemInput } from './contract.ts'
import { allowDiscounts, allowFee, allowFreeLine } from './limits.ts'
import { allowLines, productLine } from './lines.ts'
import { rewrite } from './rewrite.ts'
import { expectState, expectVersion, findOrder } from './write.ts'

/** Sets the lines of an order to just these. Staff only; who was late gets `Stale`. */
export async function setItems(
  orderId: string,
  version: number,
  items: ItemInput[],
  staff: StaffCaller,
): Promise<Order> {
  const order = await draftAt(orderId, version)
  allowLines(items)
  const products = await findProducts(items, order)
  let nextLine = order.nextLine
  const lines = items.map((item) => {
    const before = order.lines.find((line) => line.number === item.number)
    const number = before?.number ?? nextLine++
    return buildLine(item, number, before, products, order.currency, staff)
  })
  const settings = await shopSettings()
  allowDiscounts(order, { ...order, lines }, staff.role, settings)
  for (const line of lines) allowFreeLine(line, order, staff.role, settings)
  return rewriteAs(order, { lines, nextLine }, staff, 'order.items')
}

/** Takes something off the whole order, or nothing any more with amount 0. */
export async function setDiscount(
  orderId: string,
  version: number,
  { amount, reason }: { amount: number; reason: string },
  staff: StaffCaller,
): Promise<Order> {
  const order = await draftAt(orderId, version)
  const settings = await shopSettings()
  const discount = amount === 0 ? null : reduction(amount, reason, staff)
  allowDiscounts(order, { ...order, discount }, staff.role, settings)
  return rewriteAs(order, { discount }, staff, 'order.discount')
}

/** Sets the delivery fee by hand, or leaves it to the quotes again with null. */
export async function setDeliveryFee(
  orderId: string,
  version: number,
  { amount, reason }: { amount: number | null; reason: string },
  staff: StaffCaller,
): Promise<Order> {
  const order = await draftAt(orderId, version)
  if (!order.delivery) {
    throw new AppError(
      'order.no_delivery',
      'The customer has not chosen a delivery yet: nothing to change.',
      {
        status: 409,
      },
    )
  }
  if (amount !== null) allowFee(order, { amount, reason }, staff.role, await shopSettings())
  const fixed = amount === null ? null : reduction(amount, reason, staff)
  const delivery = { ...order.delivery, fixed, ...(fixed && { cost: fixed.amount, costConfirmed: false }) }
  return rewriteAs(order, { delivery }, staff, 'order.delivery_fee')
}

async function draftAt(orderId: string, version: number): Promise<Order> {
  const order = await findOrder(orderId)
  expectState(order, ['DRAFT'], 'changing it')
  expectVersion(order, version)
  return order
}

const rewriteAs = (
  order: Order,
  set: Parameters<typeof rewrite>[1],
  staff: StaffCaller,
  action: string,
): Promise<Order> =>
  rewrite(order, set, staff.staffId, (session, { totals, version }) =>
    audit(
      {
        by: staff.staffId,
        byName: staff.name,
        action,
        subject: order.regNo,
        details: { before: order.totals.total, after: totals.total, version },
      },
      session,
    ),
  )

function buildLine(
  item: ItemInput,
  number: number,
  before: OrderLine | undefined,
  products: Map<string, Product>,
  currency: Currency,
  staff: StaffCaller,
): OrderLine {
  const discount = lineDiscount(item, before, staff)
  const productId = item.productId ?? (before?.product ? String(before.product) : undefined)
  if (!productId) return freeLine(item, number, before, discount)

  const product = products.get(productId)
  if (!product)
    throw new AppError('product.unknown', 'A product of the list is not there any more. Search it again.')
  const sku = item.sku ?? before?.variant ?? product.variants[0]?.sku ?? ''
  return productLine(product, { sku, number, quantity: item.quantity, discount }, currency)
}

/** A discount that is sent back as it was stays the gift of whoever gave it. */
function lineDiscount(item: ItemInput, before: OrderLine | undefined, staff: StaffCaller): Reduction | null {
  if (!item.discount?.amount) return null
  const { amount, reason } = item.discount
  const given = before?.discount
  return given?.amount === amount && given.reason === reason ? given : reduction(amount, reason, staff)
}

function freeLine(
  item: ItemInput,
  number: number,
  before: OrderLine | undefined,
  discount: Reduction | null,
): OrderLine {
  const name = item.name ?? before?.name
  const unitPrice = item.unitPrice ?? before?.unitPrice
  const reason = item.reason ?? before?.reason
  if (!name || unitPrice === undefined || !reason) {
    throw new AppError('order.free_line', 'A free-text line needs a name, a price and a reason.')
  }
  return {
    number,
    product: null,
    productNumber: 0,
    variant: null,
    kind: 'GOODS',
    name,
    image: null,
    unitPrice,
    quantity: item.quantity,
    discount,
    reason,
  }
}

const reduction = (amount: number, reason: string, staff: StaffCaller): Reduction => ({
  amount,
  reason,
  by: new mongoose.Types.ObjectId(staff.staffId),
})

async function findProducts(items: ItemInput[], order: Order): Promise<Map<string, Product>> {
  const named = items.flatMap((item) => item.productId ?? [])
  const ids = [...new Set([...named, ...order.lines.flatMap((line) => line.product?.toHexString() ?? [])])]
  if (!ids.every((id) => mongoose.isValidObjectId(id))) {
    throw new AppError('product.unknown', 'A product of the list is not there any more. Search it again.')
  }
  const products = await Products.collection
    .find<Product>({ _id: { $in: ids.map((id) => new mongoose.Types.ObjectId(id)) } })
    .toArray()
  return new Map(products.map((product) => [String(product._id), product]))
}
