import express, { type Request, type Response } from 'express'
import { type Clock, createClock } from '../../sandbox/clock.ts'
import { createFaults, type Faults } from '../../sandbox/faults.ts'
import { type SbpHandle, type SbpOptions, sbp } from '../../sandbox/sbp/index.ts'
import { listen } from './listen.ts'

export const keys = { shopId: '100500', secretKey: 'test_the-secret-key-of-the-shop' }

export interface SbpSandbox {
  /** With the simulator's prefix, as `SBP_API_URL` would name it. */
  url: string
  handle: SbpHandle
  faults: Faults
  clock: Clock
  /** What arrived at the shop's webhook address, in order. */
  received: { headers: Request['headers']; body: Buffer }[]
  /** How the shop answers notifications. */
  answer: { status: number }
  close(): void
}

/** The simulated platform on a port of its own, and a shop that does nothing but note its notifications. */
export async function startSbp(options: Partial<SbpOptions> = {}): Promise<SbpSandbox> {
  const received: SbpSandbox['received'] = []
  const answer = { status: 200 }
  const shop = express()
  shop.post(
    '/webhooks/payments/sbp',
    express.raw({ type: () => true }),
    (request: Request, response: Response) => {
      received.push({ headers: request.headers, body: request.body as Buffer })
      response.sendStatus(answer.status)
    },
  )
  const parley = await listen(shop)

  const faults = createFaults()
  const clock = createClock()
  const app = express()
  const { server, url } = await listen(app)
  const { router, handle } = sbp(
    { ...keys, retryDelays: [10, 20], ...options },
    { faults, clock, parleyUrl: parley.url, dataDir: undefined, url: () => url },
  )
  app.use('/sbp', router)

  return {
    url: `${url}/sbp`,
    handle,
    faults,
    clock,
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
export async function callSbp(
  { url }: { url: string },
  method: string,
  path: string,
  options: { body?: unknown; key?: string; secretKey?: string } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { body, key, secretKey = keys.secretKey } = options
  const response = await fetch(`${url}/v3${path}`, {
    method,
    headers: {
      Authorization: `Basic ${Buffer.from(`${keys.shopId}:${secretKey}`).toString('base64')}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(key === undefined ? {} : { 'Idempotence-Key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
