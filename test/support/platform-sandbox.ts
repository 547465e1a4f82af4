import type { Server } from 'node:http'
import express, { type Request, type Response, type Router } from 'express'
import { type Clock, createClock } from '../../sandbox/clock.ts'
import type { SandboxContext } from '../../sandbox/context.ts'
import { createFaults, type Faults } from '../../sandbox/faults.ts'
import { listen } from './listen.ts'

export interface Received {
  headers: Request['headers']
  body: Buffer
}

export interface PlatformSandbox<Handle> {
  /** With the simulator's prefix, as the settings would name it. */
  url: string
  /** Where the shop is reached: the address of its webhooks begins so. */
  shopUrl: string
  handle: Handle
  faults: Faults
  clock: Clock
  /** What arrived at the shop's webhook address, in order. */
  received: Received[]
  /** How the shop answers webhooks. */
  answer: { status: number }
  close(): void
}

interface Platform<Handle> {
  /** Where the platform's own paths begin. */
  prefix: string
  /** Where the shop hears of events. */
  webhooks: string
  dataDir?: string | undefined
  make(context: SandboxContext): { router: Router; handle: Handle }
  /** Whether the router knows the prefix itself. */
  knowsPrefix?: boolean
}

/** One simulated platform on a port of its own, and a shop that does nothing but note its webhooks. */
export async function startPlatform<Handle extends object>(
  platform: Platform<Handle>,
): Promise<PlatformSandbox<Handle>> {
  const { prefix, webhooks, dataDir, make, knowsPrefix } = platform
  const received: Received[] = []
  const answer = { status: 200 }
  const shop = express()
  shop.post(webhooks, express.raw({ type: () => true }), (request: Request, response: Response) => {
    received.push({ headers: request.headers, body: request.body as Buffer })
    response.sendStatus(answer.status)
  })
  const parley = await listen(shop)

  const faults = createFaults()
  const clock = createClock()
  const app = express()
  const { server, url } = await listen(app)
  const { router, handle } = make({ faults, clock, parleyUrl: parley.url, dataDir, url: () => url })
  app.use(knowsPrefix ? '/' : prefix, router)

  return {
    url: url + prefix,
    shopUrl: parley.url,
    handle,
    faults,
    clock,
    received,
    answer,
    close() {
      if ('close' in handle && typeof handle.close === 'function') handle.close()
      for (const one of [server, parley.server]) end(one)
    },
  }
}

function end(server: Server): void {
  server.close()
  server.closeAllConnections()
}
