import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { createSandbox } from '../../sandbox/app.ts'
import { lineKeys } from './chat.ts'

/** What the suite for all channels needs of a platform. */
export interface ChannelDriver {
  env: Record<string, string>
  /** Settings under which the platform cannot be reached. */
  lost: Record<string, string>
  /** A webhook with these events, `text` or `follow`, as the platform would send it. */
  webhook(events: string[]): Promise<{ headers: IncomingHttpHeaders; body: Buffer }>
  sign(body: Buffer): Promise<{ headers: IncomingHttpHeaders }>
  /** Somebody who can be written to. */
  person(): Promise<string>
  /** An id that the platform never gave to anybody. */
  stranger: string
  /** Some card of the platform's own. */
  card: unknown
  received(person: string): Promise<unknown[]>
  close(): Promise<void>
}

export const channelDrivers: Record<string, () => Promise<ChannelDriver>> = { line: driveLine }

async function driveLine(): Promise<ChannelDriver> {
  const sandbox = await createSandbox({ parleyUrl: 'http://127.0.0.1:1' })
  const { channel, line } = sandbox
  const headersFor = (body: Buffer) => ({
    'x-line-signature': createHmac('sha256', channel.channelSecret).update(body).digest('base64'),
  })
  return {
    env: lineKeys(sandbox),
    lost: { LINE_API_URL: 'http://127.0.0.1:1' },
    async webhook(events) {
      const { userId } = line.createUser()
      const frames = events.map((type, index) => ({
        type: type === 'text' ? 'message' : type,
        ...(type === 'text' && { message: { type: 'text', id: `${Date.now()}${index}`, text: 'Grüße 👋' } }),
        source: { type: 'user', userId },
        timestamp: Date.now(),
        mode: 'active',
        webhookEventId: `01${userId}${index}`,
        deliveryContext: { isRedelivery: false },
      }))
      const escaped = JSON.stringify({ destination: channel.botUserId, events: frames }).replace(
        /[\u0080-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
      const body = Buffer.from(escaped)
      return { headers: headersFor(body), body }
    },
    sign: async (body) => ({ headers: headersFor(body) }),
    person: async () => line.createUser().userId,
    stranger: `U${'0'.repeat(32)}`,
    card: {
      type: 'bubble',
      body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: 'A card' }] },
    },
    received: async (person) => line.received(person),
    close: () => sandbox.close(),
  }
}
