import type { Order } from '../../models/order.ts'
import type { ShopSettings } from '../../models/shop.ts'
import type { Language } from '../../models/states.ts'
import { formatDateTime, formatMoney, methodName, translate } from '../../server/language/index.ts'
import { billOf, linesOf, plainOrder, plainText, type Row, summary, sumsOf } from './order-rows.ts'
import { altText, renderCard } from './render.ts'
import { cardShop } from './shop.ts'

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
