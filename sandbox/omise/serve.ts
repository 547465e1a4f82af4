import express, { type Request, type Response, type Router } from 'express'
import { basicCredentials, isSame } from '../basic-auth.ts'
import type { Faults } from '../faults.ts'
import { lastWord } from '../last-word.ts'
import { troubleOf } from '../trouble.ts'
import { badRequest, errorBody, Refusal } from './errors.ts'
import { platform as name, type Operation } from './knobs.ts'
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
      const trouble = troubleOf(faults, name, operation)
      await trouble.latency()
      if (trouble.strikes('rateLimited')) throw new Refusal(429, 'too_many_requests', 'too many requests')
      if (trouble.before(response)) return

      platform.sweep()
      const replay = method === 'post' ? replayed(request, answers, faults) : undefined
      const body = replay?.found ?? work(request)
      replay?.keep(body)
      await platform.hooks.releaseBeforeAnswer()

      const shown = inVersion(body, version)
      if (trouble.after(request, response, () => JSON.stringify(shown))) return
      countDown(faults)
      response.json(shown)
    })
  }
}

/** The last word of the API. */
export const refuse = lastWord(Refusal, {
  answer(response, { status, code, message }) {
    if (status === 401) response.set('WWW-Authenticate', 'Basic realm="Omise"')
    response.status(status).json(errorBody(code, message))
  },
  unreadable: (status) => new Refusal(status, 'bad_request', 'the body could not be read'),
})

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
  const given = basicCredentials(request)
  const isPublic = isSame(given?.user ?? '', account.publicKey)
  const isSecret = isSame(given?.user ?? '', account.secretKey)
  if (given?.password !== '' || !(isPublic || isSecret)) {
    throw new Refusal(401, 'authentication_failure', 'authentication failed')
  }
  if ((wanted === 'public' && !isPublic) || (wanted === 'secret' && !isSecret)) {
    throw new Refusal(403, 'authorization_failure', `this needs the ${wanted} key`)
  }
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
