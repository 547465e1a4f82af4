import type { DeliveryCase } from '../../models/delivery.ts'
import { decimal } from '../../models/money.ts'
import type { Order, OrderLine } from '../../models/order.ts'
import type { ShopSettings } from '../../models/shop.ts'
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
import { altText, renderCard } from './render.ts'
import { cardShop, pictureAddress } from './shop.ts'

/** A card, and what is read where it cannot be drawn. */
export interface Card {
  card: unknown
  text: string
}
export interface Button {
  label: string
  uri?: string
  data?: string
  primary?: boolean
}
interface Row {
  label: string
  value: string
  strong?: boolean
}

const mostLines = 10
/** Messenger's button template holds this much, and its receipt that many. */
const longestPlain = 640
const mostReceiptLines = 100

/** The order to check out: what is in it, what it costs, until when, and the button that leads to its page. */
export function orderCard(order: Order, shop: ShopSettings, link: string): Card {
  const words = (key: string, values = {}) => translate(order.language, `chat.${key}`, values)
  const title = words('order.title')
  const until = order.holdsUntil ?? order.deadline
  const about = {
    title,
    subtitle: words('order.number', { number: order.regNo }),
    rows: sumsOf(order),
    note: until ? words('order.until', { time: formatDateTime(until, order.language, shop.zone) }) : '',
  }
  return {
    card: renderCard(order.channel, 'order', {
      shop: cardShop(shop),
      ...about,
      ...linesOf(order),
      plain: plainOrder(order, about),
      buttons: [
        { label: words('order.checkOut'), uri: link, primary: true },
        { label: words('menu.staff'), data: 'staff' },
      ],
    }),
    text: altText(`${shop.name}: ${title}`, summary(order), link),
  }
}

/** What was paid, for what, and how. */
export function receiptCard(order: Order, shop: ShopSettings, link: string): Card {
  const words = (key: string, values = {}) => translate(order.language, `chat.${key}`, values)
  const title = words('receipt.title')
  return {
    card: renderCard(order.channel, 'receipt', {
      shop: cardShop(shop),
      bill: billOf(order),
      title,
      subtitle: words('order.number', { number: order.regNo }),
      ...linesOf(order),
      rows: [
        ...sumsOf(order),
        ...order.parts.map(({ method }) => ({
          label: words('receipt.method'),
          value: methodName(method, order.language),
        })),
        ...(order.paidAt
          ? [
              {
                label: words('receipt.paidAt'),
                value: formatDateTime(order.paidAt, order.language, shop.zone),
              },
            ]
          : []),
        ...(shop.vatId ? [{ label: words('receipt.vatId'), value: shop.vatId }] : []),
      ],
      // Seats are not sent: they are there.
      note: words(
        order.lines.every(({ kind }) => kind === 'TICKET') ? 'receipt.thanksTickets' : 'receipt.thanks',
      ),
      link,
      buttons: [{ label: words('order.show'), uri: link }],
    }),
    text: altText(`${shop.name}: ${title}`, summary(order)),
  }
}

/** What has become of an order, in a sentence, with the rows and buttons that belong to it. */
export function statusCard(
  order: Order,
  shop: ShopSettings,
  about: { title: string; words: string; rows?: Row[]; buttons?: Button[] },
): Card {
  const { title, words, rows = [], buttons = [] } = about
  return {
    card: renderCard(order.channel, 'status', statusData(order, shop, { title, words, rows, buttons })),
    text: altText(
      `${shop.name}: ${title}`,
      translate(order.language, 'chat.order.number', { number: order.regNo }),
      words,
    ),
  }
}

/** A customer's orders side by side. */
export function ordersCard(
  orders: { order: Order; link: string }[],
  shop: ShopSettings,
  to: { language: Language; channel: string },
): Card {
  const { language, channel } = to
  const title = translate(language, 'chat.menu.my_orders')
  const bubbles = orders.map(({ order, link }) =>
    statusData({ ...order, language }, shop, {
      title: translate(language, `chat.state.${order.state}`),
      words: order.lines.map(({ name, quantity }) => `${quantity} × ${name}`).join(', '),
      rows: [
        {
          label: translate(language, 'chat.order.total'),
          value: formatMoney(order.totals.total, order.currency, language),
          strong: true,
        },
      ],
      buttons: [{ label: translate(language, 'chat.order.show'), uri: link, primary: true }],
    }),
  )
  return {
    card: renderCard(channel, 'orders', { orders: bubbles }),
    text: altText(title, ...orders.map(({ order, link }) => `${summary({ ...order, language })} ${link}`)),
  }
}

const statusData = (
  order: Order,
  shop: ShopSettings,
  about: { title: string; words: string; rows: Row[]; buttons: Button[] },
) => ({
  shop: cardShop(shop),
  subtitle: translate(order.language, 'chat.order.number', { number: order.regNo }),
  ...about,
  plain: plainText([
    about.title,
    translate(order.language, 'chat.order.number', { number: order.regNo }),
    '',
    about.words,
    ...about.rows.map(({ label, value }) => `${label}: ${value}`),
  ]),
})

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

function linesOf(order: Order, most = mostLines): { lines: Row[]; more: string } {
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

/** An order as one text of at most so many signs, for cards that are made of one: the sums stay, lines give way. */
function plainOrder(
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

const plainText = (rows: string[]): string =>
  rows
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

/** What a receipt says in figures, for platforms that draw receipts themselves. */
function billOf(order: Order) {
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

const nameOf = ({ name }: OrderLine) => cut(name, 100)

function sumsOf(order: Order): Row[] {
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

const summary = (order: Order): string =>
  `${translate(order.language, 'chat.order.number', { number: order.regNo })}, ${formatMoney(order.totals.total, order.currency, order.language)}`

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
