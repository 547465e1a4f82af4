import { isIP } from 'node:net'
import type { Charges, Sources } from 'omise'
import { z } from 'zod'
import type { OmiseSettings } from '../../gateway-settings.ts'
import {
  type Attempt,
  type ConnectionReport,
  type Found,
  type Gateway,
  type GatewayFactory,
  type Method,
  type OpenDetails,
  type Opened,
  Refused,
  Unanswered,
} from '../gateway.ts'
import { type Charge, foundIn, nextOf, Refund, readCharge, refundState } from './omise/charge.ts'
import { type OmiseClient, omiseClient, timedOut } from './omise/client.ts'
import { testConnection } from './omise/connection.ts'
import { allRefunds, find, findRefund, lookUp } from './omise/find.ts'
import { readEvent } from './omise/webhook.ts'

const minute = 60_000

const methods: Method[] = [
  {
    name: 'card',
    tokenType: 'BANK_CARD',
    amounts: {
      THB: { min: 2000, max: 500_000_000_000 },
      JPY: { min: 100, max: 99_999_999 },
      USD: { min: 100, max: 99_999_999 },
    },
    needsCardToken: true,
    lifetime: 15 * minute,
  },
  {
    name: 'promptpay',
    tokenType: 'QR_PAY',
    amounts: { THB: { min: 2000, max: 15_000_000 } },
    needsCardToken: false,
    lifetime: 15 * minute,
  },
]

/** An attempt older than this may have been opened before, by another process, with an outcome that nobody learnt. */
const FRESH = 5000
/**
 * Omise: cards by a token that the browser brings, and PromptPay. A card token is good for one charge and our attempt
 * is named in every charge's metadata: that is what keeps a second try from charging twice.
 */
export const omise: GatewayFactory = (settings) =>
  settings.gateways.omise ? gateway(settings.gateways.omise, settings.publicUrl) : undefined

export function gateway(
  { apiUrl, secretKey, publicKey, webhookSecret, scriptUrl }: OmiseSettings,
  publicUrl: string,
  timeout?: number,
): Gateway {
  const client = omiseClient({ apiUrl, key: secretKey, timeout })
  const live = !secretKey.startsWith('skey_test_')
  const begun = new Set<string>()

  /** A first try needs no look: nothing can be there yet. */
  function isFirstTry({ id, refs, createdAt, now }: Attempt): boolean {
    if (refs.length || begun.has(id) || now.getTime() - createdAt.getTime() > FRESH) return false
    begun.add(id)
    setTimeout(() => begun.delete(id), FRESH).unref()
    return true
  }

  return {
    methods,
    can: { refund: 'partial', cancel: true, webhooks: webhookSecret ? 'signed' : 'hints' },
    cardForm: { script: scriptUrl, publicKey },
    pollsPerSecond: 10,

    async open(attempt, details) {
      const earlier = isFirstTry(attempt) ? null : await find(client, attempt, live)
      return opened(earlier ?? (await create(client, attempt, details, live)))
    },

    async check(attempt) {
      const charge = await find(client, attempt, live)
      return charge ? inTime(attempt, foundIn(charge, await allRefunds(client, charge))) : missing
    },

    readWebhook: (headers, body) =>
      readEvent(headers, body, { secret: webhookSecret, live, now: Date.now() }),

    async refund(attempt, { opId, amount, reason }) {
      const charge = await find(client, attempt, live)
      if (!charge) return { state: 'FAILED', error: 'not_found' }
      const earlier = await findRefund(client, charge.id, opId)
      if (earlier) return earlier
      const body = { amount, metadata: { operation: opId, reason } } satisfies Charges.IRefundRequest
      try {
        return refundResult(await client.post(`/charges/${charge.id}/refunds`, body, opId))
      } catch (error) {
        if (error instanceof Refused) return { state: 'FAILED', error: error.code }
        const late = error instanceof Unanswered ? await findRefund(client, charge.id, opId) : null
        if (late) return late
        throw error
      }
    },

    async cancel(attempt) {
      const charge = await find(client, attempt, live)
      if (!charge) return true
      const { state } = foundIn(charge)
      if (state === 'FAILED' || state === 'CANCELED' || state === 'EXPIRED') return true
      const action = state === 'AUTHORIZED' ? 'reverse' : 'expire'
      if (state !== 'PENDING' && state !== 'AUTHORIZED') return false
      try {
        const body = await client.post(`/charges/${charge.id}/${action}`, {}, `${attempt.id}:${action}`)
        const after = foundIn(readCharge(body, live)).state
        return after === 'EXPIRED' || after === 'CANCELED'
      } catch (error) {
        // Paid in the meantime, or a card at its bank's page, which the platform lets nobody close.
        if (error instanceof Refused) return false
        throw error
      }
    },

    test: (): Promise<ConnectionReport> =>
      testConnection({
        apiUrl,
        secretKey,
        publicKey,
        live,
        webhookUrl: `${publicUrl}/webhooks/payments/omise`,
      }),
  }
}

