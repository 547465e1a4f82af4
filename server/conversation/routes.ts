import mongoose from 'mongoose'
import { z } from 'zod'
import { type Conversation, MediaFiles } from '../../models/conversation.ts'
import { conversationStates } from '../../models/states.ts'
import { Users } from '../../models/user.ts'
import { now } from '../database/index.ts'
import { AppError, notFound, Reply, type Route, route, type StaffCaller } from '../http/index.ts'
import { cannedRoutes } from './canned.ts'
import { listConversations } from './list.ts'
import { largestUpload, mediaHeaders, readMedia, storePicture } from './media.ts'
import { addNote, say } from './say.ts'
import { changeConversation, conversationOf, discard, listMessages, markRead, resend } from './thread.ts'
import { viewConversationById, viewMessages } from './views.ts'

const id = z.string().regex(/^[0-9a-f]{24}$/)
const cursor = z.string().regex(/^\d{1,15}-[0-9a-f]{24}$/)
const ConversationId = z.strictObject({ conversationId: id })
const MessageId = z.strictObject({ messageId: id })
/** Four texts of the longest kind: more than anybody reads in a chat, and it fits into one call. */
const longestText = 20_000

const NewMessage = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    text: z.string().trim().min(1).max(longestText),
    clientId: z.uuid(),
  }),
  z.strictObject({
    kind: z.literal('note'),
    text: z.string().trim().min(1).max(longestText),
    clientId: z.uuid(),
  }),
  z.strictObject({ kind: z.literal('image'), mediaId: id, clientId: z.uuid() }),
])

/** What the console asks about conversations and messages. */
export const routes: Route[] = [
  route({
    method: 'GET',
    path: '/api/conversations',
    access: 'agent',
    summary: 'Conversations, newest first, with the counts of each tab',
    query: z.strictObject({
      status: z.enum([...conversationStates, 'all']).default('open'),
      assignee: z.union([z.enum(['me', 'none', 'all']), id]).default('all'),
      channel: z.string().max(30).optional(),
      q: z.string().trim().min(1).max(100).optional(),
      cursor: cursor.optional(),
    }),
    handler: ({ query, caller }) => listConversations(query, caller.staffId),
  }),
  route({
    method: 'GET',
    path: '/api/conversations/:conversationId',
    access: 'agent',
    summary: 'One conversation',
    params: ConversationId,
    handler: ({ params, caller }) => viewOf(params.conversationId, caller),
  }),
  route({
    method: 'GET',
    path: '/api/conversations/:conversationId/messages',
    access: 'agent',
    summary: 'A page of the thread, oldest first',
    params: ConversationId,
    query: z.strictObject({ before: cursor.optional() }),
    handler: ({ params, query }) => listMessages(params.conversationId, query.before),
  }),
  route({
    method: 'POST',
    path: '/api/conversations/:conversationId/messages',
    access: 'agent',
    summary: 'Answer the customer, or leave a note; the same clientId again is the same message',
    params: ConversationId,
    body: NewMessage,
    async handler({ params, body, caller }) {
      const conversation = await conversationOf(params.conversationId)
      const about = {
        conversation: conversation._id,
        channel: conversation.channel,
        author: caller.staffId,
        clientId: body.clientId,
      }
      if (body.kind === 'note') return viewed(await addNote({ ...about, text: body.text }))
      refuseWhenClosed(conversation)
      if (body.kind === 'text') return viewed(await say({ ...about, kind: 'text', text: body.text }))
      const media = await MediaFiles.findById(body.mediaId, { type: 1, state: 1 }).lean()
      if (media?.state !== 'stored' || !media.type.startsWith('image/')) throw notFound('The picture')
      return viewed(await say({ ...about, kind: 'image', text: '', media: media._id }))
    },
  }),
  route({
    method: 'POST',
    path: '/api/conversations/:conversationId/media',
    access: 'agent',
    summary: 'Upload a picture to send; answers its mediaId',
    params: ConversationId,
    raw: true,
    limit: largestUpload,
    rate: 120,
    async handler({ params, body, request }) {
      await conversationOf(params.conversationId)
      if (!/^image\//.test(request.headers['content-type'] ?? '')) {
        throw new AppError('media.type', 'Send a picture, with its type in the header Content-Type.', {
          status: 415,
        })
      }
      return new Reply(201, { mediaId: String(await storePicture(body as unknown as Buffer)) })
    },
  }),
  route({
    method: 'POST',
    path: '/api/conversations/:conversationId/read',
    access: 'agent',
    summary: 'You have seen everything up to now',
    params: ConversationId,
    async handler({ params, caller }) {
      await markRead(params.conversationId, caller.staffId)
      return {}
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/conversations/:conversationId',
    access: 'agent',
    summary: 'Resolve, snooze, reopen, or give it to somebody',
    params: ConversationId,
    body: z.strictObject({
      state: z.enum(conversationStates).optional(),
      snoozedUntil: z.iso.datetime().nullable().optional(),
      assignee: id.nullable().optional(),
    }),
    async handler({ params, body, caller }) {
      const { state, snoozedUntil, assignee } = body
      if (
        assignee &&
        !(await Users.exists({ _id: assignee, roles: { $in: ['agent', 'manager', 'admin'] } }))
      ) {
        throw notFound('The staff member')
      }
      await changeConversation(
        params.conversationId,
        {
          ...(state && { state }),
          ...(snoozedUntil !== undefined && { snoozedUntil: snoozedUntil ? new Date(snoozedUntil) : null }),
          ...(assignee !== undefined && { assignee }),
        },
        caller,
      )
      return viewOf(params.conversationId, caller)
    },
  }),
  route({
    method: 'POST',
    path: '/api/messages/:messageId/resend',
    access: 'agent',
    summary: 'Send again what failed, or what did not arrive after all',
    params: MessageId,
    handler: async ({ params, caller }) => viewed(await resend(params.messageId, caller)),
  }),
  route({
    method: 'POST',
    path: '/api/messages/:messageId/discard',
    access: 'agent',
    summary: 'Give up a message that failed, or leave one in doubt as it is',
    params: MessageId,
    handler: async ({ params, caller }) => viewed(await discard(params.messageId, caller)),
  }),
  route({
    method: 'GET',
    path: '/media/:key',
    access: 'anyone',
    summary: 'A picture or file of a conversation, by its unguessable name',
    params: z.strictObject({ key: z.string().regex(/^[\w-]{32}$/) }),
    hidden: true,
    async handler({ params, response }) {
      const media = await readMedia(params.key)
      response.set(mediaHeaders(media)).end(media.bytes)
      return undefined
    },
  }),
  ...cannedRoutes,
]

/** Refused before anybody waits for it: the platform would not take what anybody writes now. */
function refuseWhenClosed({ window }: Conversation): void {
  if (!window || now() < window.staff) return
  throw new AppError(
    'conversation.window',
    'The time for answers is over. This platform delivers nothing until the customer writes again.',
    { status: 409, details: { since: window.staff.toISOString() } },
  )
}

async function viewOf(conversationId: string, caller: StaffCaller) {
  const view = mongoose.isValidObjectId(conversationId)
    ? await viewConversationById(conversationId, caller.staffId)
    : null
  if (!view) throw notFound('The conversation')
  return view
}

const viewed = async (message: Parameters<typeof viewMessages>[0][number]) =>
  (await viewMessages([message]))[0]
