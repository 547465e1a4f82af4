import type { Charges } from 'omise'
import type { OmiseSettings } from '../../gateway-settings.ts'
import {
  type Attempt,
  type ConnectionReport,
  type Found,
  type Gateway,
  type GatewayFactory,
  type Opened,
  Refused,
  Unanswered,
} from '../gateway.ts'
import { capabilityOf } from './omise/capability.ts'
import { type Charge, foundIn, nextOf, Refund, readCharge, refundState } from './omise/charge.ts'
import { omiseClient } from './omise/client.ts'
import { testConnection } from './omise/connection.ts'
import { create } from './omise/create.ts'
import { allRefunds, find, findRefund } from './omise/find.ts'
import { listCharges } from './omise/list.ts'
import { everyMethod } from './omise/methods.ts'
import { namesOf } from './omise/saved-card.ts'
import { readEvent } from './omise/webhook.ts'

/** An attempt older than this may have been opened before, by another process, with an outcome that nobody learnt. */
const FRESH = 5000
/**
 * Omise: cards by a token that the browser brings, PromptPay, wallets, banks, instalments, and Japan's convenience
 * stores. A card token and a source are good for one charge and our attempt is named in every charge's metadata: that
 * is what keeps a second try from charging twice.
 */
export const omise: GatewayFactory = ({ gateways, publicUrl }) => {
  if (!gateways.omise) return undefined
  const built = gateway(gateways.omise, publicUrl)
  void built.learn()
  return built
}

export function gateway(
  { apiUrl, secretKey, publicKey, webhookSecret, scriptUrl }: OmiseSettings,
  publicUrl: string,
  timeout?: number,
): Gateway & { learn(): Promise<void> } {
  const client = omiseClient({ apiUrl, key: secretKey, timeout })
  const live = !secretKey.startsWith('skey_test_')
  const begun = new Set<string>()
  const capability = capabilityOf(client, everyMethod)

  /** A first try needs no look: nothing can be there yet. */
  function isFirstTry({ id, refs, createdAt, now }: Attempt): boolean {
    if (refs.length || begun.has(id) || now.getTime() - createdAt.getTime() > FRESH) return false
    begun.add(id)
    setTimeout(() => begun.delete(id), FRESH).unref()
    return true
  }

  return {
    /** What the account may take; all of it until the platform has said. */
    get methods() {
      return capability.methods()
    },
    everyMethod,
    learn: () => capability.refresh(),
    can: { refund: 'partial', cancel: true, webhooks: webhookSecret ? 'signed' : 'hints' },
    cardForm: { script: scriptUrl, publicKey },
    pollsPerSecond: 20,

    async open(attempt, details) {
      const isFirst = isFirstTry(attempt)
      const earlier = isFirst ? null : await find(client, attempt, live)
      if (earlier) return opened(earlier)
      if (!isFirst && details.savedCard) {
        throw new Unanswered('A kept card is charged by one try: the first may still be under way')
      }
      const { charge, saved } = await create(client, attempt, details, live)
      return { ...opened(charge), ...(saved && { saved }) }
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

    async capture(attempt) {
      const charge = await find(client, attempt, live)
      if (!charge) throw new Refused('not_found', 'Omise has no charge for this attempt')
      const { state } = foundIn(charge)
      // An earlier try went through though its answer was lost.
      if (state !== 'AUTHORIZED') return foundIn(charge, await allRefunds(client, charge))
      const body = await client.post(`/charges/${charge.id}/capture`, {}, `${attempt.id}:capture`)
      return foundIn(readCharge(body, live))
    },

    async forget(card) {
      await client.delete(`/customers/${encodeURIComponent(namesOf(card).customer)}`)
    },

    list: (span) => listCharges(client, span, live),

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

    async test(): Promise<ConnectionReport> {
      void capability.refresh()
      return testConnection({
        apiUrl,
        secretKey,
        publicKey,
        live,
        webhookUrl: `${publicUrl}/webhooks/payments/omise`,
      })
    },
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

function refundResult(body: unknown) {
  const refund = Refund.safeParse(body)
  if (!refund.success) throw new Unanswered('Omise answered with something that is not a refund')
  return { state: refundState(refund.data.status), ref: refund.data.id }
}
