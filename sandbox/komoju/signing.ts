import { createHmac, randomBytes } from 'node:crypto'

export interface Signed {
  body: string
  headers: Record<string, string>
}

/** Signs an event: hex HMAC-SHA256 of the body. `how` is the knob that spoils it in one of several ways. */
export function sign(secret: string, body: string, how: string): Signed {
  if (!secret || how === 'missing') return { body, headers: {} }
  const good = createHmac('sha256', secret).update(body).digest('hex')
  const headers = (signature: string) => ({ 'X-Komoju-Signature': signature })
  switch (how) {
    case 'wrong':
      return { body, headers: headers(createHmac('sha256', randomBytes(32)).update(body).digest('hex')) }
    case 'short':
      return { body, headers: headers(good.slice(0, 10)) }
    case 'altered_body':
      return { body: body.replace(/"amount":(\d+)/, '"amount":1$1'), headers: headers(good) }
    default:
      return { body, headers: headers(good) }
  }
}
