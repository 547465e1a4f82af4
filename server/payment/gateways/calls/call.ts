import type { Words } from '../../../shop/contract.ts'
import { Unanswered } from '../../gateway.ts'

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** What the text says, whatever its Content-Type claims; undefined when it is no JSON. */
  body: unknown
}

interface Asked {
  /** The platform, as our words name it. */
  whom: string
  /** The request, as our words name it: without its query, which may hold what is nobody's business. */
  what: string
  url: string
  method: 'GET' | 'POST' | 'DELETE'
  headers?: Record<string, string>
  body?: string | URLSearchParams | undefined
  /** Milliseconds until the call counts as unanswered. */
  timeout: number
}

/**
 * Asks a platform, and follows no redirect. Throws `Unanswered` when nobody knows what became of the request; every
 * answer, whatever its status, is for the caller to judge. Certificates are checked, always.
 */
export async function call({ whom, what, url, method, headers = {}, body, timeout }: Asked): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: parse(text) }
  } catch (cause) {
    throw new Unanswered(`${whom} did not answer ${what}: ${reason(cause)}`, { cause })
  }
}

/** True when the call ran into its deadline, which says nothing about when the platform will be done with it. */
export const timedOut = (error: unknown): boolean =>
  error instanceof Unanswered && error.cause instanceof Error && error.cause.name === 'TimeoutError'

/** What the *ready to go live* page says of a call that failed: that nobody answered, or nothing that can be read. */
export function silence(error: unknown): Words {
  if (timedOut(error)) return { key: 'ready.test.late' }
  if (!(error instanceof Error)) return String(error)
  return error instanceof Unanswered && error.cause instanceof Error
    ? { key: 'ready.test.silent', values: { why: reason(error.cause) } }
    : { key: 'ready.test.odd', values: { said: error.message } }
}

/** Where to look when nobody answers. */
export const checkNetwork = (...keys: string[]): Words => ({ key: 'ready.test.networkPay', values: { keys } })

/** Why a connection gave no answer, in a few words. */
export function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'the connection broke'
  if (cause.name === 'TimeoutError') return 'time ran out'
  const inner = cause.cause
  return inner instanceof Error && 'code' in inner ? String(inner.code) : cause.message
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
