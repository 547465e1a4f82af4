import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { newToken } from '../ids.ts'

const LIFETIME = 10 * 60_000

/** What an authorization code stands for. */
export interface Grant {
  userId: string
  redirectUri: string
  scope: string
  nonce?: string
  codeChallenge?: string
}

export interface Codes {
  issue(grant: Grant): string
  /** Redeems a code once, for the same redirect address and with the PKCE verifier if one is due. */
  redeem(code: string, redirectUri: string, verifier: string | undefined): Grant | undefined
}

export function createCodes(clock: Clock): Codes {
  const codes = new Map<string, Grant & { expiresAt: number }>()

  return {
    issue(grant) {
      const code = newToken(20)
      codes.set(code, { ...grant, expiresAt: clock.now() + LIFETIME })
      return code
    },
    redeem(code, redirectUri, verifier) {
      const grant = codes.get(code)
      codes.delete(code)
      if (!grant || clock.now() >= grant.expiresAt || grant.redirectUri !== redirectUri) return undefined
      if (!grant.codeChallenge) return grant
      const challenge = createHash('sha256')
        .update(verifier ?? '')
        .digest('base64url')
      return challenge === grant.codeChallenge ? grant : undefined
    },
  }
}
