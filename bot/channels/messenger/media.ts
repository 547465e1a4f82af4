import { Refused, TryLater } from '../../channel.ts'
import { collect, typeOf } from '../download.ts'

/** What Messenger itself lets people send. */
const largestMedia = 25 * 1024 * 1024
const deadlineMs = 60_000

/** How often Meta sends us on to another of its hosts before we give up. */
const mostHops = 3

/**
 * Fetches what a customer sent, from its signed address, which expires. The address came with a signed webhook; even
 * so nothing is fetched but from Meta's own hosts, wherever they send us on to.
 */
export async function fetchFile(
  reference: string,
  apiUrl: string,
): Promise<{ type: string; bytes: Buffer } | null> {
  if (!URL.canParse(reference)) return null
  let response: Response
  try {
    response = await follow(new URL(reference), new URL(apiUrl))
    if (response.status === 200)
      return { type: typeOf(response), bytes: await collect(response, largestMedia, 'Messenger') }
    await response.body?.cancel()
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new TryLater(
      2000,
      `Messenger's file did not arrive: ${error instanceof Error ? error.message : error}`,
    )
  }
  if (response.status === 429 || response.status >= 500)
    throw new TryLater(5000, `Messenger answered ${response.status}`)
  // The address has expired, or the file is gone: it will not come back.
  return null
}

async function follow(address: URL, api: URL, hops = mostHops): Promise<Response> {
  if (!isMetas(address, api)) throw new Refused('other', 'Its address is not one of Messenger')
  const response = await fetch(address, { signal: AbortSignal.timeout(deadlineMs), redirect: 'manual' })
  const next = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
  if (next === null || hops === 0 || !URL.canParse(next, address)) return response
  await response.body?.cancel()
  return follow(new URL(next, address), api, hops - 1)
}

function isMetas({ protocol, hostname, port }: URL, api: URL): boolean {
  const isSimulated = port === api.port && isLoopback(hostname) && isLoopback(api.hostname)
  return (
    isSimulated ||
    (protocol === 'https:' && /(^|\.)(fbcdn\.net|fbsbx\.com|facebook\.com|cdninstagram\.com)$/.test(hostname))
  )
}

const isLoopback = (host: string) => host === 'localhost' || host.startsWith('127.')
