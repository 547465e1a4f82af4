import type { Money } from '../../../models/money.ts'
import type { KomojuSettings } from '../../gateway-settings.ts'
import {
  type Attempt,
  type Gateway,
  type GatewayFactory,
  type Method,
  type OpenDetails,
  type Opened,
  type RefundResult,
  Refused,
  Unanswered,
} from '../gateway.ts'
import { timedOut } from './calls/call.ts'
import { type KomojuClient, komojuClient, StillRunning } from './komoju/client.ts'
import { closeSession } from './komoju/close.ts'
import { testConnection } from './komoju/connection.ts'
import { type Both, find, lookUp, readPaymentOf } from './komoju/find.ts'
import { foundIn, isNewVoucher, isUndecided, mark, nextOf, refundOf } from './komoju/found.ts'
import { listPayments, missedEvents } from './komoju/list.ts'
import { readSession } from './komoju/shapes.ts'
import { readEvent } from './komoju/webhook.ts'

const minute = 60_000
/** To pay by card, or to choose a store. The platform allows up to a day. */
const sessionLifetime = 60 * minute

const methods: Method[] = [
  {
    name: 'credit_card',
    tokenType: 'BANK_CARD',
    amounts: {
      JPY: { min: 50, max: 9_999_999 },
      USD: { min: 50, max: 9_999_999 },
      IDR: { min: 1_000_000, max: 99_999_999_999 },
    },
    needsCardToken: false,
    lifetime: sessionLifetime,
  },
  {
    name: 'konbini',
    tokenType: 'QR_PAY',
    amounts: { JPY: { min: 200, max: 299_999 } },
    needsCardToken: false,
    // It goes to a bank account, which the customer names to the platform: staff ask for it in the dashboard.
    refund: 'none',
    // Until a store is chosen; how long its code can be paid the platform says then.
    lifetime: sessionLifetime,
  },
]

/**
 * KOMOJU: a session whose hosted page takes a card or issues a code to pay at a convenience store. Our attempt is the
 * session's `external_order_num` and its idempotency key: the same request again gets the same session. Units are
 * ours: yen as they are, hundredths of everything else, rupiah too.
 */
export const komoju: GatewayFactory = (settings) =>
  settings.gateways.komoju ? gateway(settings.gateways.komoju, settings.publicUrl) : undefined

export function gateway(
  { apiUrl, secretKey, webhookSecret }: KomojuSettings,
  publicUrl: string,
  timeout?: number,
): Gateway {
  const client = komojuClient({ apiUrl, key: secretKey, timeout })

  return {
    methods,
    can: { refund: 'partial', cancel: true, webhooks: webhookSecret ? 'signed' : 'hints' },
    pollsPerSecond: 10,

    async open(attempt, details) {
      const request = sessionRequest(attempt, details)
      remember(attempt.id, request)
      return opened(await create(client, attempt, request), attempt.money)
    },

    async check(attempt) {
      const both = (await find(client, attempt)) ?? (await askAgain(client, attempt))
      return both ? foundIn(both, attempt.money) : missing
    },

    readWebhook: (headers, body) => readEvent(headers, body, webhookSecret),

    refund: (attempt, wish) => refund(client, attempt, wish),

    async cancel(attempt) {
      const both = await find(client, attempt)
      if (!both) return true
      if (isOver(attempt) && isNewVoucher(both, attempt)) return false
      if (isUndecided(both)) await closeSession(client, attempt, both)
      const after = isUndecided(both) ? await find(client, attempt) : both
      const state = after && foundIn(after, attempt.money).state
      return state === null || state === 'CANCELED' || state === 'EXPIRED'
    },

    list: (span) => listPayments(client, span),
    missed: (since) => missedEvents(client, since),

    test: () =>
      testConnection({
        apiUrl,
        secretKey,
        signed: webhookSecret !== null,
        webhookUrl: `${publicUrl}/webhooks/payments/komoju`,
      }),
  }
}

const missing = {
  state: 'MISSING' as const,
  captured: 0,
  refunded: 0,
  refunds: [],
  refs: [],
  said: 'no such session',
}

const isOver = ({ expiresAt, now }: Attempt): boolean => expiresAt <= now

function opened(both: Both, money: Money): Opened {
  const found = foundIn(both, money)
  const url = both.session?.session_url
  const leads = url && /^https?:\/\//.test(url)
  const next = nextOf(both) ?? (leads ? { kind: 'redirect' as const, url } : { kind: 'checking' as const })
  return { next, refs: found.refs, found }
}

