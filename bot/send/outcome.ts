import { randomUUID } from 'node:crypto'
import { type Conversation, type Message, Messages } from '../../models/conversation.ts'
import type { Language } from '../../models/states.ts'
import { announce } from '../../server/broker/index.ts'
import { now } from '../../server/database/index.ts'
import { formatDistance, hasWord, translate } from '../../server/language/index.ts'
import { raiseTask, shopSettings } from '../../server/shop/index.ts'
import type { Channel, Refused } from '../channel.ts'
import { channelNamed } from '../channels.ts'
import { unitsOf } from './render.ts'
import { noteTrouble } from './trouble.ts'

/** The platform has taken them. */
export async function sent(call: Message[], ids: string[], channel: Channel): Promise<true> {
  let at = 0
  await Messages.bulkWrite(
    call.map((message) => {
      const externalId = ids[at] ?? null
      at += unitsOf(message, channel)
      return {
        updateOne: {
          filter: { _id: message._id },
          update: {
            $set: { state: 'sent', failure: null, sendAfter: null, ...(externalId && { externalId }) },
            // The platform's own time, from its echo, is the better one.
            $min: { sentAt: now() },
          },
        },
      }
    }),
  )
  return tell(call)
}

/** The platform will not take them, and staff read why. */
export async function failed(
  call: Message[],
  { reason, message: answer }: Refused,
  conversation: Conversation,
): Promise<true> {
  const { language } = await shopSettings()
  const channel = call[0]?.channel ?? ''
  const platform = titleOf(channel)
  const key = `chat.failure.${reason}`
  const failure =
    reason === 'window'
      ? aboutWindow(call, conversation, language)
      : translate(language, hasWord(key) ? key : 'chat.failure.other', { answer, platform })
  await noteTrouble(channel, reason, failure)
  if (reason === 'window') await raiseUnsaid(call, failure)
  await change(call, { state: 'failed', failure, sendAfter: null })
  return tell(call)
}

/** Until when staff may still write, or since when nobody may. */
function aboutWindow(call: Message[], { channel, window }: Conversation, language: Language): string {
  const platform = titleOf(channel)
  const at = now()
  const isOpenToStaff = window !== null && at < window.staff && call.some(({ author }) => author === 'bot')
  if (isOpenToStaff) {
    const time = formatDistance(window.staff, at, language)
    return translate(language, 'chat.failure.windowStaff', { platform, time })
  }
  const time = window && at > window.staff ? formatDistance(window.staff, at, language) : ''
  return time
    ? translate(language, 'chat.failure.windowClosed', { platform, time })
    : translate(language, 'chat.failure.window', { platform })
}

/** What the shop itself had to say is not said: nobody looks at this chat perhaps, so somebody has to hear of it. */
async function raiseUnsaid(call: Message[], summary: string): Promise<void> {
  for (const { _id, conversation, order, author } of call) {
    if (author !== 'bot') continue
    const details = { conversationId: String(conversation) }
    await raiseTask({ kind: 'message.window', subject: String(_id), summary, order, details })
  }
}

const titleOf = (channel: string): string => channelNamed(channel)?.title ?? channel

/** Nobody knows whether they arrived, and there is no way to ask: staff look at the chat and decide. */
export async function inDoubt(tried: Message[]): Promise<true> {
  // An echo may have told meanwhile that it has arrived after all.
  const call = await Messages.find({ _id: { $in: tried.map(({ _id }) => _id) }, state: 'sending' }).lean()
  const { language } = await shopSettings()
  const platform = titleOf(tried[0]?.channel ?? '')
  const failure = translate(language, 'chat.failure.unknown', { platform })
  // Before the messages change: a crash in between repeats the tasks, and loses none.
  for (const { _id, conversation, order } of call) {
    await raiseTask({
      kind: 'message.unknown',
      subject: String(_id),
      summary: failure,
      order,
      details: { conversationId: String(conversation) },
    })
  }
  await change(call, { state: 'unknown', failure, sendAfter: null }, 'sending')
  return tell(call)
}

/** Nothing was accepted, or the key makes a second try safe: they wait for their next turn. */
export async function putBack(call: Message[], { after }: { after: number }): Promise<true> {
  const sendAfter = after ? new Date(now().getTime() + after) : null
  await change(call, { state: 'queued', sendAfter }, 'sending')
  return tell(call)
}

/** Each gets a key of its own, so that each goes alone. */
export async function unpack(call: Message[]): Promise<true> {
  await Messages.bulkWrite(
    call.map(({ _id }) => ({
      updateOne: {
        filter: { _id },
        update: { $set: { state: 'queued', retryKey: randomUUID(), tries: 0 } },
      },
    })),
  )
  return true
}

async function change(call: Message[], set: Partial<Message>, from?: Message['state']): Promise<void> {
  await Messages.updateMany(
    { _id: { $in: call.map(({ _id }) => _id) }, ...(from && { state: from }) },
    { $set: set },
  )
}

function tell(call: Message[]): true {
  for (const { _id } of call) announce('message.changed', { messageId: String(_id) })
  return true
}
