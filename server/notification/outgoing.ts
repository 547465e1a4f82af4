import type { Types } from 'mongoose'
import { type Notification, Notifications } from '../../models/notification.ts'
import { inMs, now } from '../database/index.ts'
import { log } from '../log.ts'
import { settings } from '../settings.ts'
import { raiseTask, shopSettings } from '../shop/index.ts'
import { deliverMail, forgetMailServer } from './mail-server.ts'

const pollMs = 2000
const leaseMs = 120_000
const mostTries = 10
/** 5 s, 10 s, 20 s … to an hour. */
const backoff = (tries: number): number => Math.min(5000 * 2 ** (tries - 1), 3_600_000)

let timer: NodeJS.Timeout | undefined
let running: Promise<void> | null = null
let again = false

/** Starts sending what is stored. Several processes may: each mail is leased by one of them. */
export function startMail(): void {
  timer = setInterval(wakeMail, pollMs)
  wakeMail()
}

/** Finishes the mail in hand, and stops. What is left leaves after the next start. */
export async function stopMail(): Promise<void> {
  clearInterval(timer)
  timer = undefined
  await running
  forgetMailServer()
}

/** Something was stored. Does nothing where mails are not sent: another process will find it. */
export function wakeMail(): void {
  // In a transaction it is not there yet: the clock finds it then.
  if (!timer) return
  if (running) {
    again = true
    return
  }
  running = sendAll()
    .catch((error: unknown) => log.warn({ error }, 'Mails wait: the database did not answer'))
    .finally(() => {
      running = null
      if (again) {
        again = false
        wakeMail()
      }
    })
}

/** Resolves when every mail that is due has left or failed: for tests. */
export async function mailIdle(): Promise<void> {
  while (running) await running
  wakeMail()
  while (running) await running
}

async function sendAll(): Promise<void> {
  for (let mail = await claim(); mail; mail = await claim()) {
    await send(mail)
    if (!timer) return
  }
}

/** Takes one mail that is due. Its time moves to the end of the lease: nobody else sees it until then. */
async function claim(): Promise<Notification | null> {
  const until = inMs(leaseMs)
  return Notifications.findOneAndUpdate(
    { state: { $in: ['NEW', 'SENDING'] }, sendAfter: { $lte: now() } },
    { $set: { state: 'SENDING', leaseUntil: until, sendAfter: until }, $inc: { tries: 1 } },
    { sort: { sendAfter: 1 }, returnDocument: 'after' },
  ).lean()
}

/** What a finished mail said is not kept: it may hold a link that opens a door. */
const emptied = { html: '', text: '' }

async function send(mail: Notification): Promise<void> {
  const { smtp } = settings()
  // A shop without mail chose so, and its page of what is missing says it: no task for each receipt.
  if (!smtp)
    return finish(mail._id, { ...emptied, state: 'FAILED', lastError: 'Mail is off: SMTP_URL is not set' })
  const outcome = await deliverMail(mail, smtp, (await shopSettings()).name)
  if (outcome.sent) return finish(mail._id, { ...emptied, state: 'SENT', lastError: null })
  if (outcome.final || mail.tries >= mostTries) return giveUp(mail, outcome.error)
  await finish(mail._id, { state: 'NEW', sendAfter: inMs(backoff(mail.tries)), lastError: outcome.error })
}

async function giveUp(mail: Notification, error: string): Promise<void> {
  await finish(mail._id, { ...emptied, state: 'FAILED', lastError: error })
  await raiseTask({
    kind: 'mail.failed',
    subject: String(mail._id),
    summary: `The mail "${mail.subject}" to ${mail.recipient} could not be sent: ${error}`,
  })
}

async function finish(id: Types.ObjectId, set: Partial<Notification>): Promise<void> {
  await Notifications.updateOne({ _id: id, state: 'SENDING' }, { $set: { ...set, leaseUntil: null } })
}
