import express, { type Request, type Response, Router } from 'express'
import { basicCredentials, isSame } from '../basic-auth.ts'
import type { Faults } from '../faults.ts'
import { lastWord } from '../last-word.ts'
import { troubleOf } from '../trouble.ts'
import { errorBody, invalid, Refusal } from './errors.ts'
import { read, shapes } from './input.ts'
import { platform as name, type Operation } from './knobs.ts'
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
      const trouble = troubleOf(faults, name, operation)
      await trouble.latency()
      if (trouble.strikes('rateLimited')) {
        throw new Refusal(429, 'too_many_requests', 'Request rate exceeded')
      }
      if (trouble.before(response)) return
      platform.sweep()
      const body = work(request)
      if (trouble.after(request, response, () => JSON.stringify(body))) return
      if (trouble.strikes('processing')) {
        return void response.status(202).json({ type: 'processing', retry_after: 20 })
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
  return (request: Request, _response: Response, next: () => void) => {
    const given = basicCredentials(request)
    if (!given || !isSame(given.user, shopId) || !isSame(given.password, secretKey)) {
      throw new Refusal(401, 'invalid_credentials', 'Basic: incorrect shopId or secretKey')
    }
    next()
  }
}

const refuse = lastWord(Refusal, {
  answer: (response, refusal) => void response.status(refusal.status).json(errorBody(refusal)),
  unreadable: (status) => new Refusal(status, 'invalid_request', 'The body could not be read'),
})
