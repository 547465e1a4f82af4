import express, { type Request, type Response } from 'express'
import { createClock } from '../../sandbox/clock.ts'
import { createFaults, type Faults } from '../../sandbox/faults.ts'
import { type OmiseHandle, omise } from '../../sandbox/omise/index.ts'
import { listen } from './listen.ts'

export const keys = { publicKey: 'pkey_test_sandbox', secretKey: 'skey_test_sandbox' }
export const webhookSecret = Buffer.from('the secret of the shop').toString('base64')

export interface Received {
  headers: Request['headers']
  body: Buffer
}

export interface OmiseSandbox {
  url: string
  handle: OmiseHandle
  faults: Faults
  /** What arrived at the shop's webhook address, in order. */
  received: Received[]
  /** How the shop answers webhooks. */
  answer: { status: number }
  close(): void
}

/** The simulated Omise on a port of its own, and a shop that does nothing but note its webhooks. */
export async function startOmise(
  options: { webhookSecret?: string; dataDir?: string } = {},
): Promise<OmiseSandbox> {
  const received: Received[] = []
  const answer = { status: 200 }
  const shop = express()
  shop.post(
    '/webhooks/payments/omise',
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
  const { router, handle } = omise(
    { ...keys, webhookSecret: options.webhookSecret ?? webhookSecret, retryDelays: [10, 20] },
    { faults, clock: createClock(), parleyUrl: parley.url, dataDir: options.dataDir, url: () => url },
  )
  app.use(router)

  return {
    url,
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

/** A call as any client would make it: status and body, whatever they are. */
export async function call(
  url: string,
  method: string,
  path: string,
  options: { key?: string; body?: unknown; form?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; type: string; body: Record<string, unknown> }> {
  const { key = keys.secretKey, body, form, headers } = options
  const sent = form ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await fetch(url + path, {
    method,
    ...(sent === undefined ? {} : { body: sent }),
    headers: {
      Authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
      'Omise-Version': '2019-05-29',
      ...(sent === undefined
        ? {}
        : { 'Content-Type': form ? 'application/x-www-form-urlencoded' : 'application/json' }),
      ...headers,
    },
  })
  const type = response.headers.get('content-type') ?? ''
  const text = await response.text()
  return { status: response.status, type, body: type.includes('json') ? JSON.parse(text) : { text } }
}
