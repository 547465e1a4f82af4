import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { inMs, now } from '../database/index.ts'
import { extendHolds } from '../store/index.ts'
import { applyAndFollow } from './apply.ts'
import { asAttempt, firstCheckMs, newAttempt } from './attempts.ts'
import { type Found, type OpenDetails, type Opened, Refused, Unanswered } from './gateway.ts'
import { gatewayOf, requireMethod } from './gateways.ts'
import { keepCard } from './saved-cards.ts'

/**
 * Stores an attempt in the transaction that takes the order to AWAITING_PAYMENT, before any gateway is asked. The
 * goods stay held at least as long as the attempt lives.
 */
export async function storeAttempt(
  session: ClientSession,
  order: Order,
  {
    gateway,
    method,
    lifetime,
    heldUntil,
    requestKey,
  }: {
    gateway: string
    method: string
    /** Milliseconds; the method's own when the shop does not say. */
    lifetime?: number
    /** Until when the goods are held already. */
    heldUntil: Date
    requestKey: { key: string; hash: string } | null
  },
): Promise<Payment> {
  const { lifetime: usual } = requireMethod(gateway, method, {
    amount: order.totals.total,
    currency: order.currency,
  })
  // Every attempt before this one has left its step in the history.
  const attemptNo = order.history.filter(({ to }) => to === 'AWAITING_PAYMENT').length + 1
  const payment = newAttempt(order, {
    gateway,
    method,
    part: 0,
    attemptNo,
    lifetime: lifetime ?? usual,
    requestKey,
  })
  await Payments.collection.insertOne(payment, { session })
  if (payment.expiresAt > heldUntil) await extendHolds(session, order._id, payment.expiresAt)
  return payment
}

interface OpenedAttempt {
  payment: Payment
  order: Order | null
}

/**
 * Asks the gateway to open a stored attempt, and writes down what became of it. A definite no ends the attempt; no
 * answer leaves it UNKNOWN, and the reconciler looks it up: never failed, and never charged again. The order comes
 * along where this has changed it.
 */
export async function openAttempt(payment: Payment, details: OpenDetails): Promise<OpenedAttempt> {
  const gateway = gatewayOf(payment.gateway)
  const stopWatching = watch(payment)
  try {
    const answer = await gateway.open(asAttempt(payment), details)
    const after = await opened(payment, answer)
    if (answer.saved && after.payment.state !== 'FAILED') await keepCard(after.payment, answer.saved)
    return after
  } catch (error) {
    if (error instanceof Refused) return applyAndFollow(payment, refusal(error), 'answer')
    if (error instanceof Unanswered) return { payment: await unanswered(payment, error), order: null }
    throw error
  } finally {
    stopWatching()
  }
}

/** Keeps the reconciler away from an attempt that is being opened: the gateway may not have heard of it yet. */
function watch({ _id }: Payment): () => void {
  const putOff = () => {
    Payments.collection
      .updateOne({ _id, state: 'CREATED' }, { $set: { checkAt: inMs(firstCheckMs) } })
      .catch(() => undefined)
  }
  const watching = setInterval(putOff, firstCheckMs / 3)
  return () => clearInterval(watching)
}

async function opened(payment: Payment, { next, refs, found }: Opened): Promise<OpenedAttempt> {
  const pending: Found = {
    state: 'PENDING',
    captured: 0,
    refunded: 0,
    refunds: [],
    refs: [],
    said: 'opened',
  }
  const answer = found ?? pending
  return applyAndFollow(payment, { ...answer, next, refs: [...answer.refs, ...refs] }, 'answer')
}

const refusal = (error: Refused): Found => ({
  state: 'FAILED',
  captured: 0,
  refunded: 0,
  refunds: [],
  refs: [],
  failureCode: error.code,
  said: error.message,
})

async function unanswered(payment: Payment, error: Unanswered): Promise<Payment> {
  const at = now()
  const said = { at, source: 'answer', state: 'no answer', detail: error.message.slice(0, 200) }
  const changed = await Payments.collection.findOneAndUpdate(
    { _id: payment._id, state: { $in: ['CREATED', 'PENDING'] } },
    {
      $set: { state: 'UNKNOWN', checkAt: new Date(at.getTime() + 5000), updatedAt: at },
      $push: { evidence: said } as never,
    },
    { returnDocument: 'after' },
  )
  // A webhook was faster: what it brought stands.
  return (changed ?? (await Payments.collection.findOne({ _id: payment._id }))) as unknown as Payment
}
