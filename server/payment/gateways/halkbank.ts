import type { HalkbankSettings } from '../../gateway-settings.ts'
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
import { inTime, missing } from './banks/in-time.ts'
import { refundByTotal } from './banks/refunds.ts'
import { timedOut } from './calls/call.ts'
import { formUrl, type HalkbankClient, halkbankClient, NotServed } from './halkbank/client.ts'
import { NOBODYS_ORDER, testConnection } from './halkbank/connection.ts'
import { byNumber, type FoundOrder, findOrder, numbersOf } from './halkbank/find.ts'
import { foundIn, refsOf } from './halkbank/order.ts'
import { register } from './halkbank/register.ts'

const methods: Method[] = [
  {
    name: 'halkbank',
    tokenType: 'BANK_CARD',
    amounts: { TMT: { min: 100, max: 999_999_999 } },
    needsCardToken: false,
    lifetime: 20 * 60_000,
  },
]

/**
 * Halkbank of Turkmenistan: cards on the bank's own page, in a window beside ours. It calls nobody back, so whoever
 * closes that window is found by asking. Our number is used once for ever: that is what keeps a second try from making
 * a second order.
 */
export const halkbank: GatewayFactory = ({ gateways }) =>
  gateways.halkbank ? gateway(gateways.halkbank) : undefined

export function gateway(settings: HalkbankSettings, timeout?: number): Gateway {
  const client = halkbankClient(settings, timeout)

  return {
    methods,
    can: { refund: 'partial', cancel: false, webhooks: 'none' },
    pollsPerSecond: 5,
    open: (attempt, details) => open(client, settings, attempt, details),
    check: (attempt) => check(client, attempt),
    readWebhook: () => null,

    async refund(attempt, { opId, amount }) {
      const orderId = await paidOrder(client, attempt)
      if (!orderId) return { state: 'FAILED', error: 'not_paid' }
      return refundByTotal(
        attempt.refunds ?? [],
        { opId, amount },
        {
          async look() {
            const order = await look(client, attempt)
            return order && order.captured > 0 ? order : null
          },
          ask: () => giveBack(client, orderId, opId, amount),
        },
      )
    },

    async cancel(attempt) {
      const order = await look(client, attempt)
      if (!order) return true
      if (order.state === 'FAILED' || order.state === 'CANCELED' || order.state === 'EXPIRED') return true
      // An order that waits to be paid cannot be closed: its session runs out.
      if (order.state !== 'AUTHORIZED' || !order.orderId) return false
      return (await client.call('reverse', { orderId: order.orderId })).errorCode === 0
    },

    test: () => testConnection(settings),
  }
}

/**
 * Registers the order. A number that is taken already was registered by a try whose answer got lost: then that order is
 * looked up. Where the bank cannot be asked by our number, the order is lost and the next number is taken: nobody has
 * the address of the lost one's form, so nobody can pay it.
 */
async function open(
  client: HalkbankClient,
  settings: HalkbankSettings,
  attempt: Attempt,
  details: OpenDetails,
): Promise<Opened> {
  const language = languageOf(details)
  for (const number of numbersOf(attempt)) {
    const answer = await register(client, { attempt, details, number, language })
    if ('url' in answer) {
      const refs = refsOf(answer.orderId, number)
      return { next: { kind: 'popup', url: answer.url }, refs, found: unpaid(refs, answer.plain) }
    }
    try {
      const order = await byNumber(client, number)
      if (order) return opened(order, settings, language)
    } catch (error) {
      if (!(error instanceof NotServed)) throw error
      if (answer.lost && timedOut(answer.lost)) throw answer.lost
      continue
    }
    // It may still be on its way.
    if (answer.lost) throw answer.lost
  }
  throw new Refused('number_taken', 'Halkbank says that every number of this attempt is taken')
}

const unpaid = (refs: Found['refs'], answer: Record<string, unknown>): Found => ({
  state: 'PENDING',
  captured: 0,
  refunded: 0,
  refunds: [],
  refs,
  said: 'registered',
  answer,
})

function opened(order: FoundOrder, settings: HalkbankSettings, language: string): Opened {
  const found: Found = { ...foundIn(order, order.orderId, []), answer: order.answer }
  const url = order.orderId && order.state === 'PENDING' && formUrl(settings, order.orderId, language)
  return { next: url ? { kind: 'popup', url } : { kind: 'checking' }, refs: found.refs, found }
}

async function check(client: HalkbankClient, attempt: Attempt): Promise<Found> {
  const order = await look(client, attempt)
  if (!order) return missing
  const known = attempt.refs.find(({ kind }) => kind === 'order')?.value ?? null
  return inTime(attempt, { ...foundIn(order, known, attempt.refunds ?? []), answer: order.answer })
}

/** Null also stands for an order whose id was lost for good: nobody can pay it. */
async function look(client: HalkbankClient, attempt: Attempt): Promise<FoundOrder | null> {
  try {
    return await findOrder(client, attempt)
  } catch (error) {
    if (!(error instanceof NotServed)) throw error
    // Nothing of this bank's works with these keys, or this one method alone? Only the latter says anything.
    const { errorCode, errorMessage } = await client.call('getOrderStatus', { orderId: NOBODYS_ORDER })
    if (errorCode === 6) return null
    throw new Unanswered(`Halkbank did not let us look: ${errorMessage}`, { cause: error })
  }
}

async function paidOrder(client: HalkbankClient, attempt: Attempt): Promise<string | null> {
  const order = await look(client, attempt)
  if (!order || order.captured <= 0) return null
  return order.orderId ?? attempt.refs.find(({ kind }) => kind === 'order')?.value ?? null
}

async function giveBack(
  client: HalkbankClient,
  orderId: string,
  opId: string,
  amount: number,
): Promise<RefundResult> {
  const { errorCode, errorMessage } = await client.call('refund', { orderId, amount })
  if (errorCode === 0) return { state: 'SUCCEEDED', ref: opId }
  if (errorCode === 7) throw new Unanswered(`Halkbank said 7 ${errorMessage.slice(0, 100)}`)
  return { state: 'FAILED', error: `${errorCode} ${errorMessage}`.trim().slice(0, 200) }
}

/** The languages of the bank's form. */
const languageOf = ({ customer }: OpenDetails): string => ({ ru: 'ru', tk: 'tm' })[customer.language] ?? 'en'
