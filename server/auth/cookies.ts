import type { ServerResponse } from 'node:http'
import { parseCookie, stringifySetCookie } from 'cookie'
import { settings } from '../settings.ts'

/** Seed 3's name for the session of a login. */
export const STAFF_COOKIE = 'sessionId'
export const CUSTOMER_COOKIE = 'customerSession'

/** The token in a request's cookie, if there is one that could be ours. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (!header?.includes(`${name}=`)) return undefined
  const value = parseCookie(header)[name]
  return value && /^[\w-]{43}$/.test(value) ? value : undefined
}

/**
 * Gives the browser a session. Within https the customer's may also be sent from inside LINE's and Messenger's
 * frames; a login never is.
 */
export function writeCookie(response: ServerResponse, name: string, token: string): void {
  const { https } = settings()
  response.appendHeader(
    'Set-Cookie',
    stringifySetCookie({
      name,
      value: token,
      httpOnly: true,
      path: '/',
      secure: https,
      sameSite: https && name === CUSTOMER_COOKIE ? 'none' : 'lax',
      // Kept apart for each site that shows the page, which browsers ask for where they keep no others in frames.
      partitioned: https && name === CUSTOMER_COOKIE,
    }),
  )
}

/** Empties the cookie. */
export function clearCookie(response: ServerResponse, name: string): void {
  response.appendHeader(
    'Set-Cookie',
    stringifySetCookie({ name, value: '', httpOnly: true, path: '/', sameSite: 'lax', maxAge: 0 }),
  )
}
