import mongoose from 'mongoose'
import {
  type Conversation,
  Conversations,
  type Message,
  Messages,
  ReadStates,
} from '../../models/conversation.ts'
import { announce, publish } from '../broker/index.ts'
import { isDuplicate, now, transaction } from '../database/index.ts'
import { AppError, notFound, type StaffCaller } from '../http/index.ts'
import { audit, finishTask } from '../shop/index.ts'
import type { MessageView } from './contract.ts'
import { viewMessages } from './views.ts'

const page = 50

/** The conversation; throws 404 for one that is not there. */
export async function conversationOf(id: string): Promise<Conversation> {
  const conversation = await Conversations.findById(id).lean()
  if (!conversation) throw notFound('The conversation')
  return conversation
}

/** A page of the thread, oldest first, and what to ask for to see what was before it. */
export async function listMessages(
  conversationId: string,
  before?: string,
): Promise<{ messages: MessageView[]; before: string | null }> {
  await conversationOf(conversationId)
  const filter = { conversation: conversationId, ...(before && earlier(before)) }
  const found = await Messages.find(filter)
    .sort({ at: -1, _id: -1 })
    .limit(page + 1)
    .lean()
  const shown = found.slice(0, page)
  const first = shown.at(-1)
  return {
    messages: await viewMessages(shown.reverse()),
    before: found.length > page && first ? `${first.at.getTime()}-${first._id}` : null,
  }
}

function earlier(before: string) {
  const [time, id] = before.split('-')
  const at = new Date(Number(time))
  return { $or: [{ at: { $lt: at } }, { at, _id: { $lt: new mongoose.Types.ObjectId(id) } }] }
}

/** A staff member has seen the conversation up to now. */
export async function markRead(conversationId: string, staffId: string): Promise<void> {
  await conversationOf(conversationId)
  try {
    await ReadStates.updateOne(
      { staff: staffId, conversation: conversationId },
      { $max: { readAt: now() } },
      { upsert: true },
    )
  } catch (error) {
    // Two windows of one person at once: one row is enough.
    if (!isDuplicate(error)) throw error
  }
}

/** What staff decide about a conversation: who answers it, and whether it is done. */
export async function changeConversation(
  id: string,
  changes: { state?: Conversation['state']; snoozedUntil?: Date | null; assignee?: string | null },
  by: StaffCaller,
): Promise<void> {
  const { state, snoozedUntil, assignee } = changes
  if (state === 'snoozed' && !(snoozedUntil && snoozedUntil > now())) {
    throw new AppError('conversation.snooze', 'Say until when to snooze: a time that is still to come.')
  }
  const set: Partial<Conversation> = {
    ...(state && { state, snoozedUntil: state === 'snoozed' ? (snoozedUntil ?? null) : null }),
    ...(state === 'resolved' && { waitingSince: null }),
    ...(assignee !== undefined && { assignee: assignee ? new mongoose.Types.ObjectId(assignee) : null }),
  }
  await transaction(async (session) => {
    const before = await Conversations.findByIdAndUpdate(id, { $set: set }, { session }).lean()
    if (!before) throw notFound('The conversation')
    await audit(
      {
        by: by.staffId,
        byName: by.name,
        action: 'conversation.changed',
        subject: id,
        details: {
          ...(state && { state: [before.state, state] }),
          ...(assignee !== undefined && { assignee: [before.assignee && String(before.assignee), assignee] }),
        },
      },
      session,
    )
  })
  announce('conversation.changed', { conversationId: id })
}

/** Sends again what failed, or what nobody knows the end of: staff have looked, and it did not arrive. */
export async function resend(messageId: string, by: StaffCaller): Promise<Message> {
  return decide(messageId, by, 'message.resent', {
    state: 'queued',
    failure: null,
    // A new key: under the old one the platform would take it for the try that it has refused.
    retryKey: null,
    via: null,
    tries: 0,
    sendAfter: null,
  })
}

/** Leaves a message that failed, or whose end nobody knows, as it is. */
export async function discard(messageId: string, by: StaffCaller): Promise<Message> {
  return decide(messageId, by, 'message.discarded', { state: 'unsent' })
}

async function decide(
  messageId: string,
  by: StaffCaller,
  action: string,
  set: Partial<Message>,
): Promise<Message> {
  const message = await transaction(async (session) => {
    const found = await Messages.findOneAndUpdate(
      { _id: messageId, direction: 'out', state: { $in: ['failed', 'unknown'] } },
      { $set: set },
      { session, returnDocument: 'after' },
    ).lean()
    if (!found) {
      throw new AppError(
        'message.settled',
        'This message is neither failed nor in doubt any more. Look at the thread again.',
        { status: 409, reload: true },
      )
    }
    for (const kind of ['message.unknown', 'message.window']) {
      await finishTask(kind, messageId, new mongoose.Types.ObjectId(by.staffId), session)
    }
    await audit({ by: by.staffId, byName: by.name, action, subject: messageId }, session)
    if (found.state === 'queued') {
      const conversationId = String(found.conversation)
      await publish(session, 'message.queued', conversationId, { conversationId })
    }
    return found
  })
  announce('message.changed', { messageId })
  return message
}
