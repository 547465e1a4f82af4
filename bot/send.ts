import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Types } from 'mongoose'
import { type Conversation, Conversations, type Message, Messages } from '../models/conversation.ts'
import { Customers } from '../models/customer.ts'
import { announce } from '../server/broker/index.ts'
import { claimReplyToken } from '../server/conversation/index.ts'
import { setReachable } from '../server/customer/index.ts'
import { now } from '../server/database/index.ts'
import { lose } from './acquaintances.ts'
import { inBackground } from './background.ts'
import { type Channel, type Outgoing, Partly, Refused, TryLater } from './channel.ts'
import { channelNamed } from './channels.ts'
import { failed, inDoubt, putBack, sent, unpack } from './send/outcome.ts'
import { markOf, render, unitsOf } from './send/render.ts'
import { noteSound } from './send/trouble.ts'
import { windowAt } from './window.ts'

const owner = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
/** Longer than any call to a platform takes, and short enough to wait for after a crash. */
const leaseMs = 12_000
const sweepMs = 1000
/** LINE forgets a retry key after a day: later than this the same key would be a second message. */
const keyLivesMs = 23 * 3600_000

/** Conversations that this process is sending to; true when there may be more since it last looked. */
const sending = new Map<string, { again: boolean }>()
let timer: NodeJS.Timeout | undefined
let stopped = true

/** Sends what waits in a conversation, one call after another, without waiting for it. */
export function wakeSender(conversationId: string): void {
  if (stopped) return
  const current = sending.get(conversationId)
  if (current) {
    current.again = true
    return
  }
  const mark = { again: false }
  sending.set(conversationId, mark)
  inBackground('Sending', async () => {
    try {
      do {
        mark.again = false
        await sendAll(conversationId)
      } while (mark.again && !stopped)
    } finally {
      sending.delete(conversationId)
    }
  })
}

/** Starts sending, and looking for what no event woke. */
export function startSender(): void {
  stopped = false
  const sweep = async () => {
    for (const { _id } of await waitingConversations()) wakeSender(String(_id))
  }
  inBackground('Looking for messages to send', sweep)
  timer = setInterval(() => inBackground('Looking for messages to send', sweep), sweepMs)
}

/** Starts no further call; those under way are finished in the background. */
export function stopSender(): void {
  stopped = true
  clearInterval(timer)
}

const waitingConversations = () =>
  Messages.aggregate<{ _id: Types.ObjectId }>([
    {
      $match: {
        state: { $in: ['queued', 'sending'] },
        $or: [{ sendAfter: null }, { sendAfter: { $lte: now() } }],
      },
    },
    { $group: { _id: '$conversation' } },
    { $limit: 500 },
  ]).option({ hint: 'to_send' })

async function sendAll(conversationId: string): Promise<void> {
  const conversation = await takeLease(conversationId)
  // Another process is at it; what it leaves is found by the sweep.
  if (!conversation) return
  const channel = channelNamed(conversation.channel)
  try {
    while (channel && !stopped) {
      const call = await nextCall(conversation, channel)
      if (!call || !(await sendCall(conversation, channel, call))) break
      await renewLease(conversation)
    }
  } finally {
    await Conversations.updateOne(
      { _id: conversation._id, 'sendLease.owner': owner },
      { $set: { sendLease: null } },
    )
  }
}

const newLease = () => ({ owner, until: new Date(now().getTime() + leaseMs) })

const takeLease = (conversationId: string): Promise<Conversation | null> =>
  Conversations.findOneAndUpdate(
    { _id: conversationId, $or: [{ sendLease: null }, { 'sendLease.until': { $lt: now() } }] },
    { $set: { sendLease: newLease() } },
    { returnDocument: 'after', timestamps: false },
  ).lean()

const renewLease = (conversation: Conversation) =>
  Conversations.updateOne(
    { _id: conversation._id, 'sendLease.owner': owner },
    { $set: { sendLease: newLease() } },
    { timestamps: false },
  )

/**
 * The messages of the next call, in order. Those that were being sent when their process died come first: a push
 * goes again under its key, and of a reply nobody knows whether it arrived.
 */
async function nextCall(conversation: Conversation, channel: Channel): Promise<Message[] | null> {
  const waiting = await Messages.find({
    conversation: conversation._id,
    state: { $in: ['queued', 'sending'] },
  })
    .sort({ _id: 1 })
    .limit(20)
    .lean()
  const cutOff = waiting.filter(
    ({ state, via }) => state === 'sending' && (via === 'reply' || !channel.limits.retryKeys),
  )
  if (cutOff.length) {
    await inDoubt(cutOff)
    return nextCall(conversation, channel)
  }
  const [first] = waiting
  if (!first || (first.sendAfter && first.sendAfter > now())) return null
  // What left together under one key may only go again together: the platform compares nothing but the key.
  if (first.retryKey) return waiting.filter(({ retryKey }) => retryKey === first.retryKey)
  return pack(waiting, channel)
}

