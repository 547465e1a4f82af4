import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Notice } from '../../gateway.ts'

type Fields = Map<string, unknown>

/**
 * Reads a callback, in either of the forms that the dashboard offers. It is signed with a number that is printed to
 * every payer, so whatever it says is a hint, and a signature that fits is one line for staff. Null for what names no
 * payment, or one of the other environment.
 */
export function readCallback(
  headers: IncomingHttpHeaders,
  body: Buffer,
  { va, live }: { va: string; live: boolean },
): Notice | null {
  // Some senders name a form what is JSON.
  const isJson = /json/i.test(headers['content-type'] ?? '') || body[0] === OPEN_BRACE
  const fields = isJson ? readJson(body) : readForm(body)
  if (!fields) return null
  const named = byPlainName(fields)
  const sandbox = flag(named.get('issandbox'))
  if (sandbox !== null && sandbox === live) return null
  const transaction = word(named.get('trxid')) ?? word(named.get('transactionid'))
  const session = word(named.get('sid')) ?? word(named.get('sessionid'))
  const reference = word(named.get('referenceid'))
  if (!transaction && !session && !reference) return null
  return {
    eventId: eventIdOf(headers, body),
    ...(reference && { attemptId: reference }),
    // The session is known from the first answer on; a transaction of the platform's page only by this.
    ...(session
      ? { ref: { kind: 'session', value: session } }
      : transaction && { ref: { kind: 'transaction', value: transaction } }),
    authentic: false,
    said: [
      word(named.get('statuscode')) ?? word(named.get('status')) ?? '?',
      `signature: ${matchOf(headers['x-signature'], fields, { va, isJson })}`,
    ].join(', '),
  }
}

/** Each callback has a number of its own, the same when it is sent again. */
function eventIdOf(headers: IncomingHttpHeaders, body: Buffer): string {
  const given = headers['x-external-id']
  if (typeof given === 'string' && /^[\w-]{8,64}$/.test(given)) return given
  return createHash('sha256').update(body).digest('hex')
}

function readJson(body: Buffer): Fields | null {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    return isObject ? new Map(Object.entries(parsed)) : null
  } catch {
    return null
  }
}

const OPEN_BRACE = 0x7b

/** `trx_id`, `trxId` and `TrxId` are one name: the platform's pages write all of them. */
const byPlainName = (fields: Fields): Fields =>
  new Map([...fields].map(([name, value]) => [name.toLowerCase().replaceAll('_', ''), value]))

const readForm = (body: Buffer): Fields => new Map(new URLSearchParams(body.toString('utf8')))

/** A short text or a number as text; undefined for everything else, blanks among it. */
function word(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && /^[\w.-]{1,100}$/.test(text) ? text : undefined
}

function flag(value: unknown): boolean | null {
  if (value === true || value === 1 || value === '1' || value === 'true') return true
  if (value === false || value === 0 || value === '0' || value === 'false') return false
  return null
}

const byBytes = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
const byLetters = (one: string, other: string): number => one.localeCompare(other, 'en')

/** The platform's own samples sort and escape in two ways each, and it does not say which is right. */
const variants: [string, typeof byBytes, ascii: boolean][] = [
  ['bytes', byBytes, false],
  ['bytes, ASCII', byBytes, true],
  ['letters', byLetters, false],
  ['letters, ASCII', byLetters, true],
]

/** Which of the four ways of signing fits: its name, `missing` or `wrong`. */
function matchOf(
  signature: unknown,
  fields: Fields,
  { va, isJson }: { va: string; isJson: boolean },
): string {
  if (typeof signature !== 'string' || !signature) return 'missing'
  const given = Buffer.from(signature, 'hex')
  // Also JSON has come with texts for its numbers, and was signed with numbers all the same.
  const asSigned = isJson ? [fields, typed(fields)] : [typed(fields)]
  const match = variants.find(([, order, ascii]) =>
    asSigned.some((values) => {
      const expected = createHmac('sha256', va)
        .update(canonical(values, order, ascii))
        .digest()
      return given.length === expected.length && timingSafeEqual(given, expected)
    }),
  )
  return match?.[0] ?? 'wrong'
}

/** A form knows only texts; what was signed had numbers and flags. */
function typed(fields: Fields): Fields {
  const values = new Map(fields)
  for (const name of ['trx_id', 'status_code', 'transaction_status_code', 'paid_off']) {
    const text = values.get(name)
    if (typeof text === 'string' && /^-?\d{1,15}$/.test(text)) values.set(name, Number(text))
  }
  if (values.has('is_escrow')) values.set('is_escrow', flag(values.get('is_escrow')) ?? false)
  if (!values.has('additional_info') || values.get('additional_info') === '[]') {
    values.set('additional_info', [])
  }
  return values
}

/** JSON of all fields but the signature, sorted, its slashes escaped as PHP does. */
function canonical(fields: Fields, order: typeof byBytes, ascii: boolean): string {
  const entries = [...fields].filter(([name]) => name !== 'signature').sort(([a], [b]) => order(a, b))
  const inner = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  const text = `{${inner.join(',')}}`.replaceAll('/', '\\/')
  if (!ascii) return text
  return text.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
