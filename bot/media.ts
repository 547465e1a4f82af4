import type { Types } from 'mongoose'
import { type Media, MediaFiles, Messages } from '../models/conversation.ts'
import { announce } from '../server/broker/index.ts'
import { keepBytes } from '../server/conversation/index.ts'
import { now } from '../server/database/index.ts'
import { inBackground } from './background.ts'
import { Refused } from './channel.ts'
import { channelNamed } from './channels.ts'

const atOnce = 4
const leaseMs = 60_000
const sweepMs = 1000
/** Platforms keep files "for a certain period": after this many tries it is over. 2 s, 4 s … to 10 minutes each. */
const mostTries = 14

let copying = 0
let stopped = true
let timer: NodeJS.Timeout | undefined

/** Copies what customers sent, while the platform still has it. Rows are the truth: what dies is taken up again. */
export function wakeMedia(): void {
  if (stopped || copying >= atOnce) return
  copying += 1
  inBackground('Copying media', async () => {
    try {
      for (let media = await claim(); media && !stopped; media = await claim()) await copy(media)
    } finally {
      copying -= 1
    }
  })
}

/** Starts copying, and looking for what is due again. */
export function startMedia(): void {
  stopped = false
  timer = setInterval(wakeMedia, sweepMs)
}

export function stopMedia(): void {
  stopped = true
  clearInterval(timer)
}

const claim = (): Promise<Media | null> =>
  MediaFiles.findOneAndUpdate(
    { state: 'wanted', 'source.tryAfter': { $lte: now() } },
    { $set: { 'source.tryAfter': new Date(now().getTime() + leaseMs) }, $inc: { 'source.tries': 1 } },
    { returnDocument: 'after' },
  ).lean()

async function copy(media: Media): Promise<void> {
  const { source } = media
  const channel = source && channelNamed(source.channel)
  if (!channel) return
  try {
    const file = await channel.media(source.reference)
    if (file)
      await settle(media._id, {
        state: 'stored',
        type: file.type,
        bytes: await keepBytes(media._id, file.bytes),
        size: file.bytes.length,
      })
    else await settle(media._id, { state: 'gone' })
  } catch (error) {
    if (error instanceof Refused) await settle(media._id, { state: 'gone' }, error.message)
    else if (source.tries >= mostTries) await settle(media._id, { state: 'gone' })
    else await later(media._id, source.tries)
  }
}

/** Does nothing for a file that its author has taken back meanwhile: its row is gone. */
async function settle(_id: Types.ObjectId, found: Partial<Media>, why?: string): Promise<void> {
  await MediaFiles.updateOne({ _id, state: 'wanted' }, { $set: { ...found, source: null } })
  const message = await Messages.findOneAndUpdate(
    { media: _id },
    { $set: { failure: why ?? null } },
    { projection: { _id: 1 } },
  ).lean()
  if (message) announce('message.changed', { messageId: String(message._id) })
}

async function later(_id: Types.ObjectId, tries: number): Promise<void> {
  const wait = Math.min(1000 * 2 ** tries, 600_000)
  await MediaFiles.updateOne(
    { _id, state: 'wanted' },
    { $set: { 'source.tryAfter': new Date(now().getTime() + wait) } },
  )
}
