import { z } from 'zod'
import type { ForeignAffairsBankSettings } from '../../../gateway-settings.ts'
import { Refused, Unanswered } from '../../gateway.ts'
import { lowerKeys } from '../banks/lower-keys.ts'
import { type Answer, call } from '../calls/call.ts'

export interface OrderProcessing {
  /** Where orders are made; one of them lies below it. */
  ordersUrl: string
  /**
   * Calls the bank as this merchant. Throws `Refused` when the bank does not know us, `Unanswered` when the outcome is
   * open.
   */
  call(method: 'GET' | 'POST', path: string, body?: object): Promise<OrderAnswer>
}

export interface OrderAnswer {
  status: number
  /** Every key in lower case. */
  body: unknown
  /** As it came, but for what is about the customer. */
  plain: Record<string, unknown>
}

const BANK = 'The Foreign Affairs Bank'
const ORDERS = '/v1/orders'
/** Of two generations of the interface, the newer one lives below this. */
const NEWER = '/OrderProcessing_TURK'
const SCOPE = 'TSYS.Prime.WebApplications.OrderProcessing'
const NOT_AUTHORISED = 'gen-00002'
/** So long before its end a token is not used any more, milliseconds. */
const EARLY = 60_000
const OLD_TOKEN_LIFE = 15 * 60_000

const Token = z.looseObject({ access_token: z.string().min(1), expires_in: z.coerce.number().nullish() })
const Result = z.looseObject({ response: z.looseObject({ operationresult: z.string() }) })

/** What goes into the head of a call, and until when, by this process's clock. */
interface Credentials {
  headers: Record<string, string>
  goodUntil: number
}

/**
 * TSYS order processing. With a token address (the newer generation) a token is got there by client credentials; without
 * one the orders' own address takes id and secret, and hands out a token in the head of its answer where it wants one.
 * The token goes to no address but the configured one, whatever an answer links to.
 */
export function orderProcessing(settings: ForeignAffairsBankSettings, timeout = 60_000): OrderProcessing {
  const { apiUrl, tokenUrl, clientId, clientSecret } = settings
  const ordersUrl = apiUrl.toLowerCase().endsWith(ORDERS) ? apiUrl : apiUrl + (tokenUrl ? NEWER : '') + ORDERS
  let current: Promise<Credentials> | null = null

  /** One request for a token at a time; a failed one is forgotten. */
  function credentials(): Promise<Credentials> {
    current ??= (tokenUrl ? newerToken(tokenUrl) : olderToken()).catch((error: unknown) => {
      current = null
      throw error
    })
    return current
  }

  const askForToken = (request: { url: string; headers?: Record<string, string>; body?: URLSearchParams }) =>
    call({ whom: BANK, what: 'a request for a token', method: 'POST', timeout, ...request })

  async function newerToken(url: string): Promise<Credentials> {
    const form = new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: 'client_credentials',
      scope: SCOPE,
    })
    const answer = await askForToken({ url, body: form })
    const token = Token.safeParse(answer.body)
    if (answer.status !== 200 || !token.success) throw noToken(answer)
    const life = (token.data.expires_in ?? 3600) * 1000
    return { headers: bearer(token.data.access_token), goodUntil: Date.now() + life - EARLY }
  }

  async function olderToken(): Promise<Credentials> {
    const own = { ClientId: clientId, ClientSecret: clientSecret }
    const answer = await askForToken({ url: ordersUrl, headers: own })
    if (answer.status === 401 || answer.status === 403) throw noToken(answer)
    const given = answer.headers.get('authorization')
    const headers = given?.startsWith('Bearer ') ? { Authorization: given } : own
    return { headers, goodUntil: Date.now() + OLD_TOKEN_LIFE }
  }

  async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    if (current && (await current).goodUntil <= Date.now()) current = null
    const { headers } = await credentials()
    return call({
      whom: BANK,
      what: `${method} of an order`,
      url: ordersUrl + path,
      method,
      headers: {
        ...headers,
        Accept: 'application/hal+json',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      timeout,
    })
  }

  return {
    ordersUrl,
    async call(method, path, body) {
      let answer = await ask(method, path, body)
      if (isUnauthorised(answer)) {
        // Tokens end before their time when the bank restarts. Nothing was done, so it may be asked again.
        current = null
        answer = await ask(method, path, body)
        if (isUnauthorised(answer)) throw new Refused('access_denied', `${BANK} does not let us in`)
      }
      const { status } = answer
      if (answer.body === undefined || status >= 500 || status === 408 || status === 409 || status === 429) {
        const said = answer.body === undefined ? 'no JSON' : 'an error'
        throw new Unanswered(`${BANK} answered ${method} of an order with ${status} and ${said}`)
      }
      return { status, body: lowerKeys(answer.body), plain: withoutPeople(answer.body) }
    },
  }
}

const withoutPeople = (answer: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(answer ?? {}).filter(([key]) => !/^environment$/i.test(key)))

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` })

function noToken({ status, body }: Answer): Error {
  const definite = status >= 400 && status < 500 && status !== 408 && status !== 429
  if (!definite) return new Unanswered(`${BANK} answered a request for a token with ${status}`)
  const { data } = z.looseObject({ error: z.string().max(100) }).safeParse(body)
  return new Refused('access_denied', `${BANK} gives us no token: ${status} ${data?.error ?? ''}`.trim())
}

function isUnauthorised({ status, body }: Answer): boolean {
  if (status === 401) return true
  const { data } = Result.safeParse(lowerKeys(body))
  return data?.response.operationresult.toLowerCase() === NOT_AUTHORISED
}
