import { createHash } from 'node:crypto'
import { decimal } from '../../../models/money.ts'
import type { SbpSettings } from '../../gateway-settings.ts'
import {
  type Attempt,
  type Found,
  type Gateway,
  type GatewayFactory,
  type Method,
  type OpenDetails,
  type Opened,
  type RefundResult,
  Refused,
  Unanswered,
} from '../gateway.ts'
import { sbpClient } from './sbp/client.ts'
import { testConnection } from './sbp/connection.ts'
import { find, list, refundsOf } from './sbp/find.ts'
import { readNotification } from './sbp/notification.ts'
import {
  descriptionOf,
  foundIn,
  LIFETIME,
  nextOf,
  operationOf,
  type Payment,
  type Refund,
  readPayment,
  readRefund,
  refundState,
} from './sbp/payment.ts'

const methods: Method[] = [
  {
    name: 'sbp',
    tokenType: 'QR_PAY',
    amounts: { RUB: { min: 100, max: 70_000_000 } },
    needsCardToken: false,
    lifetime: LIFETIME,
  },
]

/** The platform forgets a key after a day; what is half as old is looked up first. */
const KEY_LIVES = 12 * 3600_000

/**
 * SBP, the Russian banks' fast payments, by the YooKassa API: the customer scans a QR that we draw, or goes to the
 * bank's page where the shop is not given the code. One stage, an hour to pay, notifications that nobody signs.
 */
export const sbp: GatewayFactory = ({ gateways }) => (gateways.sbp ? gateway(gateways.sbp) : undefined)

export function gateway({ shopId, secretKey, apiUrl }: SbpSettings, timeout?: number): Gateway {
  const address = apiUrl.endsWith('/v3') ? apiUrl : `${apiUrl}/v3`
  const client = sbpClient({ address, shopId, secretKey, timeout })
  const live = !secretKey.startsWith('test_')
  const genuine = new URL(apiUrl).hostname.endsWith('yookassa.ru')
  /** Whether this shop is given the code of the QR: known after the first refusal. */
  let drawsQr = true

  async function create(attempt: Attempt, details: OpenDetails): Promise<Payment> {
    if (drawsQr) {
      try {
        return await post(attempt, details, 'qr')
      } catch (error) {
        if (!(error instanceof Refused) || !/confirmation/.test(error.message)) throw error
        drawsQr = false
      }
    }
    return post(attempt, details, 'redirect')
  }

  async function post(attempt: Attempt, details: OpenDetails, confirmation: 'qr' | 'redirect') {
    const request = paymentRequest(attempt, details, confirmation)
    const key = keyOf(attempt.id, confirmation)
    return readPayment(await twice(() => client.post('/payments', request, key)), live)
  }

  return {
    methods,
    can: { refund: 'partial', cancel: false, webhooks: 'hints' },
    acknowledgement: { ok: true },
    pollsPerSecond: 5,

    async open(attempt, details) {
      const old = attempt.now.getTime() - attempt.createdAt.getTime() > KEY_LIVES
      const known = attempt.refs.length > 0 || old ? await find(client, attempt, live) : null
      return opened(known ?? (await create(attempt, details)))
    },

    async check(attempt) {
      const payment = await find(client, attempt, live)
      if (!payment) return missing
      const back = payment.refunded_amount?.amount ? await refundsOf(client, payment) : []
      return inTime(attempt, foundIn(payment, back))
    },

    readWebhook: (headers, body) => readNotification(headers, body, { live, strict: genuine }),

    async refund(attempt, { opId, amount, reason }) {
      const payment = await find(client, attempt, live)
      if (!payment) return { state: 'FAILED', error: 'not_found' }
      const earlier = (await refundsOf(client, payment)).find((refund) => operationOf(refund) === opId)
      if (earlier) return refundResult(earlier)
      const body = {
        payment_id: payment.id,
        amount: { value: decimal(amount, attempt.money.currency), currency: attempt.money.currency },
        description: descriptionOf(opId, reason),
      }
      try {
        const key = keyOf(attempt.id, opId)
        return refundResult(readRefund(await twice(() => client.post('/refunds', body, key))))
      } catch (error) {
        if (error instanceof Refused) return { state: 'FAILED', error: error.code }
        throw error
      }
    },

    list: (span) => list(client, span, live),

    // Nobody can close an open SBP payment: it ends by itself, an hour after its beginning.
    async cancel(attempt) {
      const payment = await find(client, attempt, live)
      if (!payment) return true
      const { state } = foundIn(payment)
      return state === 'FAILED' || state === 'CANCELED' || state === 'EXPIRED'
    },

    test: () => testConnection(sbpClient({ address, shopId, secretKey, timeout: 10_000 }), live),
  }
}

const paymentRequest = (
  { id, money }: Attempt,
  { orderRegNo, description, returnUrl }: OpenDetails,
  confirmation: 'qr' | 'redirect',
) => ({
  amount: { value: decimal(money.amount, money.currency), currency: money.currency },
  capture: true,
  payment_method_data: { type: 'sbp' },
  confirmation: { type: confirmation, ...(confirmation === 'redirect' ? { return_url: returnUrl } : {}) },
  description: description.slice(0, 128),
  metadata: { attempt: id, order: orderRegNo },
})

/** At most 64 characters, and the same for the same wish. */
const keyOf = (...parts: string[]): string => createHash('sha256').update(parts.join(' ')).digest('hex')

/** A lost answer costs nothing: the same key brings the same payment, or the same refund. */
async function twice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const slow = error instanceof Error && error.cause instanceof DOMException
    if (!(error instanceof Unanswered) || slow) throw error
    return work()
  }
}

const missing: Found = {
  state: 'MISSING',
  captured: 0,
  refunded: 0,
  refunds: [],
  refs: [],
  said: 'no such payment',
}

/** For us an attempt ends when we said it would; should the customer pay after all, the money counts as late. */
function inTime(attempt: Attempt, found: Found): Found {
  if (found.state !== 'PENDING' || attempt.expiresAt > attempt.now) return found
  const { next: _, ...rest } = found
  return { ...rest, state: 'EXPIRED', said: `${found.said}: not paid in time` }
}

/** A payment may be refused in the very answer that makes it. */
function opened(payment: Payment): Opened {
  const found = foundIn(payment)
  return { next: nextOf(payment) ?? { kind: 'checking' }, refs: found.refs, found }
}

function refundResult(refund: Refund): RefundResult {
  const state = refundState(refund)
  const error = refund.cancellation_details?.reason
  return { state, ref: refund.id, ...(state === 'FAILED' && error ? { error } : {}) }
}
