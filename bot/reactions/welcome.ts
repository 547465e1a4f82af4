import type { Types } from 'mongoose'
import { type Conversation, Conversations } from '../../models/conversation.ts'
import { type Customer, Customers } from '../../models/customer.ts'
import type { ShopSettings } from '../../models/shop.ts'
import type { Language } from '../../models/states.ts'
import { announce } from '../../server/broker/index.ts'
import { keepPicture, queueMessage, say } from '../../server/conversation/index.ts'
import { isDuplicate, now, transaction } from '../../server/database/index.ts'
import { translate } from '../../server/language/index.ts'
import { shopSettings } from '../../server/shop/index.ts'
import { inBackground } from '../background.ts'
import type { QuickReply } from '../channel.ts'
import { channelNamed } from '../channels.ts'
import { isOpen } from '../hours.ts'
import { knownLanguage } from '../language.ts'
import { cut, tidyName } from '../text.ts'

/** A name and a language in the greeting are worth this much waiting. */
const profileWaitMs = 2500
const longestName = 200
const awayEveryMs = 6 * 3600_000

/** What a new person is offered under the first words. */
export const firstChoices = (language: Language): QuickReply[] =>
  (['catalogue', 'my_orders', 'staff'] as const).map((data) => ({
    label: translate(language, `chat.menu.${data}`),
    data,
  }))

/** Learns who somebody is, then greets them: once, however often it is called. */
export async function welcome(conversationId: Types.ObjectId): Promise<void> {
  const conversation = await Conversations.findById(conversationId).lean()
  if (!conversation) return
  const known = learnProfile(conversation)
  if (conversation.greetedAt) return void (await known)
  inBackground('Typing', async () => channelNamed(conversation.channel)?.typing(conversation.externalId))
  await Promise.race([known, new Promise((resolve) => setTimeout(resolve, profileWaitMs).unref())])
  inBackground('Learning a profile', () => known)

  const [shop, customer] = await Promise.all([
    shopSettings(),
    Customers.findById(conversation.customer).lean(),
  ])
  if (!customer) return
  await greet(conversation, customer, shop)
  await answerWhenClosed(conversation)
}

/** Name, picture and language as the platform tells them. Staff's own choice of language comes later, and stays. */
async function learnProfile(conversation: Conversation): Promise<void> {
  const { channel, externalId, customer, greetedAt } = conversation
  const profile = await channelNamed(channel)?.profile(externalId)
  if (!profile) return
  const name = cut(tidyName(profile.name), longestName, '')
  const language = greetedAt ? null : knownLanguage(profile.language, await shopSettings())
  await Customers.updateOne(
    { _id: customer },
    {
      $set: {
        ...(name && { name }),
        picture: profile.picture,
        ...(language && { language }),
      },
    },
  )
  announce('conversation.changed', { conversationId: String(conversation._id) })
  if (profile.picture && channelNamed(channel)?.limits.picturesExpire) {
    inBackground('Copying a picture', () => copyPicture(conversation, profile.picture ?? ''))
  }
}

/** The platform's address of the picture is good for some days only: ours stays. */
async function copyPicture({ _id, channel, customer }: Conversation, address: string): Promise<void> {
  const file = await channelNamed(channel)?.media(address)
  const picture = file && (await keepPicture(file))
  if (!picture) return
  await Customers.updateOne({ _id: customer, picture: address }, { $set: { picture } })
  announce('conversation.changed', { conversationId: String(_id) })
}

async function greet(conversation: Conversation, customer: Customer, shop: ShopSettings): Promise<void> {
  const { language } = customer
  try {
    await transaction(async (session) => {
      const { modifiedCount } = await Conversations.updateOne(
        { _id: conversation._id, greetedAt: null },
        { $set: { greetedAt: now() } },
        { session },
      )
      if (!modifiedCount) return
      await queueMessage(session, {
        conversation: conversation._id,
        channel: conversation.channel,
        kind: 'text',
        text: shop.greeting || translate(language, 'chat.greeting', { shop: shop.name }),
        author: 'bot',
        quickReplies: firstChoices(language),
        once: `greeting:${conversation._id}`,
      })
    })
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}

/** Outside of the hours: one word that staff will answer, and not again for a while. */
export async function answerWhenClosed(conversation: Conversation): Promise<void> {
  const shop = await shopSettings()
  const at = now()
  if (isOpen(shop.hours, shop.zone, at)) return
  const last = conversation.awayNoticeAt
  if (last && at.getTime() - last.getTime() < awayEveryMs) return
  const { modifiedCount } = await Conversations.updateOne(
    { _id: conversation._id, awayNoticeAt: last },
    { $set: { awayNoticeAt: at } },
  )
  const customer = modifiedCount ? await Customers.findById(conversation.customer).lean() : null
  if (!customer) return
  await say({
    conversation: conversation._id,
    channel: conversation.channel,
    kind: 'text',
    text: shop.awayMessage || translate(customer.language, 'chat.away', { shop: shop.name }),
    author: 'bot',
    once: `away:${conversation._id}:${at.getTime()}`,
  })
}

/** Those whose greeting died with its process. */
export async function welcomeForgotten(): Promise<void> {
  const forgotten = await Conversations.find(
    { greetedAt: { $type: 10 }, createdAt: { $lt: new Date(now().getTime() - 20_000) } },
    { _id: 1 },
  )
    .sort({ createdAt: 1 })
    .limit(20)
    .lean()
  for (const { _id } of forgotten) await welcome(_id)
}
