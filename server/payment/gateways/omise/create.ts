import { isIP } from 'node:net'
import type { Charges, Sources } from 'omise'
import { z } from 'zod'
import { type Attempt, type OpenDetails, Refused, type SavedCard, Unanswered } from '../../gateway.ts'
import { timedOut } from '../calls/call.ts'
import { type Charge, readCharge } from './charge.ts'
import type { OmiseClient } from './client.ts'
import { lookUp } from './find.ts'
import { sourceOf } from './methods.ts'
import { namesOf, saveCard } from './saved-card.ts'

/**
 * Makes the charge, or finds the one that an earlier try has made after all. A second try takes the same token or
 * source, which cannot be charged twice; after a time-out there is none, because the first may still be under way.
 */
export async function create(
  client: OmiseClient,
  attempt: Attempt,
  details: OpenDetails,
  live: boolean,
): Promise<{ charge: Charge; saved?: SavedCard }> {
  const saving = details.rememberCard && details.cardToken && attempt.method === 'card'
  const kept = saving ? await saveCard(client, details.cardToken ?? '', attempt.id) : undefined
  const known = kept ? { ...details, savedCard: kept.saved.card } : details
  const charge = await post(client, attempt, known, live)
  return { charge, ...(kept && { saved: kept.saved }) }
}

async function post(
  client: OmiseClient,
  attempt: Attempt,
  details: OpenDetails,
  live: boolean,
): Promise<Charge> {
  const request = await chargeRequest(client, attempt, details)
  // A kept card can be charged any number of times: nothing but a look tells whether the first try went through.
  const most = details.savedCard ? 1 : 2
  for (let tries = 1; ; tries += 1) {
    try {
      return readCharge(await client.post('/charges', request, attempt.id), live)
    } catch (error) {
      if (error instanceof Refused && !wasUsed(error)) throw error
      const charge = await lookUp(client, attempt, live)
      if (charge) return charge
      if (error instanceof Refused || timedOut(error) || tries === most) throw error
    }
  }
}

/** The platform has a code for a spent token, and for a spent source only words. */
const wasUsed = ({ code, message }: Refused): boolean =>
  code === 'used_token' || /already (been )?used/.test(message)

async function chargeRequest(
  client: OmiseClient,
  attempt: Attempt,
  details: OpenDetails,
): Promise<Charges.IRequest> {
  const { orderRegNo, description, returnUrl, cardToken, savedCard, captureLater, customer } = details
  const common = {
    amount: attempt.money.amount,
    currency: attempt.money.currency,
    description: description.slice(0, 255),
    metadata: { attempt: attempt.id, order: orderRegNo },
    return_uri: returnUrl,
    ...(isIP(customer.ip) ? { ip: customer.ip } : {}),
  }
  if (attempt.method === 'card') {
    const later = captureLater ? { capture: false } : {}
    if (savedCard) return { ...common, ...namesOf(savedCard), ...later }
    if (!cardToken) throw new Refused('missing_card', 'The page must send the token of a card')
    return { ...common, card: cardToken, ...later }
  }
  const source = await createSource(client, attempt, customer)
  // Only what is paid away from the platform's pages waits by our time; a page or an app has its own.
  const waits = attempt.method === 'promptpay' || attempt.method === 'econtext'
  return { ...common, source, ...(waits ? { expires_at: attempt.expiresAt.toISOString() } : {}) }
}

/** A source alone takes no money, so a second one after a lost answer does no harm. */
async function createSource(
  client: OmiseClient,
  { id, method, money }: Attempt,
  customer: OpenDetails['customer'],
): Promise<string> {
  const { type, term } = sourceOf(method)
  const request: Sources.IRequest = {
    type,
    amount: money.amount,
    currency: money.currency,
    ...(term ? { installment_term: term } : {}),
    ...(type === 'truemoney' ? { phone_number: thaiPhone(customer.phone) } : {}),
    ...(type === 'econtext' ? contactOf(customer) : {}),
  }
  const source = z
    .looseObject({ object: z.literal('source'), id: z.string() })
    .safeParse(await client.post('/sources', request, `${id}:source`))
  if (!source.success) throw new Unanswered('Omise answered with something that is not a source')
  return source.data.id
}

/** The wallet is the customer's phone number: ten digits, as it is dialled in Thailand. */
function thaiPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '').replace(/^(00)?66/, '0')
  if (/^0\d{9}$/.test(digits)) return digits
  throw new Refused('invalid_phone', 'TrueMoney needs the customer’s Thai phone number in the address')
}

/** Who comes to the counter: the shop asks for all three. */
function contactOf({ name, email, phone }: OpenDetails['customer']) {
  const digits = phone.replace(/\D/g, '')
  if (!name || !email || !digits) {
    throw new Refused('missing_contact', 'This way needs a name, an e-mail address and a phone number')
  }
  return { name: name.slice(0, 10), email, phone_number: digits.slice(0, 11) }
}
