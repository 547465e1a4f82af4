import mongoose from 'mongoose'
import { type Conversation, Conversations } from '../../models/conversation.ts'
import { type Customer, Customers } from '../../models/customer.ts'
import { type CatalogueSelection, Orders } from '../../models/order.ts'
import { Products } from '../../models/store.ts'
import { announce, consume } from '../../server/broker/index.ts'
import { listGoods, pickedGoods } from '../../server/catalogue/index.ts'
import { addNote, say } from '../../server/conversation/index.ts'
import { formatMoney, translate } from '../../server/language/index.ts'
import { findCart, makeCatalogueLink } from '../../server/order/index.ts'
import { shopSettings } from '../../server/shop/index.ts'
import { catalogueCard, mostProducts } from '../cards/catalogue.ts'
import type { Card } from '../cards/order.ts'

/** Staff see in the thread that a customer has confirmed a cart, and the conversation is theirs to look at again. */
export function reactToCarts(): void {
  consume('bot', 'order.opened', async ({ orderId, by }) => {
    const order = by === 'customer' ? await Orders.findById(orderId).lean() : null
    if (!order?.conversation) return
    const { conversation, channel, regNo, totals, currency } = order
    const { language } = await shopSettings()
    const total = formatMoney(totals.total, currency, language)
    const text = translate(language, 'chat.catalogue.confirmed', { number: regNo, total })
    await addNote({ conversation, channel, text, author: 'bot', clientId: `opened:${orderId}` })
    await Conversations.updateOne({ _id: conversation, state: { $ne: 'open' } }, { $set: { state: 'open' } })
    announce('conversation.changed', { conversationId: String(conversation) })
  })
}

type Selected = Pick<CatalogueSelection, 'category' | 'products'>
const everything: Selected = { category: null, products: [] }

/** Shows what staff chose from the catalogue, in the thread, as their own words. */
export function reactToCatalogues(): void {
  consume('bot', 'catalogue.card', async (payload, message) => {
    const conversation = await Conversations.findById(payload.conversationId).lean()
    const customer = conversation && (await Customers.findById(conversation.customer).lean())
    if (!conversation || !customer) return
    const selection = {
      conversation: conversation._id,
      currency: payload.currency,
      category: payload.category ? new mongoose.Types.ObjectId(payload.category) : null,
      products: payload.products.map((id) => new mongoose.Types.ObjectId(id)),
    }
    const card = await cardOf(selection, payload.linkToken, conversation, customer)
    if (!card) return
    const { _id, channel } = conversation
    const once = `catalogue:${message.id}`
    await say({ conversation: _id, channel, kind: 'card', ...card, author: payload.by, once })
  })
}

/** The catalogue for somebody who asked for it; null when there is nothing to order. */
export const offerCatalogue = (conversation: Conversation, customer: Customer): Promise<Card | null> =>
  offer(conversation, customer, everything)

/** One product, by the number that a deep link or a referral carries; null when it is not sold. */
export async function offerProduct(
  number: number,
  conversation: Conversation,
  customer: Customer,
): Promise<Card | null> {
  const product = await Products.findOne({ number }, { _id: 1 }).lean()
  return product && offer(conversation, customer, { category: null, products: [product._id] })
}

async function offer(
  conversation: Conversation,
  customer: Customer,
  selected: Selected,
): Promise<Card | null> {
  const shop = await shopSettings()
  const cart = await findCart(conversation._id, customer._id, shop.currency)
  const currency = cart?.currency ?? shop.currency
  const selection = { ...selected, conversation: conversation._id, currency }
  const token = await makeCatalogueLink(customer._id, selection)
  return cardOf(selection, token, conversation, customer)
}

async function cardOf(
  selection: CatalogueSelection,
  token: string,
  { channel }: Conversation,
  { language }: Customer,
): Promise<Card | null> {
  const { products, category, currency } = selection
  const goods = products.length
    ? await pickedGoods(products, currency)
    : (await listGoods({ category: category && String(category), limit: mostProducts }, selection, currency))
        .goods
  if (!goods.length) return null
  return catalogueCard(goods, { shop: await shopSettings(), language, currency, channel, token })
}

/** What is said when there is nothing to order. */
export const nothingToOrder = (customer: Customer): string =>
  translate(customer.language, 'chat.catalogue.nothing')
