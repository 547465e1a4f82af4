import mongoose, { type Types } from 'mongoose'
import { Conversations, type Message, Messages } from '../../models/conversation.ts'
import { now } from '../database/index.ts'
import { shopSettings } from '../shop/index.ts'
import { dropMedia } from './media-parts.ts'

const day = 86_400_000
const batch = 500

type Old = Pick<Message, '_id' | 'conversation' | 'media'>

/**
 * Erases what was said longer ago than the shop keeps it, with its files. Killed in the middle, the next run finds the
 * rest: a message goes after its file. What may be said only once leaves an empty row, so that it is not said again.
 */
export async function eraseOld(): Promise<void> {
  const { retentionDays } = await shopSettings()
  const until = new Date(now().getTime() - retentionDays * day)
  for (let old = await findOld(until); old.length; old = await findOld(until)) await erase(old, until)
}

/** Ids tell when they were made: no index of its own is needed. */
const findOld = (until: Date): Promise<Old[]> =>
  Messages.find(
    {
      _id: { $lt: mongoose.Types.ObjectId.createFromTime(until.getTime() / 1000) },
      state: { $nin: ['queued', 'sending'] },
      erased: { $exists: false },
    },
    { conversation: 1, media: 1 },
  )
    .sort({ _id: 1 })
    .limit(batch)
    .lean()

async function erase(old: Old[], until: Date): Promise<void> {
  const these = { _id: { $in: old.map(({ _id }) => _id) } }
  for (const { media } of old) if (media) await dropUnlessUsed(media, these._id.$in)
  await Conversations.updateMany(
    { _id: { $in: old.map(({ conversation }) => conversation) }, lastMessageAt: { $lt: until } },
    { $set: { preview: '' } },
  )
  await Messages.deleteMany({ ...these, once: { $exists: false } })
  await Messages.updateMany(these, {
    $set: { text: '', data: null, card: null, media: null, erased: true },
  })
}

async function dropUnlessUsed(media: Types.ObjectId, by: Types.ObjectId[]): Promise<void> {
  if (!(await Messages.exists({ media, _id: { $nin: by } }))) await dropMedia(media)
}
