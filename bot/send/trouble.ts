import { finishTask, raiseTask } from '../../server/shop/index.ts'
import type { Refused } from '../channel.ts'

/** What stops everything that a channel sends, so that somebody must hear of it even while nobody looks at a chat. */
const stopping = ['token', 'quota', 'restricted'] as const
type Stopping = (typeof stopping)[number]

const isStopping = (reason: Refused['reason']): reason is Stopping =>
  (stopping as readonly string[]).includes(reason)

const lookEveryMs = 30_000
/** When this process last made sure that nothing stands against a channel. */
const soundAt = new Map<string, number>()

/** Puts before the staff that a platform takes nothing more from us; the *ready to go live* page shows it as well. */
export async function noteTrouble(
  channel: string,
  reason: Refused['reason'],
  summary: string,
): Promise<void> {
  if (!isStopping(reason)) return
  soundAt.delete(channel)
  await raiseTask({ kind: `channel.${reason}`, subject: channel, summary })
}

/**
 * The platform takes messages again: what stood against it is done. Asked of the database only now and then, as a rule
 * nothing stands there. Answers are free while the month's messages are used up: only a push shows that there are new.
 */
export async function noteSound(channel: string, byReply: boolean): Promise<void> {
  if (Date.now() - (soundAt.get(channel) ?? 0) < lookEveryMs) return
  const over = stopping.filter((reason) => !(byReply && reason === 'quota'))
  for (const reason of over) await finishTask(`channel.${reason}`, channel, null)
  if (!byReply) soundAt.set(channel, Date.now())
}
