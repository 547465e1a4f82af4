import { type ErrorRequestHandler, Router } from 'express'
import type { SandboxContext } from '../context.ts'
import { api } from './api.ts'
import { Refusal } from './errors.ts'
import { knobs, platform as name } from './knobs.ts'
import { hostedPages } from './pages.ts'
import { createPlatform } from './platform.ts'
import type { SessionRecord, TransactionRecord } from './records.ts'
import { simPages } from './sim-pages.ts'

export interface IpaymuOptions {
  va: string
  apiKey: string
  /** Waits in ms before a callback that was not answered 200 is sent again. */
  retryDelays?: number[]
}

/** What tests and the phone may do besides the platform's own HTTP. */
export interface IpaymuHandle {
  sessions(): SessionRecord[]
  transactions(): TransactionRecord[]
  pay(id: string): Promise<void>
  refund(id: string): Promise<void>
  settle(id: string): Promise<void>
  /** Moves the platform's clock; what has run out by then expires. */
  advance(ms: number): void
  /** Resolves when no callback is on its way and none waits to be sent again. */
  settled(): Promise<void>
  close(): void
}

/**
 * iPaymu, simulated on the wire: the signed API, the hosted page, codes and QRs, callbacks in both forms, and knobs
 * for everything that can go wrong. `close` the handle when done.
 */
export function ipaymu(
  options: IpaymuOptions,
  context: SandboxContext,
): { router: Router; handle: IpaymuHandle } {
  context.faults.define(name, knobs)
  const retryDelays = options.retryDelays ?? [1000, 5000, 15_000, 60_000, 300_000]
  const { va, apiKey } = options
  const platform = createPlatform({ va, apiKey }, context, { retryDelays })
  const router = Router()
  router.use('/ipaymu/api/v2', api(platform, context.faults))
  router.use('/ipaymu', hostedPages(platform))
  router.use('/__sim/ipaymu', simPages(platform))
  router.use(refuse)

  const tick = () => {
    platform.sweep()
    void platform.callbacks.release()
  }
  const sweeping = setInterval(tick, 1000)
  sweeping.unref()
  const change = (work: () => void) => {
    work()
    return platform.callbacks.release()
  }

  return {
    router,
    handle: {
      sessions: platform.sessions,
      transactions: platform.transactions,
      pay: async (id) => change(() => platform.pay(platform.transaction(id))),
      refund: async (id) => change(() => platform.refund(platform.transaction(id))),
      settle: async (id) => change(() => platform.settle(platform.transaction(id))),
      advance(ms) {
        context.clock.advance(ms)
        tick()
      },
      settled: () => platform.callbacks.settled(),
      close() {
        clearInterval(sweeping)
        platform.callbacks.close()
      },
    },
  }
}

/** What goes wrong on a page is told as a page. */
const refuse: ErrorRequestHandler = (error, _request, response, next) => {
  if (!(error instanceof Refusal)) return next(error)
  response.status(error.status).type('text').send(error.message)
}
