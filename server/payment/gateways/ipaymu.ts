import type { IpaymuSettings } from '../../gateway-settings.ts'
import {
  type Attempt,
  type Found,
  type Gateway,
  type GatewayFactory,
  type OpenDetails,
  type Opened,
  Refused,
} from '../gateway.ts'
import { readCallback } from './ipaymu/callback.ts'
import { ipaymuClient } from './ipaymu/client.ts'
import { testConnection } from './ipaymu/connection.ts'
import { openDirect, openHosted, TOLD } from './ipaymu/create.ts'
import { find, list } from './ipaymu/find.ts'
import { channels, HOSTED, methods } from './ipaymu/methods.ts'
import { rupiahOf } from './ipaymu/money.ts'
import { foundIn, type Transaction } from './ipaymu/transaction.ts'

/** An attempt older than this may have been opened before, by another process, with an outcome that nobody learnt. */
const FRESH = 5000
/** The answer to an opening can come no later: who has not been told by then how to pay never will be. */
const ANSWERED = 45_000

/**
 * iPaymu, Indonesia: its own page, where the customer chooses, and codes of banks, stores and QRIS that we show
 * ourselves. Rupiah alone, and whole ones. It knows no idempotency: two requests make two payments. What keeps a
 * customer from paying twice is that the way to pay is told in the answer alone, so of a lost answer nobody can pay.
 */
export const ipaymu: GatewayFactory = ({ gateways, publicUrl }) =>
  gateways.ipaymu ? gateway(gateways.ipaymu, publicUrl) : undefined

export function gateway(
  { va, apiKey, environment, apiUrl }: IpaymuSettings,
  publicUrl: string,
  timeout?: number,
): Gateway {
  const address = apiUrl.endsWith('/api/v2') ? apiUrl : `${apiUrl}/api/v2`
  const client = ipaymuClient({ address, va, apiKey, timeout })
  const live = environment === 'production'
  const notifyUrl = `${publicUrl}/ipaymu/callback`
  const begun = new Set<string>()

  /** A first try needs no look: nothing can be there yet. */
  function isFirstTry({ id, refs, createdAt, now }: Attempt): boolean {
    if (refs.length || begun.has(id) || now.getTime() - createdAt.getTime() > FRESH) return false
    begun.add(id)
    setTimeout(() => begun.delete(id), FRESH).unref()
    return true
  }

  const create = (attempt: Attempt, details: OpenDetails): Promise<Opened> => {
    if (attempt.method === HOSTED) return openHosted(client, attempt, details, notifyUrl)
    const channel = channels[attempt.method]
    if (!channel) throw new Refused('bad_request', `iPaymu has no way to pay by ${attempt.method}`)
    return openDirect(client, attempt, { channel, details, notifyUrl })
  }

  async function check(attempt: Attempt): Promise<Found> {
    const transactions = await find(client, attempt)
    if (transactions.length) return told(attempt, transactions)
    // A page that nobody has chosen anything on yet is in no list of the platform.
    return attempt.refs.some(({ kind }) => kind === 'session') ? untouched(attempt) : missing
  }

  return {
    methods,
    can: { refund: 'none', cancel: false, webhooks: 'hints' },
    acknowledgement: { status: 'success' },
    // The platform bears a hundred calls a minute.
    pollsPerSecond: 1,

    async open(attempt, details) {
      rupiahOf(attempt.money)
      const earlier = isFirstTry(attempt) ? [] : await find(client, attempt)
      const found = earlier.length ? told(attempt, earlier) : null
      // What waits and cannot be paid by anybody is left alone, and another is made.
      if (!found || found.failureCode === LOST) return create(attempt, details)
      return {
        next: found.next ?? { kind: found.captured > 0 ? 'paid' : 'checking' },
        refs: found.refs,
        found,
      }
    },

    check,

    readWebhook: (headers, body) => readCallback(headers, body, { va, live }),

    // The API has none: staff do it in the dashboard, and the next look sees it.
    refund: () => Promise.resolve({ state: 'FAILED', error: 'the iPaymu dashboard alone gives money back' }),

    async cancel(attempt) {
      const { state } = await check(attempt)
      return ['MISSING', 'FAILED', 'CANCELED', 'EXPIRED'].includes(state)
    },

    list: (span) => list(client, span),
    test: () => testConnection(client, { va, live }),
  }
}

const LOST = 'answer_lost'
/** The platform tells of an end a little late, and so may a bank of its money. */
const GRACE = 10 * 60_000

const nothing = { captured: 0, refunded: 0, refunds: [], refs: [] }
const missing: Found = { ...nothing, state: 'MISSING', said: 'no such transaction' }

/** The customer has the address of the platform's page, until its time is over. */
const untouched = ({ now, expiresAt }: Attempt): Found =>
  now < expiresAt
    ? { ...nothing, state: 'PENDING', said: 'nothing chosen yet' }
    : { ...nothing, state: 'EXPIRED', said: 'nothing chosen in time' }

/**
 * What the platform says, seen from the attempt. A transaction waits whose code was in an answer that never came:
 * while that may still come, we are checking; later the attempt is over, so that the customer can try again.
 */
function told(attempt: Attempt, transactions: Transaction[]): Found {
  const found = foundIn(transactions, attempt)
  const knows = attempt.method === HOSTED || attempt.refs.some(({ kind }) => kind === TOLD)
  if (found.state !== 'PENDING') return found
  const end = found.expiresAt ?? attempt.expiresAt
  if (attempt.now.getTime() > end.getTime() + GRACE) {
    return { ...found, state: 'EXPIRED', said: `${found.said}, long after its end` }
  }
  if (knows) return found
  // Nothing is said of a next step: the answer may have brought one while this was being looked up.
  if (attempt.now.getTime() - attempt.createdAt.getTime() < ANSWERED) return found
  const { expiresAt: _, ...rest } = found
  return {
    ...rest,
    state: 'CANCELED',
    failureCode: LOST,
    said: `${found.said}, and nobody was told its code`,
  }
}
