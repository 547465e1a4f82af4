import type { IncomingMessage } from 'node:http'
import { AppError } from './errors.ts'

/**
 * Refuses a state-changing request that another site's page sent with our cookies. A client that sends neither
 * header (a script) is judged by its session alone.
 */
export function checkOrigin(request: IncomingMessage, publicUrl: string): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const foreign = origin !== undefined && !isOurs(origin, host, publicUrl)
  if (foreign || site === 'cross-site') {
    throw new AppError(
      'origin.foreign',
      'This request came from a page of another site. Open the shop itself.',
      {
        status: 403,
      },
    )
  }
}

/** Also true of the address that the request itself was sent to: a page there can only be ours. */
function isOurs(origin: string, host: string | undefined, publicUrl: string): boolean {
  if (origin === new URL(publicUrl).origin) return true
  return host !== undefined && /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '') === host
}
