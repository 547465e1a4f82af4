import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { Refused, Unanswered } from '../../gateway.ts'

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

/**
 * The platform's API, over fetch. Throws `Refused` for a definite no, and `Unanswered` for everything that leaves the
 * outcome open: time-outs, resets, 409, 429, 5xx, and answers that are not JSON.
 */
export function komojuClient({ apiUrl, key, timeout = 30_000 }: Options): KomojuClient {
  const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`
  const base = apiUrl.endsWith(PATH) ? apiUrl : apiUrl + PATH

  async function call(method: 'GET' | 'POST', path: string, body?: object, idempotencyKey?: string) {
    const what = `${method} ${path.split('?')[0]}`
    let status: number
    let text: string
    try {
      const response = await fetch(base + path, {
        method,
        headers: {
          Authorization: authorization,
          Accept: 'application/json',
          'X-KOMOJU-API-VERSION': VERSION,
          ...(body ? { 'Content-Type': 'application/json' } : {}),
          ...(idempotencyKey ? { 'X-KOMOJU-IDEMPOTENCY': safeKey(idempotencyKey) } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      })
      status = response.status
      text = await response.text()
    } catch (cause) {
      throw new Unanswered(`KOMOJU did not answer ${what}: ${reason(cause)}`, { cause })
    }
    return { status, text, what }
  }

  return {
    async get(path) {
      return judge(await call('GET', path))
    },
    async post(path, body, idempotencyKey) {
      for (const wait of waitsMs) {
        const answer = await call('POST', path, body, idempotencyKey)
        if (answer.status !== 409) return judge(answer)
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

function judge({ status, text, what }: { status: number; text: string; what: string }): unknown {
  const body = parse(text)
  if (status >= 200 && status < 300 && body !== undefined) return body
  const error = ErrorBody.safeParse(body).data?.error
  // 409 and 429 say "not now": whether an earlier try went through, they do not say.
  const definite = status >= 400 && status < 500 && status !== 408 && status !== 409 && status !== 429
  if (definite && error) throw new Refused(codeOf(error.code), scrub(`${error.message} ${error.param ?? ''}`))
  const said = error ? codeOf(error.code) : body === undefined ? 'no JSON' : 'an unknown body'
  throw new Unanswered(`KOMOJU answered ${what} with ${status} and ${said}`)
}

/** The platform's word for a failure, as our words are named. */
export const codeOf = (code: string): string => code.toLowerCase().replace(/[^a-z0-9_]/g, '_')

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** True when the call ran into its deadline, which says nothing about when the platform will be done with it. */
export const timedOut = (error: unknown): boolean =>
  error instanceof Unanswered && error.cause instanceof DOMException && error.cause.name === 'TimeoutError'

/** The platform repeats what it was given: keys and anything like a card number stay out of our words. */
const scrub = (text: string): string =>
  text
    .replace(/\b(sk|pk|tok)_(?:test_|live_)?\w+/g, '$1_…')
    .replace(/\b\d[\d -]{10,21}\d\b/g, '…')
    .trim()

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'the connection broke'
  if (cause.name === 'TimeoutError') return 'time ran out'
  const inner = cause.cause
  return inner instanceof Error && 'code' in inner ? String(inner.code) : cause.message
}
