import { type Message, Messages } from '../../models/conversation.ts'
import { announce } from '../../server/broker/index.ts'
import { finishTask } from '../../server/shop/index.ts'
import { channelNamed } from '../channels.ts'
import { wakeSender } from '../send.ts'
import { unitsOf } from './render.ts'

/**
 * An echo tells that a message of ours has arrived, whatever became of the answer to its sending: before it, instead
 * of it, or long after. True when it was one of ours.
 */
export async function settleByEcho(
  channel: string,
  echo: { mark: string | null; externalId: string; at: Date },
): Promise<boolean> {
  const [, id, piece] = /^([0-9a-f]{24}):(\d{1,3})$/.exec(echo.mark ?? '') ?? []
  const filter = id
    ? { _id: id, channel, direction: 'out' as const }
    : { channel, externalId: echo.externalId, direction: 'out' as const }
  const message = await Messages.findOneAndUpdate(
    filter,
    {
      $set: { externalId: echo.externalId, sentAt: echo.at },
      ...(piece !== undefined && { $max: { accepted: Number(piece) + 1 } }),
    },
    { returnDocument: 'after' },
  ).lean()
  if (!message) return false
  const from = channelNamed(channel)
  const isWhole = !from || (message.accepted ?? 1) >= unitsOf(message, from)
  await (isWhole ? markSent(message) : goOn(message))
  announce('message.changed', { messageId: String(message._id) })
  return true
}

async function markSent({ _id }: Message): Promise<void> {
  await Messages.updateOne(
    { _id, state: { $in: ['queued', 'sending', 'unknown'] } },
    { $set: { state: 'sent', failure: null, sendAfter: null } },
  )
  await finishTask('message.unknown', String(_id), null)
}

/** A piece of a long message was in doubt, and has arrived: the rest may follow. */
async function goOn({ _id, conversation }: Message): Promise<void> {
  const { modifiedCount } = await Messages.updateOne(
    { _id, state: 'unknown' },
    { $set: { state: 'queued', failure: null, sendAfter: null, tries: 0 } },
  )
  if (!modifiedCount) return
  await finishTask('message.unknown', String(_id), null)
  wakeSender(String(conversation))
}
