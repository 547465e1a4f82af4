import { HTTPFetchError, messagingApi, validateSignature } from '@line/bot-sdk'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/app.ts'
import { listen } from './listen.ts'

/** A webhook as it arrived at the shop. */
export interface Arrived {
  body: string
  signed: boolean
  events: LineEvent[]
}

export interface LineEvent {
  type: string
  webhookEventId: string
  timestamp: number
  mode: string
  replyToken?: string
  deliveryContext: { isRedelivery: boolean }
  source: { type: string; userId?: string; groupId?: string }
  message?: { id: string; type: string; text?: string }
  postback?: { data: string; params?: Record<string, string> }
  [key: string]: unknown
}

export interface LineWorld extends Sandbox {
  client: messagingApi.MessagingApiClient
  blobs: messagingApi.MessagingApiBlobClient
  /** What arrived at the shop's webhook address, in order. */
  arrived: Arrived[]
  /** All events of all webhooks. */
  events(): LineEvent[]
  /** How the shop answers webhooks, after how many milliseconds, and the one page it has. */
  answer: { status: number; afterMs: number; page: string }
}

/** The sandbox, the official SDK pointed at it, and a shop that does nothing but note its webhooks. */
export async function startLine(options: SandboxOptions = {}): Promise<LineWorld> {
  const arrived: Arrived[] = []
  const answer = { status: 200, afterMs: 0, page: '' }
  const shop = await listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.method === 'GET') return response.setHeader('content-type', 'text/html').end(answer.page)
      const body = Buffer.concat(chunks)
      const signature = String(request.headers['x-line-signature'])
      arrived.push({
        body: body.toString(),
        signed: validateSignature(body, sandbox.channel.channelSecret, signature),
        events: JSON.parse(body.toString()).events,
      })
      setTimeout(() => response.writeHead(answer.status).end(), answer.afterMs)
    })
  })
  const sandbox = await createSandbox({ parleyUrl: shop.url.replace('127.0.0.1', 'localhost'), ...options })
  const { accessToken: channelAccessToken } = sandbox.channel
  return {
    ...sandbox,
    client: new messagingApi.MessagingApiClient({ channelAccessToken, baseURL: sandbox.url }),
    blobs: new messagingApi.MessagingApiBlobClient({ channelAccessToken, baseURL: sandbox.url }),
    arrived,
    answer,
    events: () => arrived.flatMap(({ events }) => events),
    async close() {
      await sandbox.close()
      shop.server.close()
      shop.server.closeAllConnections()
    },
  }
}

export interface Refused {
  status: number
  headers: Headers
  body: {
    message: string
    details?: { message: string; property: string }[]
    sentMessages?: { id: string }[]
  }
}

/** What the platform answered to a call that it refused. */
export async function refused(call: Promise<unknown>): Promise<Refused> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof HTTPFetchError)) throw error
    return { status: error.status, headers: error.headers, body: JSON.parse(error.body) }
  }
  throw new Error('The platform accepted what it should refuse')
}
