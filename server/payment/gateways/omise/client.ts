import { z } from 'zod'
import { jsonApi } from '../calls/json-api.ts'

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
 * The platform's API. The official package has no deadline and takes every status for success, so we talk ourselves.
 * Throws `Refused` and `Unanswered` as every JSON API does.
 */
export function omiseClient({ apiUrl, key, timeout = 30_000 }: Options): OmiseClient {
  const api = jsonApi({
    whom: 'Omise',
    address: apiUrl,
    credentials: `${key}:`,
    headers: { 'Omise-Version': VERSION },
    keyHeader: 'Idempotency-Key',
    timeout,
    errorOf(body) {
      const error = ErrorBody.safeParse(body).data
      return error && { code: error.code, message: scrub(error.message) }
    },
  })
  return {
    get: (path) => api.call('GET', path),
    delete: (path) => api.call('DELETE', path),
    post: (path, body, idempotencyKey) => api.call('POST', path, body, idempotencyKey),
  }
}

/** The platform repeats what it was given: tokens, keys and anything like a card number stay out of our words. */
const scrub = (text: string): string =>
  text.replace(/\b(tokn|skey|pkey|card)_(?:test_)?\w+/g, '$1_…').replace(/\b\d[\d -]{10,21}\d\b/g, '…')
