import { type Request, Router } from 'express'
import type { SandboxContext } from '../context.ts'
import { endpoints } from './api.ts'
import type { Komoju, KomojuHandle, KomojuOptions } from './contract.ts'
import { notFound } from './errors.ts'
import { knobs, platform as name } from './knobs.ts'
import { sessionPage } from './page.ts'
import { createPlatform, type Platform } from './platform.ts'
import { readBody, refuse, serve } from './serve.ts'
import { simPages } from './sim-pages.ts'

export type { Komoju, KomojuHandle, KomojuOptions } from './contract.ts'

/**
 * KOMOJU, simulated on the wire below `/komoju`: its API at `/komoju/api/v1`, the hosted page of a session, signed
 * events, a counter to pay codes at, and knobs for everything that can go wrong. `close` the handle when done.
 */
export function komoju(options: KomojuOptions, context: SandboxContext): Komoju {
  context.faults.define(name, knobs)
  const platform = createPlatform(options, context)
  const handle = createHandle(platform, context)
  const router = Router()

  const api = Router()
  api.use(...readBody)
  const put = serve(api, platform, context.faults)
  for (const endpoint of endpoints(platform, context.faults)) put(endpoint)
  api.use((_request: Request) => {
    throw notFound('resource')
  })
  router.use('/komoju/api/v1', api)
  sessionPage(router, platform)
  simPages(router, platform, handle)
  router.use(['/komoju', '/__sim/komoju'], refuse)
  return { router, handle }
}

function createHandle(platform: Platform, { clock }: SandboxContext): KomojuHandle {
  const { store, hooks, now } = platform
  const tick = () => {
    platform.sweep()
    void hooks.release()
  }
  const sweeping = setInterval(tick, 1000)
  sweeping.unref()
  const change = (work: () => void) => {
    work()
    void hooks.release()
  }

  return {
    sessions: () => [...store.sessions.values()].map(platform.sessionBody),
    payments: () => [...store.payments.values()].map(platform.paymentBody),
    payAtCounter: (id) => change(() => platform.payAtCounter(platform.payment(id))),
    expirePayment: (id) => change(() => platform.expirePayment(platform.payment(id))),
    refundByHand: (id, amount) =>
      change(() => void platform.refund(platform.payment(id), { amount, description: 'by hand' }, true)),
    now,
    advance(ms) {
      clock.advance(ms)
      tick()
    },
    flush: () => hooks.flush(),
    resend: (id) => hooks.resend(id),
    settled: () => hooks.settled(),
    reset: () => store.clear(),
    close() {
      clearInterval(sweeping)
      hooks.close()
    },
  }
}
