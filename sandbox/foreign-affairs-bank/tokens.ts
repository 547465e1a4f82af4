import { randomBytes } from 'node:crypto'
import express, { type Request, type Response, type Router } from 'express'
import { isSame } from '../basic-auth.ts'
import type { Clock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import { bank } from './knobs.ts'

const DAY = 24 * 3600_000
const SCOPE = 'TSYS.Prime.WebApplications.OrderProcessing'

export interface Tokens {
  give(): string
  /** Whether a request carries a token that is good, or the merchant's own id and secret (the older generation). */
  lets(request: Request): boolean
  isMerchant(request: Request): boolean
  /** The newer generation's address for tokens. */
  serve(router: Router): void
}

interface Merchant {
  clientId: string
  clientSecret: string
}

/** Who may come in: tokens live for a day, and are forgotten when a knob says so. */
export function createTokens({ clientId, clientSecret }: Merchant, clock: Clock, faults: Faults): Tokens {
  const good = new Map<string, number>()
  const give = () => {
    const token = randomBytes(24).toString('base64url')
    good.set(token, clock.now() + DAY)
    return token
  }
  const isMerchant = (request: Request) =>
    isSame(request.get('clientid') ?? '', clientId) && isSame(request.get('clientsecret') ?? '', clientSecret)

  return {
    give,
    isMerchant,
    lets(request) {
      if (faults.take<boolean>(bank, 'forgetTokens')) good.clear()
      const token = /^Bearer (.+)$/.exec(request.get('authorization') ?? '')?.[1]
      return token ? (good.get(token) ?? 0) > clock.now() : isMerchant(request)
    },
    serve(router) {
      router.post(
        '/identityserver/connect/token',
        express.urlencoded({ extended: false }),
        (request: Request, response: Response) => {
          const form = (request.body ?? {}) as Record<string, unknown>
          if (form['grant_type'] !== 'client_credentials') {
            return void response.status(400).json({ error: 'unsupported_grant_type' })
          }
          const known =
            isSame(String(form['client_id']), clientId) && isSame(String(form['client_secret']), clientSecret)
          if (!known) return void response.status(400).json({ error: 'invalid_client' })
          if (form['scope'] !== SCOPE) return void response.status(400).json({ error: 'invalid_scope' })
          response.json({ access_token: give(), expires_in: DAY / 1000, token_type: 'Bearer', scope: SCOPE })
        },
      )
    },
  }
}
