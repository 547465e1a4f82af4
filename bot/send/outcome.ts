import { randomUUID } from 'node:crypto'
import { type Message, Messages } from '../../models/conversation.ts'
import { announce } from '../../server/broker/index.ts'
import { now } from '../../server/database/index.ts'
import { hasWord, translate } from '../../server/language/index.ts'
import { raiseTask, shopSettings } from '../../server/shop/index.ts'
import type { Channel, Refused } from '../channel.ts'
import { unitsOf } from './render.ts'

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
          update: { $set: { state: 'sent', externalId, failure: null, sendAfter: null } },
        },
      }
    }),
  )
  return tell(call)
}

/** The platform will not take them, and staff read why. */
export async function failed(call: Message[], { reason, message: answer }: Refused): Promise<true> {
  const { language } = await shopSettings()
  const key = `chat.failure.${reason}`
  const failure = translate(language, hasWord(key) ? key : 'chat.failure.other', { answer })
  const channel = call[0]?.channel ?? ''
  // These stop everything that goes out, so somebody must hear of them even while nobody looks at this chat.
  if (reason === 'token' || reason === 'quota') {
    await raiseTask({ kind: `channel.${reason}`, subject: channel, summary: failure })
  }
  await change(call, { state: 'failed', failure, sendAfter: null })
  return tell(call)
}

/** Nobody knows whether they arrived, and there is no way to ask: staff look at the chat and decide. */
export async function inDoubt(call: Message[]): Promise<true> {
  const { language } = await shopSettings()
  const failure = translate(language, 'chat.failure.unknown')
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
  await change(call, { state: 'unknown', failure, sendAfter: null })
  return tell(call)
}

/** Nothing was accepted, or the key makes a second try safe: they wait for their next turn. */
export async function putBack(call: Message[], { after }: { after: number }): Promise<true> {
  await change(call, { state: 'queued', sendAfter: after ? new Date(now().getTime() + after) : null })
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

async function change(call: Message[], set: Partial<Message>): Promise<void> {
  await Messages.updateMany({ _id: { $in: call.map(({ _id }) => _id) } }, { $set: set })
}

function tell(call: Message[]): true {
  for (const { _id } of call) announce('message.changed', { messageId: String(_id) })
  return true
}
