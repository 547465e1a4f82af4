import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import mongoose from 'mongoose'
import { renderSVG } from 'uqr'
import { PickupPoints } from '../../models/delivery.ts'
import { type Order, type OrderDelivery, Orders } from '../../models/order.ts'
import { postalLines } from '../../models/postal-lines.ts'
import { StockHolds, Stores } from '../../models/store.ts'
import { notFound } from '../http/index.ts'
import { formatDate, formatDateTime, formatTime, translate } from '../language/index.ts'
import { root } from '../settings.ts'
import { shopSettings } from '../shop/index.ts'

let render: Handlebars.TemplateDelegate | undefined

/**
 * The packing slip of an order as a page to print, in the language of the shop: what lies where, and where it goes.
 * Its one style sheet carries the nonce.
 */
export async function packingSlip(orderId: string, nonce: string): Promise<string> {
  const order = mongoose.isValidObjectId(orderId) ? await Orders.findById(orderId).lean() : null
  if (!order) throw notFound('The order')
  const [shop, lines, point] = await Promise.all([
    shopSettings(),
    linesOf(order),
    order.delivery?.point ? PickupPoints.findById(order.delivery.point).lean() : null,
  ])
  const { language, zone } = shop
  render ??= compile()
  return render({
    nonce,
    language,
    shop,
    order,
    lines,
    point,
    address: order.address,
    addressLines: order.address ? postalLines(order.address) : [],
    delivery: order.delivery?.companyName ?? order.delivery?.pointName ?? '',
    arrives: order.delivery ? arrivalText(order.delivery, language, zone) : '',
    paidAt: order.paidAt ? formatDateTime(order.paidAt, language, zone) : '',
    pieces: lines.reduce((sum, line) => sum + line.quantity, 0),
    qr: renderSVG(order.regNo, { border: 1 }),
  })
}

/** What is to be packed, with the stores that hold it. A free-text line is packed too, wherever it lies. */
async function linesOf(order: Order) {
  const holds = await StockHolds.find({ order: order._id, state: { $ne: 'RELEASED' } }).lean()
  const stores = await Stores.find({ _id: { $in: holds.map((hold) => hold.store) } }).lean()
  const nameOf = new Map(stores.map((store) => [String(store._id), store.name]))
  return order.lines
    .filter((line) => line.kind === 'GOODS')
    .map(({ number, name, variant, quantity }) => ({
      name,
      sku: variant ?? '',
      quantity,
      places: holds
        .filter((hold) => hold.line === number)
        .map((hold) => ({ store: nameOf.get(String(hold.store)) ?? '', quantity: hold.quantity })),
    }))
}

function arrivalText(
  { slotBegin, slotEnd, estimatedDate }: OrderDelivery,
  language: Order['language'],
  zone: string,
): string {
  if (slotBegin && slotEnd) {
    return `${formatDateTime(slotBegin, language, zone)}–${formatTime(slotEnd, language, zone)}`
  }
  return estimatedDate ? formatDate(new Date(`${estimatedDate}T12:00:00Z`), language, 'UTC') : ''
}

function compile(): Handlebars.TemplateDelegate {
  const engine = Handlebars.create()
  engine.registerHelper('t', (key: string, options: Handlebars.HelperOptions) =>
    translate(options.data.root.language, `mail.slip.${key}`, options.hash),
  )
  return engine.compile(readFileSync(join(root, 'server', 'store', 'packing-slip.hbs'), 'utf8'))
}
