import type { Conversation } from '../../models/conversation.ts'
import type { Customer } from '../../models/customer.ts'
import { Orders } from '../../models/order.ts'
import type { Language } from '../../models/states.ts'
import { say, type Words } from '../../server/conversation/index.ts'
import { idsOfPerson } from '../../server/customer/index.ts'
import { hasWord, translate } from '../../server/language/index.ts'
import { shopSettings } from '../../server/shop/index.ts'
import { inBackground } from '../background.ts'
import { type Card, ordersCard } from '../cards/order.ts'
import { channelNamed } from '../channels.ts'
import { linkTo } from '../links.ts'
import { nothingToOrder, offerCatalogue, offerProduct } from './catalogue.ts'
import { firstChoices } from './welcome.ts'

interface Tapped {
  conversation: Conversation
  customer: Customer
  data: string
  eventId: string
}
type Answer = Pick<Words, 'kind' | 'text'> & Partial<Pick<Words, 'card' | 'order' | 'quickReplies'>>

const mostOrders = 5
/** `product:12` names a product by its number: buttons, referrals and deep links carry it. */
const productButton = /^product:(\d{1,9})$/

/**
 * What a button does. Buttons stay in the chat for ever, also those of cards long past: each acts on what is so now,
 * and none carries anything that is trusted.
 */
const answers: Record<string, (tapped: Tapped) => Promise<Answer>> = {
  my_orders: ({ customer, conversation }) => showOrders(customer, conversation.channel),
  catalogue: async ({ conversation, customer }) =>
    showGoods(await offerCatalogue(conversation, customer), customer),
  staff: async ({ customer: { language } }) => ({
    kind: 'text',
    text: translate(language, 'chat.staffComing'),
  }),
}

/** Whether a button, or a link into the chat, means something to us. */
export const isKnownPostback = (data: string): boolean =>
  Object.hasOwn(answers, data) || productButton.test(data)

/** Whether somebody's words are those of a link to a product. */
export const namesProduct = (text: string): boolean => productButton.test(text.trim())

/** The words of a button, for the thread. */
export const postbackLabel = (data: string, language: Language): string =>
  hasWord(`chat.menu.${data}`) ? translate(language, `chat.menu.${data}`) : data

/** Answers a tapped button, once. */
export async function answerPostback(tapped: Tapped): Promise<void> {
  const { conversation, customer, data, eventId } = tapped
  const number = productButton.exec(data)?.[1]
  const answer = number
    ? (of: Tapped) => showProduct(Number(number), of)
    : Object.hasOwn(answers, data)
      ? answers[data]
      : undefined
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

async function showOrders({ _id, language }: Customer, channel: string): Promise<Answer> {
  const orders = await Orders.find({ customer: { $in: await idsOfPerson(_id) }, openedAt: { $ne: null } })
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
  return { kind: 'card', ...ordersCard(links, await shopSettings(), { language, channel }) }
}

/** The catalogue, or the one product that a deep link or a referral names. */
async function showGoods(card: Card | null, customer: Customer): Promise<Answer> {
  const quickReplies = firstChoices(customer.language).filter(({ data }) => data === 'staff')
  return card
    ? { kind: 'card', ...card, quickReplies }
    : { kind: 'text', text: nothingToOrder(customer), quickReplies }
}

async function showProduct(number: number, { conversation, customer }: Tapped): Promise<Answer> {
  const card = await offerProduct(number, conversation, customer)
  return showGoods(card ?? (await offerCatalogue(conversation, customer)), customer)
}
