import { Refused, TryLater } from '../../channel.ts'
import { collect, typeOf } from '../download.ts'

/** A document of the database holds 16 MB at most. */
const largestMedia = 12 * 1024 * 1024
const deadline = 30_000

/**
 * Fetches what a customer sent. Not by the SDK: a connection that is cut in the middle of the body would end its
 * stream never, and the process at once.
 */
export async function fetchMedia(
  url: string,
  token: string,
): Promise<{ type: string; bytes: Buffer } | null> {
  let response: Response
  try {
    response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(deadline),
    })
    if (response.status === 200)
      return { type: typeOf(response), bytes: await collect(response, largestMedia, 'LINE') }
    await response.body?.cancel()
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new TryLater(2000, `LINE's file did not arrive: ${error instanceof Error ? error.message : error}`)
  }
  // 404: kept no longer; 410: the customer took it back.
  if (response.status === 404 || response.status === 410) return null
  if (response.status === 202) throw new TryLater(2000, 'LINE still prepares the file')
  if (response.status === 401) throw new Refused('token', 'LINE refuses the channel access token')
  if (response.status === 429 || response.status >= 500) {
    throw new TryLater(5000, `LINE answered ${response.status}`)
  }
  throw new Refused('other', `LINE answered ${response.status}`)
}
