import { createHash } from 'node:crypto'
import express, { type Request, type Response, type Router } from 'express'
import { basicCredentials, isSame } from '../basic-auth.ts'
import type { Faults } from '../faults.ts'
import { lastWord } from '../last-word.ts'
import { type Trouble, troubleOf } from '../trouble.ts'
import { badRequest, errorBody, Refusal, unprocessable } from './errors.ts'
import { platform as name, type Operation } from './knobs.ts'
import type { Platform } from './platform.ts'
import type { Json } from './records.ts'
import { countDown } from './view.ts'

export interface Endpoint {
  method: 'get' | 'post' | 'patch'
  path: string
  operation: Operation
  work(request: Request): Json
}

interface Kept {
  digest: string
  at: number
  /** Null while the first request is still running. */
  answer: { status: number; body: Json } | null
}

const VERSION = '2025-01-28'
const keptFor = 24 * 3_600_000
const inFlight = () =>
  new Refusal(409, 'conflict', 'A request with this idempotency key is still being processed.')

/** Puts an endpoint on the router, behind the key check and in front of every fault that the knobs know. */
export function serve(router: Router, platform: Platform, faults: Faults) {
  const keptAnswers = new Map<string, Kept>()

  return ({ method, path, operation, work }: Endpoint) => {
    router[method](path, async (request: Request, response: Response) => {
      checkKey(request, platform.secretKey)
      if (request.get('x-komoju-api-version') !== VERSION) {
        throw badRequest(`Pin the version of the API: X-KOMOJU-API-VERSION: ${VERSION}.`)
      }
      const trouble = troubleOf(faults, name, operation)
      if (trouble.strikes('rateLimited')) throw new Refusal(429, 'too_many_requests', 'Too many requests.')
      if (trouble.before(response)) return
      if (trouble.strikes('gatewayTimeout')) {
        throw new Refusal(504, 'gateway_timeout', 'The payment was not processed.')
      }

      const key = method === 'post' ? keyOf(request, faults) : undefined
      const { status, body } = key
        ? await once(keptAnswers, key, request, () => answer(trouble, () => work(request)))
        : await answer(trouble, () => work(request))
      await platform.hooks.releaseBeforeAnswer()

      if (trouble.strikes('inFlight')) throw inFlight()
      if (trouble.after(request, response, () => JSON.stringify(body))) return
      countDown(faults)
      response.status(status).json(body)
    })
  }

  /** Slow while the work is under way: meanwhile another request of the same key finds it in flight. */
  async function answer(trouble: Trouble, work: () => Json): Promise<{ status: number; body: Json }> {
    await trouble.latency()
    platform.sweep()
    try {
      return { status: 200, body: work() }
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: errorBody(error) }
      throw error
    }
  }

  /** One key, one work: the first answer is given again for a day, to the same request alone. */
  async function once(
    all: Map<string, Kept>,
    key: string,
    request: Request,
    work: () => Promise<{ status: number; body: Json }>,
  ) {
    const digest = createHash('sha256')
      .update(`${request.path} ${JSON.stringify(request.body ?? {})}`)
      .digest('hex')
    const known = all.get(key)
    if (known && platform.now() - known.at < keptFor) {
      if (known.digest !== digest) {
        throw unprocessable('This idempotency key was used for another request.')
      }
      if (!known.answer) throw inFlight()
      return known.answer
    }
    const kept: Kept = { digest, at: platform.now(), answer: null }
    all.set(key, kept)
    try {
      kept.answer = await work()
      return kept.answer
    } catch (error) {
      all.delete(key)
      throw error
    }
  }
}

/** The last word of the API. */
export const refuse = lastWord(Refusal, {
  answer(response, refusal) {
    if (refusal.status === 401) response.set('WWW-Authenticate', 'Basic realm="KOMOJU"')
    response.status(refusal.status).json(errorBody(refusal))
  },
  unreadable: (status) => new Refusal(status, 'bad_request', 'The body could not be read.'),
})

/** JSON bodies only; anything else with a body is refused. */
export const readBody = [
  express.json({ limit: '256kb' }),
  (request: Request, _response: Response, next: () => void) => {
    const sent = Number(request.get('content-length') ?? 0) > 0
    if (sent && request.body === undefined) throw badRequest('The content type must be application/json.')
    next()
  },
]

function checkKey(request: Request, secretKey: string): void {
  const given = basicCredentials(request)
  if (given?.password === '' && isSame(given.user, secretKey)) return
  throw new Refusal(401, 'unauthorized', 'You are not authorized to do that.')
}

function keyOf(request: Request, faults: Faults): string | undefined {
  const key = request.get('x-komoju-idempotency')
  if (key === undefined) return undefined
  if (!/^[\x21-\x7e]{1,100}$/.test(key)) {
    throw badRequest('X-KOMOJU-IDEMPOTENCY takes up to 100 ASCII characters.')
  }
  return faults.get<boolean>(name, 'forgetKeys') ? undefined : key
}
