import { createHmac, randomBytes } from 'node:crypto'

export interface Signed {
  body: string
  headers: Record<string, string>
}

const hmac = (key: Buffer | string, timestamp: number, body: string): string =>
  createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')

/**
 * Signs an event: hex HMAC-SHA256 of `timestamp.body`, keyed with the decoded secret. Two secrets (a rotation)
 * give two values in one header. `how` is the knob that spoils it in one of several ways.
 */
export function sign(secrets: string, body: string, now: number, how: string): Signed {
  if (!secrets || how === 'missing') return { body, headers: {} }
  const timestamp = Math.floor(now / 1000) - (how === 'stale' ? 3600 : 0)
  const good = secrets.split(',').map((secret) => hmac(Buffer.from(secret, 'base64'), timestamp, body))
  const headers = (values: string[]) => ({
    'Omise-Signature': values.join(','),
    'Omise-Signature-Timestamp': String(timestamp),
  })
  const other = hmac(randomBytes(32), timestamp, body)
  switch (how) {
    case 'wrong':
      return { body, headers: headers([other]) }
    case 'short':
      return { body, headers: headers(good.map((value) => value.slice(0, 10))) }
    case 'altered_body':
      return { body: body.replace(/"amount":(\d+)/, '"amount":1$1'), headers: headers(good) }
    case 'rotated':
      return { body, headers: headers([other, ...good]) }
    case 'secret_as_text':
      return { body, headers: headers([hmac(secrets, timestamp, body)]) }
    default:
      return { body, headers: headers(good) }
  }
}
