import type { Clock } from '../../clock.ts'
import { newToken } from '../ids.ts'
import type { LineChannel } from '../types.ts'

/** An access token: of a channel, or of a person who logged in. */
export interface AccessToken {
  channelId: string
  expiresAt: number
  userId?: string
  scope?: string
}

export interface AccessTokens {
  /** `seconds` until it expires. */
  issue(about: { channelId: string; seconds: number; userId?: string; scope?: string }): string
  find(token: string): AccessToken | 'expired' | undefined
  revoke(token: string): void
}

export function createAccessTokens(clock: Clock, channel: LineChannel): AccessTokens {
  const tokens = new Map<string, AccessToken>()
  tokens.set(channel.accessToken, {
    channelId: channel.channelId,
    expiresAt: Number.POSITIVE_INFINITY,
  })

  return {
    issue({ channelId, seconds, userId, scope }) {
      const token = newToken(48)
      tokens.set(token, {
        channelId,
        expiresAt: clock.now() + seconds * 1000,
        ...(userId ? { userId } : {}),
        ...(scope ? { scope } : {}),
      })
      return token
    },
    find(token) {
      const known = tokens.get(token)
      if (known && clock.now() >= known.expiresAt) return 'expired'
      return known
    },
    revoke: (token) => void tokens.delete(token),
  }
}
