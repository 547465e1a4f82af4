import { type Request, type Response, Router } from 'express'
import type { SandboxContext } from '../context.ts'
import { accountEndpoints } from './account-api.ts'
import { paymentEndpoints } from './api.ts'
import { bankPage } from './bank-page.ts'
import { time } from './bodies.ts'
import type { Omise, OmiseHandle, OmiseOptions } from './contract.ts'
import { documents } from './documents.ts'
import { Refusal } from './errors.ts'
import { knobs, platform as name } from './knobs.ts'
import { omiseJs } from './omise-js.ts'
import { createPlatform, type Platform } from './platform.ts'
import { promptPayPayload } from './promptpay.ts'
import { readBody, refuse, serve } from './serve.ts'
import { simPages } from './sim-pages.ts'

export type { Omise, OmiseHandle, OmiseOptions, PendingQr } from './contract.ts'

/**
 * Omise, simulated on the wire: vault and API at the platform's own paths, its hosted pages, the script for browsers,
 * signed events, and knobs for everything that can go wrong. `close` the handle when done.
 */
export function omise(options: OmiseOptions, context: SandboxContext): Omise {
  context.faults.define(name, knobs)
  const platform = createPlatform(options, context)
  const handle = createHandle(platform, context)
  const router = Router()

  documents(router, platform)
  bankPage(router, platform)
  simPages(router, platform, handle)
  router.get('/omise.js', (_request: Request, response: Response) => {
    response.set('Cross-Origin-Resource-Policy', 'cross-origin')
    response.type('js').send(omiseJs(platform.baseUrl()))
  })
  router.use(api(platform, context))
  router.use(refuse)
  return { router, handle }
}

/** The API proper: browsers may call it from any page, as the platform's script does. */
function api(platform: Platform, { faults }: SandboxContext): Router {
  const router = Router()
  const roots = ['tokens', 'sources', 'charges', 'customers', 'disputes', 'events', 'search', 'capability']
  const paths = [...roots, 'account', 'balance'].map((root) => `/${root}`)
  router.use(paths, (request: Request, response: Response, next: () => void) => {
    response.set({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, Omise-Version',
      'Access-Control-Allow-Methods': 'GET, POST, PATCH, DELETE',
      'Access-Control-Max-Age': '600',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    })
    if (request.method === 'OPTIONS') return void response.sendStatus(204)
    next()
  })
  router.use(paths, ...readBody)
  const put = serve(router, platform, faults)
  for (const endpoint of [...accountEndpoints(platform, faults), ...paymentEndpoints(platform, faults)]) {
    put(endpoint)
  }
  router.use(paths, (request: Request) => {
    throw new Refusal(404, 'not_found', `${request.method} ${request.baseUrl} was not found`)
  })
  return router
}

function createHandle(platform: Platform, { clock }: SandboxContext): OmiseHandle {
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
    charges: () => [...store.charges.values()].map(platform.body),
    pay: (id) => change(() => platform.agree(platform.charge(id))),
    decline: (id, code = 'payment_rejected') => change(() => platform.decline(platform.charge(id), code)),
    expire: (id) => change(() => platform.expire(platform.charge(id))),
    pendingQrs: () =>
      [...store.charges.values()].flatMap((charge) => {
        if (!charge.document || charge.status !== 'pending') return []
        const { id, amount, currency, description, status, document } = charge
        const image = `${platform.baseUrl()}/charges/${id}/documents/${document.id}/downloads/${document.secret}`
        const payload = promptPayPayload(amount, charge.payment)
        return [
          { id, amount, currency, description, status, expiresAt: time(charge.expiresAt), image, payload },
        ]
      }),
    now,
    advance(ms) {
      clock.advance(ms)
      tick()
    },
    flush: () => hooks.flush(),
    settled: () => hooks.settled(),
    reset: () => platform.reset(),
    setWebhookUrl(url) {
      platform.account.webhookUrl = url
    },
    close() {
      clearInterval(sweeping)
      hooks.close()
    },
  }
}