function pack(waiting: Message[], channel: Channel): Message[] {
  const packed: Message[] = []
  let units = 0
  for (const message of waiting) {
    units += unitsOf(message, channel)
    if (packed.length && (units > channel.limits.messagesPerCall || message.retryKey || message.sendAfter))
      break
    packed.push(message)
  }
  return packed
}

/** Makes one call; true when the next may follow at once. */
async function sendCall(conversation: Conversation, channel: Channel, call: Message[]): Promise<boolean> {
  const whole = await render(call, channel)
  if (!whole) return failed(call, new Refused('invalid', 'There is nothing in it to send'), conversation)
  const byPerson = isByPerson(call)
  if (await isBlocked(conversation, channel, byPerson)) {
    return failed(call, new Refused('blocked', ''), conversation)
  }
  const window = windowAt(channel, conversation, now())
  if (window === 'closed' || (window === 'staff' && !byPerson)) {
    return failed(call, new Refused('window', ''), conversation)
  }
  // Of a long message the first pieces may be there already.
  const done = call[0]?.accepted ?? 0
  const messages = whole.slice(done)
  if (!messages.length) return sent(call, [], channel)

  const known = call[0]?.retryKey ?? null
  if (known && isTooOld(call)) return inDoubt(call)
  // Free of charge while it lasts. It is taken before the messages are marked: a crash in between costs a push.
  const replyToken = known ? null : await claimReplyToken(conversation._id, channel.limits.replyWindow)
  const retryKey = known ?? randomUUID()
  const { matchedCount } = await Messages.updateMany(
    { _id: { $in: call.map(({ _id }) => _id) }, state: { $in: ['queued', 'sending'] } },
    {
      $set: { state: 'sending', via: replyToken ? 'reply' : 'push', retryKey: replyToken ? null : retryKey },
      $inc: { tries: 1 },
    },
  )
  // An echo has told at this very moment that one of them is there already: look again.
  if (matchedCount < call.length) return putBack(call, { after: 0 })
  try {
    const outgoing = { to: conversation.externalId, messages, replyToken, retryKey, byPerson }
    const marks = marksOf(call, channel).slice(done)
    const { ids } = await sendInTime(channel, { ...outgoing, marks, window })
    const { channel: name } = conversation
    inBackground('Closing what stood against a channel', () => noteSound(name, replyToken !== null))
    return await sent(call, ids, channel)
  } catch (error) {
    return settle(error, call, { conversation, byReply: replyToken !== null })
  }
}

const isByPerson = (call: Message[]) => call.every(({ author }) => author !== 'bot')

const marksOf = (call: Message[], channel: Channel): string[] =>
  call.flatMap((message) =>
    Array.from({ length: unitsOf(message, channel) }, (_, piece) => markOf(message, piece)),
  )

/** The window may close between our look at the clock and the platform's: what staff write goes the other way then. */
async function sendInTime(channel: Channel, outgoing: Outgoing) {
  try {
    return await channel.send(outgoing)
  } catch (error) {
    const isOver = error instanceof Refused && error.reason === 'window'
    if (!isOver || !outgoing.byPerson || outgoing.window === 'staff') throw error
    return channel.send({ ...outgoing, window: 'staff' })
  }
}

/** What a failed call leads to. */
async function settle(
  error: unknown,
  call: Message[],
  about: { conversation: Conversation; byReply: boolean },
): Promise<boolean> {
  const { conversation, byReply } = about
  if (error instanceof Partly) {
    const [message] = call
    const accepted = (message?.accepted ?? 0) + error.ids.length
    if (message) await Messages.updateOne({ _id: message._id }, { $max: { accepted } })
    return settle(error.cause, call, about)
  }
  if (error instanceof Refused) {
    // Used, or too old: nothing was sent, and a push will do.
    if (byReply && error.reason === 'reply_token') return putBack(call, { after: 0 })
    // One message may have spoiled the call for the others.
    if (error.reason === 'invalid' && call.length > 1) return unpack(call)
    if (error.reason === 'blocked') await setUnreachable(conversation)
    return failed(call, error, conversation)
  }
  if (error instanceof TryLater) {
    const tries = (call[0]?.tries ?? 0) + 1
    await putBack(call, { after: Math.max(error.after, Math.min(1000 * 2 ** tries, 300_000)) })
    return false
  }
  return inDoubt(call)
}

const isTooOld = (call: Message[]) =>
  call.some(({ at, tries }) => tries > 0 && now().getTime() - at.getTime() > keyLivesMs)

/** The platform tells only now that they have blocked us. Their next word makes it good. */
async function setUnreachable({ _id, channel, externalId }: Conversation): Promise<void> {
  lose({ channel, externalId })
  await setReachable(channel, externalId, false)
  announce('conversation.changed', { conversationId: String(_id) })
}

/** Where nobody tells us that they are back, a person of the staff may try. */
async function isBlocked(
  { channel, externalId, customer }: Conversation,
  { limits }: Channel,
  byPerson: boolean,
): Promise<boolean> {
  if (byPerson && !limits.tellsReturn) return false
  const found = await Customers.exists({
    _id: customer,
    identities: { $elemMatch: { channel, externalId, reachable: false } },
  })
  return found !== null
}
