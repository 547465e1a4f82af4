import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { Refused, Unanswered } from '../../gateway.ts'

export interface SbpClient {
  get(path: string): Promise<unknown>
  /** One `key` stands for one wish, however often it is sent: the platform answers the second time as the first. */
  post(path: string, body: object, key: string): Promise<unknown>
}

interface Options {
  /** With the API's own path, without a slash at the end. */
  address: string
  shopId: string
  secretKey: string
  /** Milliseconds until a call counts as unanswered. */
  timeout?: number | undefined
}

const ErrorBody = z.looseObject({
  type: z.literal('error'),
  code: z.string(),
  description: z.string().optional(),
  parameter: z.string().optional(),
})
const Processing = z.looseObject({ type: z.literal('processing'), retry_after: z.number().optional() })

/** How often "still at it" is asked again, and how long at most before each time, milliseconds. */
const PATIENCE = 3
const LONGEST_WAIT = 1500

/**
 * The bank's API over fetch. Throws `Refused` for a definite no, and `Unanswered` for all that leaves the outcome
 * open: time-outs, resets, 409, 429, 5xx, "processing" to the end, and answers that are not JSON.
 */
export function sbpClient({ address, shopId, secretKey, timeout = 30_000 }: Options): SbpClient {
  const authorization = `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`

  async function call(method: 'GET' | 'POST', path: string, body?: object, key?: string) {
    const what = `${method} ${path.split('?')[0]}`
    let status: number
    let text: string
    try {
      const response = await fetch(address + path, {
        method,
        headers: {
          Authorization: authorization,
          Accept: 'application/json',
          ...(body ? { 'Content-Type': 'application/json' } : {}),
          ...(key ? { 'Idempotence-Key': key } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      })
      status = response.status
      text = await response.text()
    } catch (cause) {
      throw new Unanswered(`SBP did not answer ${what}: ${reason(cause)}`, { cause })
    }
    return judge(what, status, text)
  }

  return {
    get: (path) => call('GET', path),
    async post(path, body, key) {
      for (let tries = 1; ; tries += 1) {
        const answer = await call('POST', path, body, key)
        const processing = Processing.safeParse(answer)
        if (!processing.success) return answer
        if (tries > PATIENCE) throw new Unanswered(`SBP is still at POST ${path}`)
        await pause(Math.min(processing.data.retry_after ?? LONGEST_WAIT, LONGEST_WAIT))
      }
    },
  }
}

function judge(what: string, status: number, text: string): unknown {
  const body = parse(text)
  if (status >= 200 && status < 300 && body !== undefined) return body
  const error = ErrorBody.safeParse(body)
  // 409 and 429 say "not now": whether an earlier try went through, they do not say.
  const definite = status >= 400 && status < 500 && status !== 408 && status !== 409 && status !== 429
  if (definite && error.success) {
    const { code, description = '', parameter } = error.data
    throw new Refused(code, [parameter, scrub(description)].filter(Boolean).join(': '))
  }
  const said = error.success ? error.data.code : body === undefined ? 'no JSON' : 'an unknown body'
  throw new Unanswered(`SBP answered ${what} with ${status} and ${said}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The platform may repeat what it was given: keys stay out of our words. */
const scrub = (text: string): string => text.replace(/\b(test|live)_[\w-]{8,}/g, '$1_…')

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'the connection broke'
  if (cause.name === 'TimeoutError') return 'time ran out'
  const inner = cause.cause
  return inner instanceof Error && 'code' in inner ? String(inner.code) : cause.message
}