const missing: Found = {
  state: 'MISSING',
  captured: 0,
  refunded: 0,
  refunds: [],
  refs: [],
  said: 'no such charge',
}

/**
 * The platform waits seven days for a cardholder who left the bank's page, and lets nobody close the charge. For us
 * the attempt ends when we said it would; should the bank agree after all, the money counts as late.
 */
function inTime(attempt: Attempt, found: Found): Found {
  if (found.state !== 'PENDING' || attempt.method !== 'card' || attempt.expiresAt > attempt.now) {
    return found
  }
  const { next: _, ...rest } = found
  return { ...rest, state: 'EXPIRED', said: `${found.said}: the bank's page was not answered in time` }
}

function opened(charge: Charge): Opened {
  const found = foundIn(charge)
  return { next: nextOf(charge) ?? { kind: 'checking' }, refs: found.refs, found }
}

/**
 * Makes the charge, or finds the one that an earlier try has made after all. A second try takes the same token or
 * source, which cannot be charged twice; after a time-out there is none, because the first may still be under way.
 */
async function create(
  client: OmiseClient,
  attempt: Attempt,
  details: OpenDetails,
  live: boolean,
): Promise<Charge> {
  const request = await chargeRequest(client, attempt, details)
  for (let tries = 1; ; tries += 1) {
    try {
      return readCharge(await client.post('/charges', request, attempt.id), live)
    } catch (error) {
      if (error instanceof Refused && !wasUsed(error)) throw error
      const charge = await lookUp(client, attempt, live)
      if (charge) return charge
      if (error instanceof Refused || timedOut(error) || tries === 2) throw error
    }
  }
}

/** The platform has a code for a spent token, and for a spent source only words. */
const wasUsed = ({ code, message }: Refused): boolean =>
  code === 'used_token' || /already (been )?used/.test(message)

async function chargeRequest(
  client: OmiseClient,
  attempt: Attempt,
  { orderRegNo, description, returnUrl, cardToken, customer }: OpenDetails,
): Promise<Charges.IRequest> {
  const common = {
    amount: attempt.money.amount,
    currency: attempt.money.currency,
    description: description.slice(0, 255),
    metadata: { attempt: attempt.id, order: orderRegNo },
    return_uri: returnUrl,
    ...(isIP(customer.ip) ? { ip: customer.ip } : {}),
  }
  if (attempt.method === 'card') {
    if (!cardToken) throw new Refused('missing_card', 'The page must send the token of a card')
    return { ...common, card: cardToken }
  }
  return {
    ...common,
    source: await createSource(client, attempt),
    expires_at: attempt.expiresAt.toISOString(),
  }
}

/** A source alone takes no money, so a second one after a lost answer does no harm. */
async function createSource(client: OmiseClient, { id, method, money }: Attempt): Promise<string> {
  const request: Sources.IRequest = { type: method, amount: money.amount, currency: money.currency }
  const source = z
    .looseObject({ object: z.literal('source'), id: z.string() })
    .safeParse(await client.post('/sources', request, `${id}:source`))
  if (!source.success) throw new Unanswered('Omise answered with something that is not a source')
  return source.data.id
}

function refundResult(body: unknown) {
  const refund = Refund.safeParse(body)
  if (!refund.success) throw new Unanswered('Omise answered with something that is not a refund')
  return { state: refundState(refund.data.status), ref: refund.data.id }
}
