import { HTTPFetchError } from '@line/bot-sdk'
import { Refused, TryLater, Unanswered } from '../../channel.ts'

/** Nobody waits longer than this for LINE: the SDK itself would wait for minutes. */
export const deadline = 10_000

export class DeadlinePassed extends Error {}

/** The SDK can neither time out nor be aborted, so its answer races against a timer. */
export async function within<T>(work: Promise<T>, ms = deadline): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed(`LINE did not answer within ${ms} ms`)), ms)
  })
  // It may still fail after we have given up on it.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * What a failed call means for the message. A push can be repeated under its key, so that any silence is "later"; a
 * reply takes no key, so that silence is "perhaps".
 */
export function explain(error: unknown, kind: 'reply' | 'push'): Error {
  if (error instanceof HTTPFetchError) return explainAnswer(error, kind)
  const message = error instanceof Error ? error.message : String(error)
  if (kind === 'push' || neverLeft(error)) return new TryLater(2000, `LINE could not be reached: ${message}`)
  return new Unanswered(`LINE did not say whether the reply arrived: ${message}`)
}

function explainAnswer(error: HTTPFetchError, kind: 'reply' | 'push'): Error {
  const message = messageOf(error.body)
  switch (true) {
    case error.status === 401:
      return new Refused('token', message)
    case error.status === 429:
      // One status for two things: only the words tell "wait a moment" from "not this month".
      return /monthly limit/i.test(message)
        ? new Refused('quota', message)
        : new TryLater(Number(error.headers.get('retry-after') ?? 5) * 1000, message)
    case /invalid reply token/i.test(message):
      return new Refused('reply_token', message)
    // Without the header this is not the answer that LINE promises for a key it knows.
    case error.status === 409:
      return new Unanswered(message)
    case error.status >= 500:
      return kind === 'push'
        ? new TryLater(2000, `LINE answered ${error.status}`)
        : new Unanswered(`LINE answered ${error.status}`)
    case /failed to send messages/i.test(message):
      return new Refused('other', 'LINE does not know this person in this channel')
    default:
      return new Refused(error.status === 400 || error.status === 413 ? 'invalid' : 'other', message)
  }
}

/** LINE's own words, with the first of its details. */
export function messageOf(body: string): string {
  try {
    const { message, details } = JSON.parse(body) as {
      message?: unknown
      details?: { message?: string; property?: string }[]
    }
    const first = details?.[0]
    return `${String(message ?? 'no reason given')}${first ? ` (${first.property ?? ''}: ${first.message ?? ''})` : ''}`
  } catch {
    return body.slice(0, 200) || 'no reason given'
  }
}

const beforeSending = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/** No connection was made, so nothing can have arrived. */
function neverLeft(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined
  return cause?.code !== undefined && beforeSending.has(cause.code)
}
