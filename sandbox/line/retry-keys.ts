import type { Clock } from '../clock.ts'
import { badRequest, LineError } from './errors.ts'

const KEPT_FOR = 24 * 3600_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export interface SentMessage {
  id: string
  quoteToken?: string
}

export interface RetryKeys {
  /** Throws the 409 when a request with this key was accepted in the last 24 hours. */
  refuseRepeated(key: string | undefined): void
  /** Remembers an accepted request. `sentMessages` come back with the 409, on push only. */
  accept(key: string | undefined, requestId: string, sentMessages?: SentMessage[]): void
}

/** `X-Line-Retry-Key`: what was accepted once under a key is not done again for 24 hours. */
export function createRetryKeys(clock: Clock): RetryKeys {
  const accepted = new Map<string, { at: number; requestId: string; sentMessages?: SentMessage[] }>()

  return {
    refuseRepeated(key) {
      if (key === undefined) return
      if (!UUID.test(key)) throw badRequest('The retry key is invalid')
      const first = accepted.get(key.toLowerCase())
      if (!first || clock.now() - first.at >= KEPT_FOR) return
      throw new LineError(409, 'The retry key is already accepted', {
        headers: { 'x-line-accepted-request-id': first.requestId },
        extra: first.sentMessages ? { sentMessages: first.sentMessages } : {},
      })
    },
    accept(key, requestId, sentMessages) {
      if (key === undefined) return
      accepted.set(key.toLowerCase(), {
        at: clock.now(),
        requestId,
        ...(sentMessages ? { sentMessages } : {}),
      })
    },
  }
}
