import { z } from 'zod'
import { AppError } from '../http/index.ts'
import { settings } from '../settings.ts'

const Verified = z.object({ iss: z.literal('https://access.line.me'), sub: z.string(), aud: z.string() })
const deadlineMs = 5000

/**
 * Asks LINE whose ID token this is: never trust what a page says of itself. LINE checks signature, audience and
 * expiry (POST /oauth2/v2.1/verify). Answers the user id, the same as in the chat when both channels belong to one
 * provider.
 */
export async function verifyLineIdToken(idToken: string): Promise<string> {
  const { line } = settings()
  if (!line?.loginChannelId) {
    throw new AppError('login.off', 'LINE login is not set up. Fill in the address by hand.', { status: 404 })
  }
  const response = await fetch(`${line.apiUrl}/oauth2/v2.1/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ id_token: idToken, client_id: line.loginChannelId }),
    signal: AbortSignal.timeout(deadlineMs),
  }).catch((cause: unknown) => {
    throw new AppError(
      'login.unreachable',
      'LINE does not answer. Fill in the address by hand, or try again.',
      {
        status: 503,
        cause,
      },
    )
  })
  const verified = Verified.safeParse(await response.json().catch(() => null))
  if (!response.ok || !verified.success || verified.data.aud !== line.loginChannelId) {
    throw new AppError(
      'login.token',
      'LINE does not know this login. Close the page and open it from the chat again.',
      {
        status: 401,
      },
    )
  }
  return verified.data.sub
}
