import { z } from 'zod'
import { CannedReplies, type CannedReply } from '../../models/conversation.ts'
import { languages } from '../../models/states.ts'
import { isDuplicate } from '../database/index.ts'
import { AppError, notFound, type Route, route } from '../http/index.ts'

const CannedId = z.strictObject({ cannedId: z.string().regex(/^[0-9a-f]{24}$/) })
const NewCanned = z.strictObject({
  shortcut: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{M}\p{N}_-]{1,30}$/u),
  text: z.string().trim().min(1).max(5000),
  language: z.enum(languages).nullable().default(null),
})

const view = ({ _id, shortcut, text, language }: CannedReply) => ({
  id: String(_id),
  shortcut,
  text,
  language,
})

/** Answers that staff keep at hand, by shortcut. */
export const cannedRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/canned-replies',
    access: 'agent',
    summary: 'The answers at hand',
    async handler() {
      const found = await CannedReplies.find().sort({ shortcut: 1, language: 1 }).limit(500).lean()
      return { cannedReplies: found.map(view) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/canned-replies',
    access: 'agent',
    summary: 'Keep an answer at hand',
    body: NewCanned,
    handler: ({ body }) => unlessTaken(async () => view((await CannedReplies.create(body)).toObject())),
  }),
  route({
    method: 'PUT',
    path: '/api/canned-replies/:cannedId',
    access: 'agent',
    summary: 'Change an answer at hand',
    params: CannedId,
    body: NewCanned,
    handler: ({ params, body }) =>
      unlessTaken(async () => {
        const changed = await CannedReplies.findByIdAndUpdate(
          params.cannedId,
          { $set: body },
          { returnDocument: 'after' },
        ).lean()
        if (!changed) throw notFound('The answer')
        return view(changed)
      }),
  }),
  route({
    method: 'DELETE',
    path: '/api/canned-replies/:cannedId',
    access: 'agent',
    summary: 'Remove an answer at hand',
    params: CannedId,
    async handler({ params }) {
      await CannedReplies.deleteOne({ _id: params.cannedId })
      return {}
    },
  }),
]

async function unlessTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isDuplicate(error)) throw error
    throw new AppError('canned.taken', 'There is an answer with this shortcut already. Choose another one.', {
      status: 409,
    })
  }
}
