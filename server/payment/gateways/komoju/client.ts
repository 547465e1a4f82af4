import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { Unanswered } from '../../gateway.ts'
import { jsonApi } from '../calls/json-api.ts'

export interface KomojuClient {
  get(path: string): Promise<unknown>
  /** The same key and the same body get the first answer again, for a day. */
  post(path: string, body: object, idempotencyKey: string): Promise<unknown>
}

interface Options {
  /** Without a slash at the end; with or without the API's own path. */
  apiUrl: string
  key: string
  /** Milliseconds until a call counts as unanswered. */
  timeout?: number | undefined
}

/** Pinned: another version may name half of the fields otherwise. */
const VERSION = '2025-01-28'
const PATH = '/api/v1'
/** While the first request of a key is still running, the platform answers 409: so long, so often we wait for it. */
const waitsMs = [50, 150, 300]

const ErrorBody = z.looseObject({
  error: z.looseObject({ code: z.string(), message: z.string(), param: z.string().nullish() }),
})

/** The platform's API. Throws `Refused` and `Unanswered` as every JSON API does. */
export function komojuClient({ apiUrl, key, timeout = 30_000 }: Options): KomojuClient {
  const api = jsonApi({
    whom: 'KOMOJU',
    address: apiUrl.endsWith(PATH) ? apiUrl : apiUrl + PATH,
    credentials: `${key}:`,
    headers: { 'X-KOMOJU-API-VERSION': VERSION },
    keyHeader: 'X-KOMOJU-IDEMPOTENCY',
    timeout,
    errorOf(body) {
      const error = ErrorBody.safeParse(body).data?.error
      return error && { code: codeOf(error.code), message: scrub(`${error.message} ${error.param ?? ''}`) }
    },
  })

  return {
    get: (path) => api.call('GET', path),
    async post(path, body, idempotencyKey) {
      for (const wait of waitsMs) {
        const answer = await api.ask('POST', path, body, safeKey(idempotencyKey))
        if (answer.status !== 409) return api.judge('POST', path, answer)
        await pause(wait)
      }
      throw new StillRunning(`KOMOJU is still busy with the first POST ${path} of this key`)
    },
  }
}

/** At most 100 ASCII characters. */
const safeKey = (key: string): string =>
  /^[\x21-\x7e]{1,100}$/.test(key) ? key : createHash('sha256').update(key).digest('hex')

/** An earlier request of the same key has no outcome yet. */
export class StillRunning extends Unanswered {}

/** The platform's word for a failure, as our words are named. */
export const codeOf = (code: string): string => code.toLowerCase().replace(/[^a-z0-9_]/g, '_')

/** The platform repeats what it was given: keys and anything like a card number stay out of our words. */
const scrub = (text: string): string =>
  text
    .replace(/\b(sk|pk|tok)_(?:test_|live_)?\w+/g, '$1_…')
    .replace(/\b\d[\d -]{10,21}\d\b/g, '…')
    .trim()
