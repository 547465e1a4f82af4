import type { Conversation } from '../../models/conversation.ts'
import type { Customer } from '../../models/customer.ts'
import { Orders } from '../../models/order.ts'
import type { Language } from '../../models/states.ts'
import { Products } from '../../models/store.ts'
import { say, type Words } from '../../server/conversation/index.ts'
import { formatMoney, hasWord, translate } from '../../server/language/index.ts'
import { shopSettings } from '../../server/shop/index.ts'
import { inBackground } from '../background.ts'
import { ordersCard } from '../cards/order.ts'
import { altText, renderCard } from '../cards/render.ts'
import { cardShop, pictureAddress } from '../cards/shop.ts'
import { channelNamed } from '../channels.ts'
import { linkTo } from '../links.ts'
import { firstChoices } from './welcome.ts'

interface Tapped {
  conversation: Conversation
  customer: Customer
  data: string
  eventId: string
}
type Answer = Pick<Words, 'kind' | 'text'> & Partial<Pick<Words, 'card' | 'order' | 'quickReplies'>>

const mostOrders = 5
const mostProducts = 10

/**
 * What a button does. Buttons stay in the chat for ever, also those of cards long past: each acts on what is so now,
 * and none carries anything that is trusted.
 */
const answers: Record<string, (tapped: Tapped) => Promise<Answer>> = {
  my_orders: ({ customer }) => showOrders(customer),
  catalogue: ({ customer }) => showProducts(customer.language),
  staff: async ({ customer: { language } }) => ({
    kind: 'text',
    text: translate(language, 'chat.staffComing'),
  }),
}

/** The words of a button, for the thread. */
export const postbackLabel = (data: string, language: Language): string =>
  hasWord(`chat.menu.${data}`) ? translate(language, `chat.menu.${data}`) : data

/** Answers a tapped button, once. */
export async function answerPostback(tapped: Tapped): Promise<void> {
  const { conversation, customer, data, eventId } = tapped
  const answer = Object.hasOwn(answers, data) ? answers[data] : undefined
  inBackground('Typing', async () => channelNamed(conversation.channel)?.typing(conversation.externalId))
  const words = answer ? await answer(tapped) : unknownButton(customer.language)
  await say({
    ...words,
    conversation: conversation._id,
    channel: conversation.channel,
    author: 'bot',
    once: `postback:${conversation.channel}:${eventId}`,
  })
}

const unknownButton = (language: Language): Answer => ({
  kind: 'text',
  text: translate(language, 'chat.oldButton'),
  quickReplies: firstChoices(language),
})

async function showOrders({ _id, language }: Customer): Promise<Answer> {
  const orders = await Orders.find({ customer: _id, openedAt: { $ne: null } })
    .sort({ createdAt: -1 })
    .limit(mostOrders)
    .lean()
  if (!orders.length) {
    return {
      kind: 'text',
      text: translate(language, 'chat.noOrders'),
      quickReplies: firstChoices(language).filter(({ data }) => data !== 'my_orders'),
    }
  }
  const links = await Promise.all(orders.map(async (order) => ({ order, link: await linkTo(order) })))
  return { kind: 'card', ...ordersCard(links, await shopSettings(), language) }
}

async function showProducts(language: Language): Promise<Answer> {
  const [shop, products] = await Promise.all([
    shopSettings(),
    Products.find({ hidden: false, kind: 'GOODS' }).sort({ number: 1 }).limit(mostProducts).lean(),
  ])
  const words = (key: string, values = {}) => translate(language, `chat.${key}`, values)
  const offered = products.flatMap(({ name, prices, images }) => {
    const price = prices[shop.currency]
    if (price === undefined) return []
    const amount = formatMoney(price, shop.currency, language)
    return {
      name,
      price: amount,
      image: pictureAddress(images[0]),
      ask: words('catalogue.ask'),
      asked: words('catalogue.asked', { name }),
    }
  })
  const text = words('catalogue.words')
  if (!offered.length) return { kind: 'text', text }
  return {
    kind: 'card',
    card: renderCard('line', 'catalogue', { shop: cardShop(shop), products: offered }),
    text: altText(text, ...offered.map(({ name, price }) => `${name}: ${price}`)),
    quickReplies: firstChoices(language).filter(({ data }) => data === 'staff'),
  }
}
