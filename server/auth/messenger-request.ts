import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../http/index.ts'
import { settings } from '../settings.ts'

const Signed = z.object({
  algorithm: z.literal('HMAC-SHA256'),
  issued_at: z.number(),
  // Meta writes ids as text or as numbers.
  page_id: z.union([z.string(), z.number()]).transform(String),
  psid: z.union([z.string(), z.number()]).transform(String),
})

/** A page is opened and asked at once: an older request was kept by somebody. */
const goodForSeconds = 600
const clockSkewSeconds = 60

/**
 * Reads Messenger's signed request: `signature.payload`, both base64url, signed over the encoded payload with the
 * app's secret. Answers the person's id for our page. Throws 401 for one that is forged, old or another page's.
 */
export function verifySignedRequest(signedRequest: string): string {
  const { messenger } = settings()
  if (!messenger) {
    throw new AppError('login.off', 'Messenger is not set up. Fill in the address by hand.', { status: 404 })
  }
  const [signature = '', payload = ''] = signedRequest.split('.')
  const wanted = createHmac('sha256', messenger.appSecret).update(payload).digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw notKnown()

  const read = Signed.safeParse(parse(payload))
  if (!read.success || read.data.page_id !== messenger.pageId) throw notKnown()
  const age = Date.now() / 1000 - read.data.issued_at
  if (age > goodForSeconds || age < -clockSkewSeconds) throw notKnown()
  return read.data.psid
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

const notKnown = () =>
  new AppError(
    'login.token',
    'Messenger does not know this login. Close the page and open it from the chat again.',
    { status: 401 },
  )
