import { Refused, Unanswered } from '../../gateway.ts'
import { type Answer, call } from './call.ts'
import { isDefinite } from './definite.ts'

type Method = 'GET' | 'POST' | 'DELETE'

export interface JsonApi {
  /** Asks, and judges the answer: the body of a success. */
  call(method: Method, path: string, body?: object, idempotencyKey?: string): Promise<unknown>
  /** Asks, and gives the answer as it came. Throws `Unanswered` when there is none. */
  ask(method: Method, path: string, body?: object, idempotencyKey?: string): Promise<Answer>
  /** Throws `Refused` for a definite no, `Unanswered` for an answer that leaves the outcome open. */
  judge(method: Method, path: string, answer: Answer): unknown
}

interface Options {
  /** The platform, as our words name it. */
  whom: string
  /** With the API's own path, without a slash at the end. */
  address: string
  /** `user:password`, for basic authentication. */
  credentials: string
  /** What every call says besides. */
  headers?: Record<string, string>
  /** The header in which an idempotency key is sent. */
  keyHeader: string
  /** Milliseconds until a call counts as unanswered. */
  timeout: number
  /** What a body says of an error, in our words; nothing when it is none of the platform's. */
  errorOf(body: unknown): { code: string; message: string } | undefined
}

/**
 * A platform whose API speaks JSON both ways, over fetch. `Refused` is a definite no; `Unanswered` is everything that
 * leaves the outcome open: time-outs, resets, 408, 409, 429, 5xx, and answers that are not its JSON.
 */
export function jsonApi({
  whom,
  address,
  credentials,
  headers,
  keyHeader,
  timeout,
  errorOf,
}: Options): JsonApi {
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`

  const ask: JsonApi['ask'] = (method, path, body, idempotencyKey) =>
    call({
      whom,
      what: named(method, path),
      url: address + path,
      method,
      headers: {
        Authorization: authorization,
        Accept: 'application/json',
        ...headers,
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...(idempotencyKey ? { [keyHeader]: idempotencyKey } : {}),
      },
      body: body && JSON.stringify(body),
      timeout,
    })

  const judge: JsonApi['judge'] = (method, path, { status, body }) => {
    if (status >= 200 && status < 300 && body !== undefined) return body
    const error = errorOf(body)
    if (error && isDefinite(status)) throw new Refused(error.code, error.message)
    const said = error?.code ?? (body === undefined ? 'no JSON' : 'an unknown body')
    throw new Unanswered(`${whom} answered ${named(method, path)} with ${status} and ${said}`)
  }

  return {
    ask,
    judge,
    call: async (method, path, body, key) => judge(method, path, await ask(method, path, body, key)),
  }
}

const named = (method: Method, path: string): string => `${method} ${path.split('?')[0]}`
