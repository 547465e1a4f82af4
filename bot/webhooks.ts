import { z } from 'zod'
import { storeEvents } from '../server/broker/index.ts'
import { now } from '../server/database/index.ts'
import { AppError, notFound, type Route, route } from '../server/http/index.ts'
import { sawWebhook } from '../server/shop/index.ts'
import { inBackground } from './background.ts'
import { BadBody, BadSignature, type Channel, type Incoming, NotOurs } from './channel.ts'
import { channelNamed } from './channels.ts'
import { whileStoring } from './intake.ts'

/** An event as it lies in the inbox. */
export interface StoredIncoming extends Incoming {
  /** When we had it, milliseconds: a reply token counts from here. */
  receivedAt: number
}

const largestWebhook = 8 * 1024 * 1024

/** The platforms call here: checked, stored once, answered. What follows from it comes later. */
export const webhookRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/webhooks/:channel',
    access: 'anyone',
    summary: 'What a chat platform tells: signed by it',
    params: z.strictObject({ channel: z.string().max(30) }),
    raw: true,
    // The channel itself may take less.
    limit: largestWebhook,
    async handler({ params, headers, body }) {
      const channel = channelNamed(params.channel)
      if (!channel) throw notFound('The channel')
      const bytes = body as unknown as Buffer
      if (bytes.length > channel.limits.webhook) {
        throw new AppError('body.too_large', 'The body is larger than this platform sends.', { status: 413 })
      }
      const events = read(channel, headers, bytes)
      const receivedAt = now().getTime()
      const rows = events.map((incoming) => ({
        eventId: incoming.eventId,
        key: `${params.channel}:${incoming.key}`,
        payload: { ...incoming, receivedAt } satisfies StoredIncoming,
      }))
      await whileStoring(() => storeEvents(params.channel, rows))
      // Nobody waits for it.
      inBackground('Noting the last webhook', () => sawWebhook(params.channel))
      return {}
    },
  }),
  route({
    method: 'GET',
    path: '/webhooks/:channel',
    access: 'anyone',
    summary: 'Where a chat platform asks whether the address is meant',
    params: z.strictObject({ channel: z.string().max(30) }),
    query: z.looseObject({}),
    async handler({ params, query, response }) {
      const channel = channelNamed(params.channel)
      if (!channel?.handshake) throw notFound('The channel')
      const answer = channel.handshake(query)
      if (answer === null) {
        throw new AppError('webhook.token', 'The verify token is not the one in the settings.', {
          status: 403,
        })
      }
      response.type('text').send(answer)
      return undefined
    },
  }),
]

function read(channel: Channel, headers: Parameters<Channel['read']>[0], body: Buffer): Incoming[] {
  try {
    return channel.read(headers, body)
  } catch (error) {
    if (error instanceof BadSignature) {
      throw new AppError('webhook.signature', 'The signature does not fit the body.', { status: 401 })
    }
    if (error instanceof BadBody) {
      throw new AppError('webhook.body', 'The body is not what this platform sends.', { status: 400 })
    }
    if (error instanceof NotOurs) throw notFound('What this webhook is about')
    throw error
  }
}
