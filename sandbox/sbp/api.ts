import { timingSafeEqual } from 'node:crypto'
import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express'
import type { Faults } from '../faults.ts'
import { errorBody, invalid, Refusal } from './errors.ts'
import { read, shapes } from './input.ts'
import { platform as name, type Operation, strikes } from './knobs.ts'
import type { Platform } from './platform.ts'
import type { KeyRecord, PaymentRecord } from './store.ts'

interface Account {
  shopId: string
  secretKey: string
}
interface Bodies {
  payment(payment: PaymentRecord): object
  refund(id: string): object
}

const DAY = 24 * 3600_000

/** The platform's interface, below `/v3`. */
export function api(platform: Platform, account: Account, bodies: Bodies, faults: Faults): Router {
  const { store } = platform
  const router = Router()
  router.use(checkKeys(account))
  router.use(express.json({ limit: '256kb' }))

  const put = (
    method: 'get' | 'post',
    path: string,
    operation: Operation,
    work: (request: Request) => object,
  ) => {
    router[method](path, async (request: Request, response: Response) => {
      const latency = faults.get<number>(name, 'latencyMs')
      if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency))
      if (strikes(faults, 'rateLimited', operation)) {
        throw new Refusal(429, 'too_many_requests', 'Request rate exceeded')
      }
      if (strikes(faults, 'htmlErrorBefore', operation)) return serverError(response)
      platform.sweep()
      const body = work(request)
      if (strikes(faults, 'dropAfterCommit', operation)) return void request.socket.destroy()
      if (strikes(faults, 'neverAnswer', operation)) return
      if (strikes(faults, 'htmlErrorAfterCommit', operation)) return serverError(response)
      if (strikes(faults, 'processing', operation)) {
        return void response.status(202).json({ type: 'processing', retry_after: 20 })
      }
      if (strikes(faults, 'brokenJson', operation)) {
        return void response.type('json').send(JSON.stringify(body).slice(0, 40))
      }
      response.json(body)
    })
  }

  /** One key, one thing: the second time answers as the first, and another body with it is refused. */
  function once(request: Request, kind: KeyRecord['kind'], make: () => { id: string }): string {
    const id = request.get('idempotence-key')
    if (!id) throw invalid('Idempotence key is missing', 'Idempotence-Key')
    if (id.length > 64) throw invalid('Idempotence key is longer than 64 characters', 'Idempotence-Key')
    const sent = `${kind} ${JSON.stringify(request.body)}`
    const known = store.keys.get(id)
    if (known && platform.now() - known.createdAt < DAY) {
      if (known.request !== sent) throw invalid('Idempotence key is already used with another body')
      return known.made
    }
    const { id: made } = make()
    store.save('keys', { id, request: sent, kind, made, createdAt: platform.now() } as KeyRecord)
    return made
  }

  put('post', '/payments', 'payments', (request) => {
    const input = read(shapes.NewPayment, request.body)
    const made = once(request, 'payments', () => platform.create(input))
    return bodies.payment(platform.payment(made))
  })
  put('get', '/payments/:id', 'reads', (request) => {
    const payment = platform.payment(String(request.params['id']))
    if (!faults.take<boolean>(name, 'otherPayment')) return bodies.payment(payment)
    const other = [...store.payments.values()].find((one) => one !== payment)
    return other ? bodies.payment(other) : { ...bodies.payment(payment), id: 'another' }
  })
  put('get', '/payments', 'reads', (request) => {
    const query = read(shapes.Payments, request.query)
    const [begin, end] = [query['created_at.gte'], query['created_at.lt']]
    const within = [...store.payments.values()].filter(
      ({ createdAt, status }) =>
        (!begin || createdAt >= Date.parse(begin)) &&
        (!end || createdAt < Date.parse(end)) &&
        (!query.status || status === query.status),
    )
    return pageOf(within.reverse(), query, (payment) => bodies.payment(payment))
  })
  for (const action of ['capture', 'cancel']) {
    put('post', `/payments/:id/${action}`, 'payments', (request) => {
      platform.payment(String(request.params['id']))
      throw invalid('Only a payment in waiting_for_capture can be captured or canceled')
    })
  }
  put('post', '/refunds', 'refunds', (request) => {
    const input = read(shapes.NewRefund, request.body)
    return bodies.refund(once(request, 'refunds', () => platform.refund(input)))
  })
  put('get', '/refunds/:id', 'reads', (request) => bodies.refund(String(request.params['id'])))
  put('get', '/refunds', 'reads', (request) => {
    const query = read(shapes.Refunds, request.query)
    const refunds = [...store.refunds.values()].filter(
      ({ payment }) => !query.payment_id || payment === query.payment_id,
    )
    return pageOf(refunds.reverse(), query, ({ id }) => bodies.refund(id))
  })
  put('get', '/me', 'reads', () => ({
    account_id: account.shopId,
    status: 'enabled',
    test: true,
    payment_methods: ['bank_card', 'sbp'],
  }))

  router.use((request: Request) => {
    throw new Refusal(404, 'not_found', `${request.method} ${request.path} is not supported`)
  })
  router.use(refuse)
  return router
}

/** The newest first; the cursor is the id of the first that is left. */
function pageOf<T extends { id: string }>(
  all: T[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  body: (record: T) => object,
) {
  const begin = cursor ? all.findIndex(({ id }) => id === cursor) : 0
  if (begin < 0) throw invalid('Cursor is not known', 'cursor')
  const next = all[begin + limit]
  const items = all.slice(begin, begin + limit).map(body)
  return { type: 'list', items, ...(next ? { next_cursor: next.id } : {}) }
}

function checkKeys({ shopId, secretKey }: Account) {
  const expected = Buffer.from(`${shopId}:${secretKey}`)
  return (request: Request, _response: Response, next: () => void) => {
    const [scheme, encoded = ''] = (request.get('authorization') ?? '').split(' ')
    const given = Buffer.from(encoded, 'base64')
    const right = given.length === expected.length && timingSafeEqual(given, expected)
    if (scheme !== 'Basic' || !right) {
      throw new Refusal(401, 'invalid_credentials', 'Basic: incorrect shopId or secretKey')
    }
    next()
  }
}

const refuse: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error)
  if (error instanceof Refusal) return void response.status(error.status).json(errorBody(error))
  const { status } = error as { status?: unknown }
  if (typeof status !== 'number' || status >= 500) return next(error)
  response.status(status).json(errorBody(invalid('The body could not be read')))
}

const serverError = (response: Response) =>
  void response.status(500).type('html').send('<html><body><h1>500 Internal Server Error</h1></body></html>')
