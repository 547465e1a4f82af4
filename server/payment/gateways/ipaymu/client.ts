import { createHash, createHmac } from 'node:crypto'
import { z } from 'zod'
import { Refused, Unanswered } from '../../gateway.ts'
import { call } from '../calls/call.ts'
import { isDefinite } from '../calls/definite.ts'
import { stampOf } from './times.ts'

export interface IpaymuClient {
  /** Calls the API and answers its `Data`. Everything is a POST there, reads too. */
  post(path: string, body: object): Promise<unknown>
  /** The same call, with the answer as it came, whatever it says. Throws only when there is none. */
  raw(path: string, body: object): Promise<Answer>
}

export interface Answer {
  status: number
  text: string
  envelope: Envelope | null
}

interface Options {
  /** With the API's own path, without a slash at the end. */
  address: string
  va: string
  apiKey: string
  /** Milliseconds until a call counts as unanswered. */
  timeout?: number | undefined
}

// `Status` is a number as HTTP has them; the state of a payment is another `Status`, inside `Data`.
const Envelope = z.looseObject({
  Status: z.coerce.number(),
  Success: z.boolean().optional(),
  Message: z.string().nullish(),
  Data: z.unknown().optional(),
})
type Envelope = z.output<typeof Envelope>

/**
 * Signs a body as it is sent: `POST:VA:sha256(body):key`, HMAC-SHA256 with the key, in hex. The header `timestamp` is
 * not signed, so the signature alone keeps nobody from sending a request again.
 */
export function signatureOf(body: string, { va, apiKey }: Pick<Options, 'va' | 'apiKey'>): string {
  const hash = createHash('sha256').update(body).digest('hex')
  return createHmac('sha256', apiKey).update(`POST:${va}:${hash}:${apiKey}`).digest('hex')
}

/** Compact JSON in ASCII with plain slashes: the one form that the platform's own samples agree upon. */
export const encodeBody = (body: object): string =>
  JSON.stringify(body).replace(
    /[^\u0020-\u007e]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/**
 * The platform's API, over fetch. `post` throws `Refused` for a definite no, and `Unanswered` for everything that
 * leaves the outcome open: time-outs, resets, 409, 429, 5xx, and answers that are not its JSON.
 */
export function ipaymuClient({ address, va, apiKey, timeout = 30_000 }: Options): IpaymuClient {
  const scrub = (text: string) => text.replaceAll(apiKey, '…').slice(0, 300)

  async function raw(path: string, body: object): Promise<Answer> {
    const sent = encodeBody(body)
    const answer = await call({
      whom: 'iPaymu',
      what: path,
      url: address + path,
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        va,
        signature: signatureOf(sent, { va, apiKey }),
        timestamp: stampOf(new Date()),
      },
      body: sent,
      timeout,
    })
    return {
      status: answer.status,
      text: scrub(answer.text),
      envelope: Envelope.safeParse(answer.body).data ?? null,
    }
  }

  return {
    raw,
    async post(path, body) {
      const { status, envelope } = await raw(path, body)
      if (status >= 200 && status < 300 && envelope?.Status === 200) return envelope.Data
      // It may say no in the envelope alone, under HTTP 200.
      const said = envelope && status < 300 ? envelope.Status : status
      if (envelope && isDefinite(said)) {
        throw new Refused(codeOf(said, envelope.Message ?? ''), scrub(envelope.Message ?? `status ${said}`))
      }
      throw new Unanswered(
        `iPaymu answered ${path} with ${said} and ${envelope ? 'no more' : 'something else than its JSON'}`,
      )
    },
  }
}

/** The platform has words and no codes. Also 401 is what a missing e-mail or phone gets on some channels. */
function codeOf(status: number, message: string): string {
  if (/min rp|max rp|total price/i.test(message)) return 'invalid_amount'
  if (/e-?mail|phone|telepon|nama|name/i.test(message)) return 'contact_needed'
  if (/invalid (ip|domain)|url/i.test(message)) return 'address_not_registered'
  if (/not found|tidak ditemukan/i.test(message)) return 'not_found'
  return status === 401 ? 'unauthorized' : 'bad_request'
}
