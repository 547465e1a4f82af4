// What a card says of an order, row by row.
import type { DeliveryCase } from '../../models/delivery.ts'
import { decimal } from '../../models/money.ts'
import type { Order, OrderLine } from '../../models/order.ts'
import type { Language } from '../../models/states.ts'
import {
  formatDate,
  formatDateTime,
  formatMoney,
  formatTime,
  methodName,
  translate,
} from '../../server/language/index.ts'
import { lineTotal } from '../../server/order/index.ts'
import { cut } from '../text.ts'
import { pictureAddress } from './shop.ts'

/** A line of a card: what it is, and how much, when or where. */
export interface Row {
  label: string
  value: string
  strong?: boolean
}

const mostLines = 10
/** Messenger's button template holds this much, and its receipt that many. */
const longestPlain = 640
const mostReceiptLines = 100

/** The goods, so many lines at the most, and how many more there are. */
export function linesOf(order: Order, most = mostLines): { lines: Row[]; more: string } {
  const shown = order.lines.slice(0, most)
  const hidden = order.lines.length - shown.length
  return {
    lines: shown.map((line) => ({
      // The quantity first: it must survive when a long name is cut.
      label: `${line.quantity} × ${nameOf(line)}`,
      value: formatMoney(lineTotal(line), order.currency, order.language),
    })),
    more: hidden ? translate(order.language, 'chat.order.more', { count: hidden }) : '',
  }
}

/** What it all comes to: discount, delivery, total and tax, as far as there are any. */
export function sumsOf(order: Order): Row[] {
  const { language, totals, delivery } = order
  const money = (amount: number) => formatMoney(amount, order.currency, language)
  const row = (key: string, value: string, strong = false) => ({
    label: translate(language, `chat.order.${key}`),
    value,
    strong,
  })
  return [
    ...(totals.discount ? [row('discount', money(-totals.discount))] : []),
    ...(delivery
      ? [row('delivery', totals.delivery ? money(totals.delivery) : translate(language, 'chat.order.free'))]
      : []),
    row('total', money(totals.total), true),
    ...(totals.vat ? [row('vat', money(totals.vat))] : []),
  ]
}

/** An order in half a line: its number and its total. */
export const summary = (order: Order): string =>
  `${translate(order.language, 'chat.order.number', { number: order.regNo })}, ${formatMoney(order.totals.total, order.currency, order.language)}`

/** An order as one text of at most so many signs, for cards that are made of one: the sums stay, lines give way. */
export function plainOrder(
  order: Order,
  about: { title: string; subtitle: string; rows: Row[]; note: string },
): string {
  const sums = about.rows.map(({ label, value }) => `${label}: ${value}`)
  for (let most = Math.min(order.lines.length, mostLines); ; most--) {
    const { lines, more } = linesOf(order, most)
    const goods = lines.map(({ label, value }) => `${label}  ${value}`)
    const text = plainText([about.title, about.subtitle, '', ...goods, more, '', ...sums, '', about.note])
    if (text.length <= longestPlain || most === 0) return cut(text, longestPlain)
  }
}

/** Rows of a text, with one blank row between blocks at the most. */
export const plainText = (rows: string[]): string =>
  rows
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

/** What a receipt says in figures, for platforms that draw receipts themselves. */
export function billOf(order: Order) {
  const { totals, currency, language } = order
  const amount = (minor: number) => decimal(minor, currency)
  return {
    recipient: order.address?.name ?? '',
    number: order.regNo,
    currency,
    method: order.parts.map(({ method }) => methodName(method, language)).join(', '),
    paidAt: order.paidAt ? String(Math.floor(order.paidAt.getTime() / 1000)) : '',
    lines: order.lines.slice(0, mostReceiptLines).map((line) => ({
      name: line.name,
      quantity: line.quantity,
      price: amount(lineTotal(line)),
      image: pictureAddress(line.image),
    })),
    subtotal: amount(totals.items),
    delivery: amount(totals.delivery),
    total: amount(totals.total),
    discount: totals.discount
      ? { name: translate(language, 'chat.order.discount'), amount: amount(totals.discount) }
      : null,
  }
}

/** Where a parcel is. */
export function trackingRows(language: Language, parcel: DeliveryCase | null): Row[] {
  return [
    ...(parcel?.courierName
      ? [{ label: translate(language, 'chat.sent.courier'), value: parcel.courierName }]
      : []),
    ...(parcel?.tracking
      ? [{ label: translate(language, 'chat.sent.tracking'), value: parcel.tracking }]
      : []),
  ]
}

/** "21 Nov 2026, 15:00–17:00", or the day alone. */
export function deliveryTime(order: Order, zone: string): string | null {
  const { delivery, language } = order
  if (!delivery) return null
  if (delivery.slotBegin && delivery.slotEnd) {
    return `${formatDateTime(delivery.slotBegin, language, zone)}–${formatTime(delivery.slotEnd, language, zone)}`
  }
  return delivery.estimatedDate
    ? formatDate(new Date(`${delivery.estimatedDate}T12:00:00Z`), language, 'UTC')
    : null
}

const nameOf = ({ name }: OrderLine) => cut(name, 100)
