import { Conversations } from '../../models/conversation.ts'
import { announce } from '../broker/index.ts'
import { now } from '../database/index.ts'

/** Opens conversations whose snooze is over. */
export async function wakeSnoozed(): Promise<void> {
  const due = { state: 'snoozed' as const, snoozedUntil: { $lte: now() } }
  const found = await Conversations.find(due, { _id: 1 }).limit(200).lean()
  if (!found.length) return
  await Conversations.updateMany(
    { ...due, _id: { $in: found.map(({ _id }) => _id) } },
    { $set: { state: 'open', snoozedUntil: null } },
  )
  for (const { _id } of found) announce('conversation.changed', { conversationId: String(_id) })
}
