import { createHash, randomInt } from 'node:crypto'
import type { ForeignAffairsBankSettings } from '../../gateway-settings.ts'
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
import { inTime, missing } from './banks/in-time.ts'
import { refundByTotal } from './banks/refunds.ts'
import { type OrderProcessing, orderProcessing } from './foreign-affairs-bank/client.ts'
import { testConnection } from './foreign-affairs-bank/connection.ts'
import { newOrder, newRefund } from './foreign-affairs-bank/new-order.ts'
import { type BankOrder, checkoutOf, foundIn, readOrder } from './foreign-affairs-bank/order.ts'

const methods: Method[] = [
  {
    name: 'foreign_affairs_bank',
    tokenType: 'BANK_CARD',
    amounts: { TMT: { min: 100, max: 999_999_999 } },
    needsCardToken: false,
    lifetime: 20 * 60_000,
  },
]

/** An attempt older than this may have been opened before, by another process, with an outcome that nobody learnt. */
const FRESH = 5000

/**
 * The State Bank for Foreign Economic Affairs of Turkmenistan (TSYS order processing): cards on the bank's own page, in
 * a window beside ours. It calls nobody back and cannot be asked by our number, so an order whose answer got lost is
 * lost with it. Nobody can pay that one, for its address was in the answer: the next try takes the next number.
 */
export const foreignAffairsBank: GatewayFactory = ({ gateways }) =>
  gateways.foreignAffairsBank ? gateway(gateways.foreignAffairsBank) : undefined

export function gateway(settings: ForeignAffairsBankSettings, timeout?: number): Gateway {
  const bank = orderProcessing(settings, timeout)
  const begun = new Set<string>()

  /** Ours is good for the first try; at most 30 characters. */
  function nextNumber({ id, createdAt, now }: Attempt): string {
    if (!begun.has(id) && now.getTime() - createdAt.getTime() <= FRESH) {
      begun.add(id)
      setTimeout(() => begun.delete(id), FRESH).unref()
      return id
    }
    return `${id}-${randomInt(36 ** 3, 36 ** 4).toString(36)}`
  }

  return {
    methods,
    can: { refund: 'partial', cancel: false, webhooks: 'none' },
    pollsPerSecond: 5,
    async open(attempt, details) {
      try {
        return await create(bank, settings, attempt, details, nextNumber(attempt))
      } catch (error) {
        if (!(error instanceof Unanswered) || error.cause !== undefined) throw error
        // The bank said something that made no sense; the line itself is not broken.
        return create(bank, settings, attempt, details, nextNumber(attempt))
      }
    },
    async check(attempt) {
      const order = await find(bank, attempt)
      return order ? inTime(attempt, foundIn(order, attempt.refunds ?? [])) : missing
    },
    readWebhook: () => null,

    async refund(attempt, { opId, amount }) {
      const order = await find(bank, attempt)
      if (!order || order.captured <= 0) return { state: 'FAILED', error: 'not_paid' }
      return refundByTotal(
        attempt.refunds ?? [],
        { opId, amount },
        {
          look: () => find(bank, attempt),
          ask: () => giveBack(bank, settings, order, { opId, amount }),
        },
      )
    },

    /** The bank closes nothing: an unpaid order is simply left. */
    async cancel(attempt) {
      const order = await find(bank, attempt)
      return !order || order.state === 'CANCELED'
    },

    test: () => testConnection(settings),
  }
}

async function create(
  bank: OrderProcessing,
  settings: ForeignAffairsBankSettings,
  attempt: Attempt,
  details: OpenDetails,
  number: string,
): Promise<Opened> {
  const { ordersUrl } = bank
  const answer = await bank.call('POST', '', newOrder(settings, { attempt, details, number, ordersUrl }))
  if (answer.status >= 400) {
    throw new Refused('bank_refused', `The Foreign Affairs Bank refused the order: ${answer.status}`)
  }
  const order = readOrder(answer)
  const url = checkoutOf(answer.body)
  if (order.result === 'GEN-00001' || (order.state === 'PENDING' && !url)) {
    throw new Unanswered(`The Foreign Affairs Bank said ${order.said}`)
  }
  if (order.state !== 'PENDING' || !url) throw new Refused('bank_refused', order.said)
  const found = foundIn(order, [])
  return { next: { kind: 'popup', url }, refs: found.refs, found }
}

/** The attempt's order; null when we were never told of one, and then nobody can pay it. */
async function find(bank: OrderProcessing, attempt: Attempt): Promise<BankOrder | null> {
  const ids = attempt.refs.filter(({ kind }) => kind === 'order').map(({ value }) => value)
  let newest: BankOrder | null = null
  for (const id of ids) {
    const order = await read(bank, id)
    // An id that some other attempt brought along says nothing about this one.
    if (order.number !== attempt.id && !order.number.startsWith(`${attempt.id}-`)) continue
    if (order.captured > 0) return order
    newest = order
  }
  if (ids.length && !newest) {
    throw new Unanswered('The Foreign Affairs Bank answered with another order than the one asked for')
  }
  return newest
}

async function read(bank: OrderProcessing, id: string): Promise<BankOrder> {
  try {
    const answer = await bank.call('GET', `/${encodeURIComponent(id)}`)
    if (answer.status >= 400) {
      throw new Unanswered(`The Foreign Affairs Bank answered a look with ${answer.status}`)
    }
    return readOrder(answer)
  } catch (error) {
    // Being refused a look is no news about the payment.
    if (error instanceof Refused) throw new Unanswered(error.message, { cause: error })
    throw error
  }
}

/** Asked for once: `refundByTotal` has looked whether it was made before. */
async function giveBack(
  bank: OrderProcessing,
  settings: ForeignAffairsBankSettings,
  order: BankOrder,
  { opId, amount }: { opId: string; amount: number },
): Promise<RefundResult> {
  const answer = await bank.call(
    'POST',
    `/${encodeURIComponent(order.orderId)}/refund`,
    newRefund(settings, {
      requestId: createHash('sha256').update(`${order.number} ${opId}`).digest('hex').slice(0, 30),
      number: order.number,
      money: { amount, currency: 'TMT' },
    }),
  )
  if (answer.status >= 400) return { state: 'FAILED', error: `refused: ${answer.status}` }
  const { result, said } = readOrder(answer)
  if (result === 'GEN-00000') return { state: 'SUCCEEDED', ref: opId }
  if (result === 'OPG-00006') return { state: 'FAILED', error: said }
  // What else it may answer is no definite no: whether the money went is looked up.
  throw new Unanswered(`The Foreign Affairs Bank said ${said}`)
}
