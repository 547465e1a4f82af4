import { z } from 'zod'
import type { HalkbankSettings } from '../../../gateway-settings.ts'
import { Unanswered } from '../../gateway.ts'
import { lowerKeys } from '../banks/lower-keys.ts'
import { call } from '../calls/call.ts'

/** What the bank answered a call: its code for how the call went, not for how the payment stands. */
export interface HalkbankAnswer {
  /** 0: the call succeeded. */
  errorCode: number
  errorMessage: string
  /** Every key in lower case. */
  body: Record<string, unknown>
  /** As it came, but for what is about a card or a person. */
  plain: Record<string, unknown>
}

export interface HalkbankClient {
  /**
   * Calls `<method>.do`. Throws `Unanswered` when the outcome is open, and `NotServed` when this bank does not have
   * the method.
   */
  call(method: string, parameters: Record<string, string | number>): Promise<HalkbankAnswer>
}

/** The bank has no such method, or does not let this merchant use it. */
export class NotServed extends Error {}

/** The bank writes its codes now as numbers, now as text. */
export const number = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
])
export const text = z.union([z.string(), z.number().transform(String)]).nullish()

const Body = z.looseObject({ errorcode: number.nullish(), errormessage: text })
const REST = '/payment/rest'

/**
 * The REST interface of the BPC/RBS family: a form goes there, JSON comes back as whatever Content-Type, and 200 stands
 * for refusals too. The password is in every call, so nothing ever goes into an address.
 */
export function halkbankClient(
  { apiUrl, username, password }: HalkbankSettings,
  timeout = 30_000,
): HalkbankClient {
  const base = apiUrl.endsWith(REST) ? apiUrl : apiUrl + REST

  return {
    async call(method, parameters) {
      const form = new URLSearchParams({ userName: username, password })
      for (const [name, value] of Object.entries(parameters)) form.set(name, String(value))
      const what = `${method}.do`
      const answer = await call({
        whom: 'Halkbank',
        what,
        url: `${base}/${what}`,
        method: 'POST',
        headers: { Accept: 'application/json' },
        body: form,
        timeout,
      })
      const body = Body.safeParse(lowerKeys(answer.body))
      const absent = answer.status === 404 || answer.status === 405 || answer.status === 501
      if (absent && !body.success) throw new NotServed(`Halkbank has no ${what}`)
      if (answer.status !== 200 || !body.success) {
        const said = answer.body === undefined ? 'no JSON' : 'something that makes no sense'
        throw new Unanswered(`Halkbank answered ${what} with ${answer.status} and ${said}`)
      }
      const { errorcode, errormessage } = body.data
      return {
        errorCode: errorcode ?? 0,
        errorMessage: errormessage ?? '',
        body: body.data,
        plain: withoutPeople(answer.body as object),
      }
    },
  }
}

const aboutPeople = /^(pan|cardholdername|expiration|cardauthinfo|bindinginfo|bindingid|ip|approvalcode)$/i

const withoutPeople = (answer: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(answer).filter(([key]) => !aboutPeople.test(key)))

/** Where the platform's own pages begin, for an order whose form address was lost with an answer. */
export const formUrl = ({ apiUrl }: HalkbankSettings, orderId: string, language: string): string =>
  `${apiUrl.endsWith(REST) ? apiUrl.slice(0, -REST.length) : apiUrl}/payment/merchants/online/payment_${language}.html?mdOrder=${encodeURIComponent(orderId)}`
