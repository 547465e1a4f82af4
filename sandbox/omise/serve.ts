import { timingSafeEqual } from 'node:crypto'
import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express'
import type { Faults } from '../faults.ts'
import { badRequest, errorBody, Refusal } from './errors.ts'
import { platform as name, type Operation, strikes } from './knobs.ts'
import type { Platform } from './platform.ts'
import type { Json } from './records.ts'
import { inVersion, isVersion, type Version } from './versions.ts'
import { countDown } from './view.ts'

export type Key = 'public' | 'secret' | 'either'
export type Method = 'get' | 'post' | 'patch' | 'delete'

export interface Endpoint {
  method: Method
  path: string
  key: Key
  operation: Operation
  work(request: Request): Json
}

/** Puts an endpoint on the router, behind the key check and in front of every fault that the knobs know. */
export function serve(router: Router, platform: Platform, faults: Faults) {
  const answers = new Map<string, Json>()

  return ({ method, path, key, operation, work }: Endpoint) => {
    router[method](path, async (request: Request, response: Response) => {
      checkKey(request, platform, key)
      const version = versionOf(request, faults)
      const latency = faults.get<number>(name, 'latencyMs')
      if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency))
      if (strikes(faults, 'rateLimited', operation)) {
        throw new Refusal(429, 'too_many_requests', 'too many requests')
      }
      if (strikes(faults, 'htmlErrorBefore', operation)) return serverError(response)

      platform.sweep()
      const replay = method === 'post' ? replayed(request, answers, faults) : undefined
      const body = replay?.found ?? work(request)
      replay?.keep(body)
      const delivered = platform.hooks.release()
      if (faults.get(name, 'webhookTiming') === 'before_answer') await delivered

      if (strikes(faults, 'dropAfterCommit', operation)) return void request.socket.destroy()
      if (strikes(faults, 'neverAnswer', operation)) return
      if (strikes(faults, 'htmlErrorAfterCommit', operation)) return serverError(response)
      const shown = inVersion(body, version)
      if (strikes(faults, 'brokenJson', operation)) {
        return void response.type('json').send(JSON.stringify(shown).slice(0, 40))
      }
      countDown(faults)
      response.json(shown)
    })
  }
}

/** The last word of the API: refusals in the platform's shape, whatever went wrong. */
export const refuse: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error)
  if (error instanceof Refusal) {
    if (error.status === 401) response.set('WWW-Authenticate', 'Basic realm="Omise"')
    return void response.status(error.status).json(errorBody(error.code, error.message))
  }
  const status = (error as { status?: unknown }).status
  if (typeof status === 'number' && status < 500) {
    return void response.status(status).json(errorBody('bad_request', 'the body could not be read'))
  }
  next(error)
}

/** JSON or form bodies, as the platform takes them; anything else with a body is refused. */
export const readBody = [
  express.json({ limit: '256kb' }),
  express.urlencoded({ extended: true, limit: '256kb' }),
  (request: Request, _response: Response, next: () => void) => {
    const sent = Number(request.get('content-length') ?? 0) > 0
    if (sent && request.body === undefined) throw badRequest('content type must be JSON or a form')
    next()
  },
]

function checkKey(request: Request, { account }: Platform, wanted: Key): void {
  const [scheme, encoded] = (request.get('authorization') ?? '').split(' ')
  const [key = '', password] = Buffer.from(encoded ?? '', 'base64')
    .toString()
    .split(':')
  const isPublic = same(key, account.publicKey)
  const isSecret = same(key, account.secretKey)
  if (scheme?.toLowerCase() !== 'basic' || (password ?? '') !== '' || !(isPublic || isSecret)) {
    throw new Refusal(401, 'authentication_failure', 'authentication failed')
  }
  if ((wanted === 'public' && !isPublic) || (wanted === 'secret' && !isSecret)) {
    throw new Refusal(403, 'authorization_failure', `this needs the ${wanted} key`)
  }
}

function same(given: string, key: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(key)]
  return key !== '' && a.length === b.length && timingSafeEqual(a, b)
}

/** Without the header the account's own version applies. */
function versionOf(request: Request, faults: Faults): Version {
  const version = request.get('omise-version') ?? faults.get<string>(name, 'eventVersion')
  if (!isVersion(version)) throw badRequest(`Omise-Version ${version} is not known`)
  return version
}

/** The real platform does not promise to look at this header; the knob says whether this one does. */
function replayed(request: Request, answers: Map<string, Json>, faults: Faults) {
  const key = request.get('idempotency-key')
  if (key === undefined || !faults.get<boolean>(name, 'idempotency')) return undefined
  const id = `${request.path} ${key}`
  return { found: answers.get(id), keep: (body: Json) => void answers.set(id, body) }
}

const serverError = (response: Response) =>
  void response.status(500).type('html').send('<html><body><h1>500 Internal Server Error</h1></body></html>')
