import { z } from 'zod'
import { Refused, Unanswered } from '../../gateway.ts'

export interface OmiseClient {
  get(path: string): Promise<unknown>
  /** `idempotencyKey` is sent along; the platform does not promise to look at it, so nothing depends on it. */
  post(path: string, body: object, idempotencyKey: string): Promise<unknown>
  delete(path: string): Promise<unknown>
}

interface Options {
  /** Without a slash at the end. */
  apiUrl: string
  key: string
  /** Milliseconds until a call counts as unanswered. */
  timeout?: number | undefined
}

// Without this header the account's default decides, and old versions have other names for half of the fields.
const VERSION = '2019-05-29'

const ErrorBody = z.looseObject({ object: z.literal('error'), code: z.string(), message: z.string() })

/**
 * The platform's API, over fetch. The official package has no deadline and takes every status for success, so we talk
 * ourselves. Throws `Refused` for a definite no, and `Unanswered` for everything that leaves the outcome open:
 * time-outs, resets, 409, 429, 5xx, and answers that are not JSON.
 */
export function omiseClient({ apiUrl, key, timeout = 30_000 }: Options): OmiseClient {
  const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`

  async function call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    idempotencyKey?: string,
  ) {
    const what = `${method} ${path.split('?')[0]}`
    let status: number
    let text: string
    try {
      const response = await fetch(apiUrl + path, {
        method,
        headers: {
          Authorization: authorization,
          Accept: 'application/json',
          'Omise-Version': VERSION,
          ...(body ? { 'Content-Type': 'application/json' } : {}),
          ...(idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      })
      status = response.status
      text = await response.text()
    } catch (cause) {
      throw new Unanswered(`Omise did not answer ${what}: ${reason(cause)}`, { cause })
    }
    return judge(what, status, text)
  }

  return {
    get: (path) => call('GET', path),
    delete: (path) => call('DELETE', path),
    post: (path, body, idempotencyKey) => call('POST', path, body, idempotencyKey),
  }
}

function judge(what: string, status: number, text: string): unknown {
  const body = parse(text)
  if (status >= 200 && status < 300 && body !== undefined) return body
  const error = ErrorBody.safeParse(body)
  // 409 and 429 say "not now": whether an earlier try went through, they do not say.
  const definite = status >= 400 && status < 500 && status !== 408 && status !== 409 && status !== 429
  if (definite && error.success) throw new Refused(error.data.code, scrub(error.data.message))
  const said = error.success ? error.data.code : body === undefined ? 'no JSON' : 'an unknown body'
  throw new Unanswered(`Omise answered ${what} with ${status} and ${said}`)
}

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

/** The platform repeats what it was given: tokens, keys and anything like a card number stay out of our words. */
export const scrub = (text: string): string =>
  text.replace(/\b(tokn|skey|pkey|card)_(?:test_)?\w+/g, '$1_…').replace(/\b\d[\d -]{10,21}\d\b/g, '…')

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'the connection broke'
  if (cause.name === 'TimeoutError') return 'time ran out'
  const inner = cause.cause
  return inner instanceof Error && 'code' in inner ? String(inner.code) : cause.message
}
