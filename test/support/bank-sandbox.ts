import express, { type Router } from 'express'
import { type Clock, createClock } from '../../sandbox/clock.ts'
import type { SandboxContext } from '../../sandbox/context.ts'
import { createFaults, type Faults } from '../../sandbox/faults.ts'
import { listen } from './listen.ts'

export interface BankSandbox<Handle> {
  /** With the simulator's prefix, as the settings would name it. */
  url: string
  handle: Handle
  faults: Faults
  clock: Clock
  close(): void
}

/** One simulated bank on a port of its own. */
export async function startBank<Handle>(
  prefix: string,
  make: (context: SandboxContext) => { router: Router; handle: Handle },
): Promise<BankSandbox<Handle>> {
  const faults = createFaults()
  const clock = createClock()
  const app = express()
  const { server, url } = await listen(app)
  const { router, handle } = make({
    faults,
    clock,
    parleyUrl: 'http://127.0.0.1:3000',
    dataDir: undefined,
    url: () => url,
  })
  app.use(prefix, router)
  return {
    url: url + prefix,
    handle,
    faults,
    clock,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** What the customer presses on a bank's hosted page; where they are sent then. */
export async function press(
  page: string,
  action: 'pay' | 'decline' | 'cancel' | 'leave',
): Promise<string | null> {
  const response = await fetch(page, {
    method: 'POST',
    body: new URLSearchParams({ action }),
    redirect: 'manual',
  })
  return response.headers.get('location')
}
