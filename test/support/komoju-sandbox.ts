import express, { type Request, type Response } from 'express'
import { createClock } from '../../sandbox/clock.ts'
import { createFaults, type Faults } from '../../sandbox/faults.ts'
import { type KomojuHandle, komoju } from '../../sandbox/komoju/index.ts'
import { listen } from './listen.ts'

export const keys = { secretKey: 'sk_test_the-key-of-the-shop', webhookSecret: 'the secret of the webhook' }

export interface KomojuSandbox {
  /** As `KOMOJU_API_URL` would name it. */
  url: string
  handle: KomojuHandle
  faults: Faults
  /** What arrived at the shop's webhook address, in order. */
  received: { headers: Request['headers']; body: Buffer }[]
  /** How the shop answers webhooks. */
  answer: { status: number }
  close(): void
}

/** The simulated KOMOJU on a port of its own, and a shop that does nothing but note its webhooks. */
export async function startKomoju(options: { dataDir?: string } = {}): Promise<KomojuSandbox> {
  const received: KomojuSandbox['received'] = []
  const answer = { status: 200 }
  const shop = express()
  shop.post(
    '/webhooks/payments/komoju',
    express.raw({ type: () => true }),
    (request: Request, response: Response) => {
      received.push({ headers: request.headers, body: request.body as Buffer })
      response.sendStatus(answer.status)
    },
  )
  const parley = await listen(shop)

  const faults = createFaults()
  const app = express()
  const { server, url } = await listen(app)
  const { router, handle } = komoju(
    { ...keys, retryDelays: [10, 20] },
    { faults, clock: createClock(), parleyUrl: parley.url, dataDir: options.dataDir, url: () => url },
  )
  app.use(router)

  return {
    url: `${url}/komoju`,
    handle,
    faults,
    received,
    answer,
    close() {
      handle.close()
      for (const one of [server, parley.server]) {
        one.close()
        one.closeAllConnections()
      }
    },
  }
}

/** What a customer does on a session's page, as their browser sends it. */
export const press = (page: string, fields: Record<string, string>): Promise<globalThis.Response> =>
  fetch(page, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

/** A call as any client would make it: status and body, whatever they are. */
export async function callKomoju(
  { url }: { url: string },
  method: string,
  path: string,
  options: { body?: unknown; key?: string; secretKey?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { body, key, secretKey = keys.secretKey, headers } = options
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`,
      'X-KOMOJU-API-VERSION': '2025-01-28',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(key === undefined ? {} : { 'X-KOMOJU-IDEMPOTENCY': key }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
