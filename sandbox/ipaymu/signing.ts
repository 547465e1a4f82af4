import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

type Fields = Record<string, unknown>

/** Whether a request was signed with the key of this account, over the very bytes that came. */
export function isSigned(
  given: unknown,
  body: Buffer,
  { va, apiKey }: { va: string; apiKey: string },
): boolean {
  if (typeof given !== 'string') return false
  const hash = createHash('sha256').update(body).digest('hex')
  const expected = createHmac('sha256', apiKey).update(`POST:${va}:${hash}:${apiKey}`).digest()
  const signature = Buffer.from(given, 'hex')
  return signature.length === expected.length && timingSafeEqual(signature, expected)
}

/**
 * Signs a callback with the number of the account: all fields as JSON, sorted, slashes escaped. The platform's own
 * samples sort and escape in two ways each; the knobs choose.
 */
export function signCallback(
  fields: Fields,
  va: string,
  { letters, ascii, how }: { letters: boolean; ascii: boolean; how: string },
): string | null {
  if (how === 'missing') return null
  const names = Object.keys(fields).sort(
    letters ? (a, b) => a.localeCompare(b, 'en') : (a, b) => (a < b ? -1 : 1),
  )
  const inner = names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(fields[name])}`).join(',')
  const slashed = `{${inner}}`.replaceAll('/', '\\/')
  const text = ascii
    ? slashed.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : slashed
  const key = how === 'wrong' ? randomBytes(16) : va
  const signature = createHmac('sha256', key).update(text).digest('hex')
  return how === 'short' ? signature.slice(0, 10) : signature
}
