import { z } from 'zod'
import { type Attempt, type OpenDetails, Refused, Unanswered } from '../../gateway.ts'
import { type HalkbankClient, NotServed } from './client.ts'
import { currencyNumbers } from './order.ts'

/** Taken: a number is used once for ever. The bank's lists of codes disagree which of the two says so. */
const TAKEN = [1, 2]
const refusals: Record<number, string> = {
  3: 'unknown_currency',
  4: 'missing_parameter',
  5: 'access_denied',
}
const LONGEST_DESCRIPTION = 99
const SHORTEST_SESSION = 60

const Registered = z.looseObject({ orderid: z.string().min(1), formurl: z.url({ protocol: /^https?$/ }) })

export type RegisterAnswer =
  | { orderId: string; url: string; plain: Record<string, unknown> }
  /** The number is taken, or nobody knows: `lost` is what went wrong then. */
  | { taken: true; lost?: Unanswered }

interface Registration {
  attempt: Attempt
  details: OpenDetails
  number: string
  language: string
}

/** Asks the bank to register one order under one number. Throws `Refused` when it will have none of it. */
export async function register(
  client: HalkbankClient,
  { attempt, details, number, language }: Registration,
): Promise<RegisterAnswer> {
  const { money, expiresAt, now } = attempt
  const seconds = Math.ceil((expiresAt.getTime() - now.getTime()) / 1000)
  try {
    const { errorCode, errorMessage, body, plain } = await client.call('register', {
      orderNumber: number,
      amount: money.amount,
      currency: currencyNumbers[money.currency] ?? '',
      returnUrl: details.returnUrl,
      failUrl: details.returnUrl,
      description: describe(details),
      language,
      pageView: 'DESKTOP',
      sessionTimeoutSecs: Math.max(seconds, SHORTEST_SESSION),
    })
    if (TAKEN.includes(errorCode)) return { taken: true }
    if (errorCode === 7) throw new Unanswered(`Halkbank said 7 ${errorMessage.slice(0, 100)}`)
    if (errorCode !== 0) {
      throw new Refused(
        refusals[errorCode] ?? 'bank_refused',
        `Halkbank said ${errorCode} ${errorMessage.slice(0, 100)}`,
      )
    }
    const registered = Registered.safeParse(body)
    if (!registered.success) throw new Unanswered('Halkbank registered an order and did not say which')
    return { orderId: registered.data.orderid, url: registered.data.formurl, plain }
  } catch (error) {
    if (error instanceof NotServed) throw new Unanswered(error.message, { cause: error })
    if (error instanceof Unanswered) return { taken: true, lost: error }
    throw error
  }
}

/** The form chokes on #, % and &, and on a first letter that is not ASCII: the number comes first. */
const describe = ({ orderRegNo, description }: OpenDetails): string =>
  `${orderRegNo} ${description.replaceAll(orderRegNo, ' ')}`
    .replace(/[#%&\p{Cc}]/gu, ' ')
    .replace(/ +/g, ' ')
    .slice(0, LONGEST_DESCRIPTION)
    .trim()