/**
 * The request must be the same on every try of one attempt, or its idempotency key would be refused: nothing in it
 * comes from the clock.
 */
function sessionRequest(
  { id, method, money }: Attempt,
  { orderRegNo, description, returnUrl, customer }: OpenDetails,
) {
  return {
    amount: money.amount,
    currency: money.currency,
    mode: 'payment',
    return_url: returnUrl,
    default_locale: pageLanguages[customer.language] ?? 'en',
    payment_types: [method],
    expires_in_seconds: sessionLifetime / 1000,
    ...(customer.email && { email: customer.email }),
    metadata: { attempt: id, order: orderRegNo },
    payment_data: {
      external_order_num: id,
      capture: 'auto',
      description: description.slice(0, 255),
      ...(customer.name && { name: customer.name.slice(0, 100) }),
    },
  }
}

/** The hosted page speaks these; everybody else gets English. */
const pageLanguages: Partial<Record<string, string>> = { ja: 'ja', en: 'en', id: 'id', th: 'th' }

/**
 * Makes the session, or gets the one that an earlier try has made: one key, one session. After a time-out it is not
 * tried again here, because the first request may still be under way; the caller knows that the outcome is open.
 */
async function create(client: KomojuClient, attempt: Attempt, request: object): Promise<Both> {
  for (let tries = 1; ; tries += 1) {
    try {
      const session = readSession(await client.post('/sessions', request, attempt.id))
      unanswered.delete(attempt.id)
      if (session.payment_data?.external_order_num !== attempt.id) {
        throw new Unanswered('KOMOJU answered with a session of another attempt')
      }
      return { session, payment: session.payment ?? null }
    } catch (error) {
      if (error instanceof Refused && !wasTaken(error)) {
        unanswered.delete(attempt.id)
        throw error
      }
      if (error instanceof Refused) {
        const payment = await lookUp(client, attempt)
        if (payment) return payment
        throw new Unanswered('KOMOJU has a session for this attempt and does not tell which', {
          cause: error,
        })
      }
      const underWay = timedOut(error) || error instanceof StillRunning
      if (!(error instanceof Unanswered) || underWay || tries === 2) throw error
    }
  }
}

/** What was asked and not answered yet, by attempt. */
const unanswered = new Map<string, object>()
const mostUnanswered = 1000

function remember(id: string, request: object): void {
  unanswered.set(id, request)
  const [oldest] = unanswered.keys()
  if (unanswered.size > mostUnanswered && oldest !== undefined) unanswered.delete(oldest)
}

/**
 * The platform lists payments, and a session that nobody has paid in has none: by our reference it is not to be
 * found. But the same request with the same key gets the same session, as long as we know what we asked. A process
 * that died knows no more; then nobody has the session's address either, and it runs out unpaid.
 */
async function askAgain(client: KomojuClient, attempt: Attempt): Promise<Both | null> {
  const request = attempt.refs.length ? undefined : unanswered.get(attempt.id)
  return request ? create(client, attempt, request) : null
}

/** The key is forgotten after a day; the order number never is. */
const wasTaken = ({ message }: Refused): boolean => /external_order_num/.test(message)

const byBankTransfer =
  'what was paid at a store goes back by bank transfer, asked for in the KOMOJU dashboard'

/**
 * Money back for a payment. What the refund is called by us stands in its description: that is how an earlier try is
 * found, whatever became of its answer and its idempotency key.
 */
async function refund(
  client: KomojuClient,
  attempt: Attempt,
  { opId, amount, reason }: { opId: string; amount: number; reason: string },
): Promise<RefundResult> {
  const both = await find(client, attempt)
  if (!both?.payment) return { state: 'FAILED', error: 'not_found' }
  if (attempt.method === 'konbini') return { state: 'FAILED', error: byBankTransfer }
  const { id } = both.payment
  const earlier = refundOf(both.payment, opId)
  if (earlier) return earlier
  const body = { amount, description: `${reason.slice(0, 150)} ${mark(opId)}` }
  try {
    await client.post(`/payments/${id}/refund`, body, `${attempt.id}:${opId}`)
  } catch (error) {
    const late = refundOf(await readPaymentOf(client, id, attempt), opId)
    if (late) return late
    if (error instanceof Refused) return { state: 'FAILED', error: error.code }
    throw error
  }
  const made = refundOf(await readPaymentOf(client, id, attempt), opId)
  if (made) return made
  throw new Unanswered('KOMOJU took the refund and does not show it yet')
}
