import { type Attempt, Unanswered } from '../../gateway.ts'
import { type HalkbankAnswer, type HalkbankClient, NotServed } from './client.ts'
import { type BankOrder, readOrder } from './order.ts'

/** A number is used once for ever, so a try whose order was lost is followed by one with the next of these. */
const MOST_NUMBERS = 3
const UNKNOWN_ORDER = 6
const ACCESS_DENIED = 5

export interface FoundOrder extends BankOrder {
  /** The bank's answer, for integrations that read it. */
  answer: Record<string, unknown>
}

/** The numbers under which an attempt may stand at the bank; at most 30 characters each. */
export const numbersOf = ({ id }: Attempt): string[] =>
  Array.from({ length: MOST_NUMBERS }, (_, index) => (index === 0 ? id : `${id}-${index + 1}`))

/**
 * The attempt's order at the bank, or null when there is none that anybody could pay. `NotServed` when the bank can
 * only be asked by its own id, and we have none.
 */
export async function findOrder(client: HalkbankClient, attempt: Attempt): Promise<FoundOrder | null> {
  const ours = numbersOf(attempt)
  const known = attempt.refs.filter(({ kind }) => kind === 'number').map(({ value }) => value)
  const numbers = ours.filter((number) => known.includes(number))
  let lost: NotServed | undefined
  let newest: FoundOrder | null = null
  for (const number of numbers.length ? numbers : ours) {
    try {
      const found = await byNumber(client, number)
      if (found && found.captured > 0) return found
      newest = found ?? newest
    } catch (error) {
      if (!(error instanceof NotServed)) throw error
      lost = error
      break
    }
  }
  if (newest || !lost) return newest
  const found = await byBankId(client, attempt)
  if (found) return found
  throw lost
}

/** By our number. */
export async function byNumber(client: HalkbankClient, orderNumber: string): Promise<FoundOrder | null> {
  const answer = await client.call('getOrderStatusExtended', { orderNumber })
  const { errorCode, errorMessage } = answer
  if (errorCode === UNKNOWN_ORDER) return null
  if (errorCode === ACCESS_DENIED) throw new NotServed(`Halkbank did not let us look: ${errorMessage}`)
  return judge(answer, [orderNumber])
}

/** By the bank's own ids: an id that some other attempt brought along says nothing about this one. */
async function byBankId(client: HalkbankClient, attempt: Attempt): Promise<FoundOrder | null> {
  for (const { kind, value } of attempt.refs) {
    if (kind !== 'order') continue
    const answer = await client.call('getOrderStatus', { orderId: value })
    const { errorCode, errorMessage, body } = answer
    // The older method reports the payment's own refusal in the same field: 2 is a declined one.
    if (errorCode === UNKNOWN_ORDER) continue
    if (errorCode === ACCESS_DENIED) throw new Unanswered(`Halkbank did not let us look: ${errorMessage}`)
    const order = readOrder(body)
    if (order && !numbersOf(attempt).includes(order.number)) continue
    return {
      ...judge(errorCode === 2 ? { ...answer, errorCode: 0 } : answer, numbersOf(attempt)),
      orderId: value,
    }
  }
  return null
}

function judge({ errorCode, errorMessage, body, plain }: HalkbankAnswer, numbers: string[]): FoundOrder {
  if (errorCode !== 0) throw new Unanswered(`Halkbank said ${errorCode} ${errorMessage.slice(0, 100)}`)
  const order = readOrder(body)
  if (!order) throw new Unanswered('Halkbank answered with something that is not an order')
  if (!numbers.includes(order.number)) {
    throw new Unanswered('Halkbank answered with another order than the one asked for')
  }
  return { ...order, answer: plain }
}
