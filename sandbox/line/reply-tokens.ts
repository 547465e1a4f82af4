import type { Clock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import { badRequest } from './errors.ts'
import { newReplyToken } from './ids.ts'

const DEAD_AFTER = 20 * 60_000

interface ReplyToken {
  /** The user, group or room that a reply goes to. */
  to: string
  eventAt: number
  /** A redelivery begins the minute anew, unless the token has been used. */
  deliveredAt: number
  used: boolean
}

export interface ReplyTokens {
  issue(to: string): string
  /** The event was handed over (again): a minute from now. */
  delivered(token: string): void
  /** Who the token answers; throws the 400 for one that is used, too old or made up. */
  use(token: string): string
}

/** Reply tokens: once, within a minute of delivery, never 20 minutes after the event. */
export function createReplyTokens(clock: Clock, faults: Faults): ReplyTokens {
  const tokens = new Map<string, ReplyToken>()

  return {
    issue(to) {
      const token = newReplyToken()
      tokens.set(token, { to, eventAt: clock.now(), deliveredAt: clock.now(), used: false })
      return token
    },
    delivered(token) {
      const known = tokens.get(token)
      if (known) known.deliveredAt = clock.now()
    },
    use(token) {
      const known = tokens.get(token)
      const lifetime = faults.get<number>('line', 'replyTokenSeconds') * 1000
      const now = clock.now()
      const alive =
        known && !known.used && now - known.deliveredAt <= lifetime && now - known.eventAt < DEAD_AFTER
      if (!alive) throw badRequest('Invalid reply token')
      known.used = true
      return known.to
    },
  }
}
