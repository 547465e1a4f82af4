import { createHash } from 'node:crypto'
import { Conversations } from '../../models/conversation.ts'
import { DeliveryCases } from '../../models/delivery.ts'
import { type Order, Orders } from '../../models/order.ts'
import type { ShopSettings } from '../../models/shop.ts'
import { consume, type EventPayload, type EventType } from '../../server/broker/index.ts'
import { say } from '../../server/conversation/index.ts'
import { formatDateTime, formatMoney, hasWord, translate } from '../../server/language/index.ts'
import { shopSettings } from '../../server/shop/index.ts'
import { type Button, type Card, orderCard, receiptCard, statusCard } from '../cards/order.ts'
import { deliveryTime, trackingRows } from '../cards/order-rows.ts'
import { linkTo, pageAddress } from '../links.ts'

/** An order, and how to speak about it. */
interface Telling<T extends EventType> {
  order: Order
  shop: ShopSettings
  payload: EventPayload<T>
  /** In the order's language; keys lie under `chat.`. */
  words(key: string, values?: Record<string, string | number>): string
  money(amount: number): string
  /** A button that leads to the order's page, by a new link. */
  page(label: string): Promise<Button>
}

type OrderEvent = Extract<EventType, `order.${string}` | `payment.${string}`>

/** What the customer is told, and what makes the same event be told once. Null: nothing. */
interface Reaction<T extends EventType> {
  once(payload: EventPayload<T>, messageId: string): string
  tell(telling: Telling<T>): Promise<Card | null>
}

const status = async <T extends EventType>(
  { order, shop, words }: Telling<T>,
  key: string,
  more: {
    values?: Record<string, string | number>
    buttons?: Button[]
    rows?: { label: string; value: string }[]
  } = {},
): Promise<Card> =>
  statusCard(order, shop, {
    title: words(`${key}.title`),
    words: words(`${key}.words`, more.values),
    ...(more.rows && { rows: more.rows }),
    ...(more.buttons && { buttons: more.buttons }),
  })

const receipt: Reaction<'order.paid' | 'order.confirmed'> = {
  // Whichever comes first: the money has been taken, and one receipt is enough.
  once: ({ orderId }) => `receipt:${orderId}`,
  tell: async ({ order, shop, page }) => receiptCard(order, shop, (await page('')).uri ?? ''),
}

const tellings: { [T in OrderEvent]?: Reaction<T> } = {
  'order.card': {
    once: ({ orderId, digest, linkToken }) =>
      `card:${orderId}:${digest}:${createHash('sha256').update(linkToken).digest('base64url').slice(0, 16)}`,
    tell: async ({ order, shop, payload }) =>
      orderCard(order, shop, pageAddress(payload.linkToken, order.channel)),
  },
  'order.paid': receipt,
  'order.confirmed': receipt,
  'order.sent': {
    once: ({ orderId }) => `sent:${orderId}`,
    async tell(telling) {
      const { order, shop, words } = telling
      const parcel = await DeliveryCases.findOne({ order: order._id }).lean()
      const time = deliveryTime(order, shop.zone)
      const track = /^https?:\/\//.test(parcel?.trackingUrl ?? '') ? parcel?.trackingUrl : undefined
      return status(telling, order.delivery?.type === 'pickup' ? 'ready' : 'sent', {
        rows: [
          ...trackingRows(order.language, parcel),
          ...(time ? [{ label: words('sent.arrives'), value: time }] : []),
        ],
        buttons: [
          ...(track ? [{ label: words('sent.track'), uri: track, primary: true }] : []),
          await telling.page(words('order.show')),
        ],
      })
    },
  },
  'order.delivered': {
    once: ({ orderId }) => `delivered:${orderId}`,
    tell: (telling) => status(telling, 'delivered'),
  },
  'order.canceled': {
    once: ({ orderId }) => `canceled:${orderId}`,
    tell: async (telling) =>
      wasShown(telling.order)
        ? status(telling, telling.payload.refunded ? 'canceledRefunded' : 'canceled')
        : null,
  },
  'order.expired': {
    // An order can be taken up again, and lapse again.
    once: ({ orderId }, messageId) => `expired:${orderId}:${messageId}`,
    tell: async (telling) =>
      wasShown(telling.order)
        ? status(telling, 'expired', { buttons: [await telling.page(telling.words('expired.again'))] })
        : null,
  },
  'order.reminder': {
    once: ({ orderId }, messageId) => `reminder:${orderId}:${messageId}`,
    async tell(telling) {
      const { order, shop, words } = telling
      const until = order.holdsUntil ?? order.deadline
      return status(telling, 'reminder', {
        values: { time: until ? formatDateTime(until, order.language, shop.zone) : '' },
        buttons: [await telling.page(words('order.checkOut'))],
      })
    },
  },
  'payment.failed': {
    once: ({ orderId, paymentId }) => `payment.failed:${orderId}:${paymentId}`,
    async tell(telling) {
      const key = `chat.decline.${telling.payload.code}`
      const why = telling.words(hasWord(key) ? key.slice('chat.'.length) : 'decline.other')
      return status(telling, 'paymentFailed', {
        values: { why },
        buttons: [await telling.page(telling.words('paymentFailed.again'))],
      })
    },
  },
  'payment.late': {
    once: ({ orderId, paymentId }) => `payment.late:${orderId}:${paymentId}`,
    tell: (telling) => status(telling, late[telling.payload.outcome]),
  },
  'payment.refunded': {
    once: ({ opId }) => `refunded:${opId}`,
    tell: (telling) =>
      status(telling, 'refunded', { values: { amount: telling.money(telling.payload.amount) } }),
  },
}

/** Why money that came too late is kept, or goes back. */
const late = { accepted: 'lateAccepted', refunded: 'lateRefunded', canceled: 'lateCanceled' } as const

/** Tells the customer in the chat what happens to their order; each thing once. */
export function reactToOrders(): void {
  for (const type of Object.keys(tellings) as OrderEvent[]) react(type)
}

function react<T extends OrderEvent>(type: T): void {
  const telling = tellings[type] as Reaction<T> | undefined
  if (!telling) return
  consume('bot', type, async (payload, message) => {
    const order = await Orders.findById(payload.orderId).lean()
    if (!order?.conversation) return
    const card = await telling.tell(await aboutOrder(order, payload))
    if (card) await sendCard(order, card, telling.once(payload, message.id), authorOf(payload))
  })
}

async function aboutOrder<T extends EventType>(order: Order, payload: EventPayload<T>): Promise<Telling<T>> {
  return {
    order,
    shop: await shopSettings(),
    payload,
    words: (key, values = {}) => translate(order.language, `chat.${key}`, values),
    money: (amount) => formatMoney(amount, order.currency, order.language),
    page: async (label) => ({ label, uri: await linkTo(order), primary: true }),
  }
}

async function sendCard(order: Order, { card, text }: Card, once: string, author: string): Promise<void> {
  const conversation = await Conversations.findById(order.conversation, { channel: 1 }).lean()
  if (!conversation) return
  const { _id, channel } = conversation
  await say({ conversation: _id, channel, kind: 'card', text, card, author, once, order: order._id })
}

/** A staff member who sends a card speaks for themselves; everything else is the shop's own voice. */
const authorOf = (payload: object): string =>
  'by' in payload && typeof payload.by === 'string' && /^[0-9a-f]{24}$/.test(payload.by) ? payload.by : 'bot'

/** A draft that the customer never saw ends without a word to them. */
const wasShown = ({ card, page, openedBy, paidAt }: Order): boolean =>
  card !== null || page !== null || paidAt !== null || openedBy === 'customer'
