import { randomUUID } from 'node:crypto'
import type { ClientSession } from 'mongoose'
import { Notifications } from '../../models/notification.ts'
import type { Language } from '../../models/states.ts'
import { isDuplicate, now } from '../database/index.ts'
import { wakeMail } from './outgoing.ts'
import { type MailTemplate, renderMail } from './render.ts'

export interface NewMail {
  /** What it tells of: the same event is told to the same person once. Without one, every call is a mail of its own. */
  event?: string
  to: string
  template: MailTemplate
  language: Language
  data: Record<string, unknown>
  /** The transaction that causes it, if there is one. */
  session?: ClientSession
}

/** Stores a mail; it leaves by itself soon after, and again until the mail server has taken it. */
export async function sendMail({ event, to, template, language, data, session }: NewMail): Promise<void> {
  const mail = await renderMail(template, language, data)
  const recipient = to.trim().toLowerCase()
  try {
    await Notifications.updateOne(
      { event: event ?? randomUUID(), channel: 'mail', recipient },
      { $setOnInsert: { ...mail, state: 'NEW', sendAfter: now() } },
      { upsert: true, ...(session && { session }) },
    )
  } catch (error) {
    // Told at the same moment by somebody else. Inside a transaction the error must reach it, which tries again.
    if (session || !isDuplicate(error)) throw error
  }
  wakeMail()
}
