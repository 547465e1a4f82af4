import { createHash, createHmac } from 'node:crypto'
import express, { type Request, type Response } from 'express'
import { createClock } from '../../sandbox/clock.ts'
import { createFaults, type Faults } from '../../sandbox/faults.ts'
import { type IpaymuHandle, ipaymu } from '../../sandbox/ipaymu/index.ts'
import { listen } from './listen.ts'

export const account = { va: '1179000899', apiKey: 'SANDBOX0123456789ABCDEF' }

export interface IpaymuSandbox {
  /** With the simulator's prefix, as `IPAYMU_API_URL` would name it. */
  url: string
  /** Where the shop is reached: its callback's address begins so. */
  shopUrl: string
  handle: IpaymuHandle
  faults: Faults
  /** What arrived at the shop's callback address, in order. */
  received: { headers: Request['headers']; body: Buffer }[]
  /** How the shop answers callbacks. */
  answer: { status: number }
  close(): void
}

/** The simulated iPaymu on a port of its own, and a shop that does nothing but note its callbacks. */
export async function startIpaymu(): Promise<IpaymuSandbox> {
  const received: IpaymuSandbox['received'] = []
  const answer = { status: 200 }
  const shop = express()
  shop.post('/ipaymu/callback', express.raw({ type: () => true }), (request: Request, response: Response) => {
    received.push({ headers: request.headers, body: request.body as Buffer })
    response.sendStatus(answer.status)
  })
  const parley = await listen(shop)

  const faults = createFaults()
  const app = express()
  const { server, url } = await listen(app)
  const { router, handle } = ipaymu(
    { ...account, retryDelays: [10, 20] },
    { faults, clock: createClock(), parleyUrl: parley.url, dataDir: undefined, url: () => url },
  )
  app.use(router)

  return {
    url: `${url}/ipaymu`,
    shopUrl: parley.url,
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

/** A signed call as any client would make it: status and body, whatever they are. */
export async function callIpaymu(
  { url }: { url: string },
  path: string,
  body: unknown,
  { va = account.va, apiKey = account.apiKey, headers = {} } = {},
): Promise<{ status: number; body: { Status: number; Success: boolean; Message: string; Data: never } }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const hash = createHash('sha256').update(text).digest('hex')
  const response = await fetch(`${url}/api/v2${path}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      va,
      signature: createHmac('sha256', apiKey).update(`POST:${va}:${hash}:${apiKey}`).digest('hex'),
      timestamp: '20261121173000',
      ...headers,
    },
    body: text,
  })
  return { status: response.status, body: (await response.json()) as never }
}
