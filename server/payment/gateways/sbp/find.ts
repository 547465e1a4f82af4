import { z } from 'zod'
import type { Currency } from '../../../../models/money.ts'
import { type Attempt, type Listed, Refused, Unanswered } from '../../gateway.ts'
import type { SbpClient } from './client.ts'
import { type Payment, PaymentList, type Refund, RefundList, readPayment } from './payment.ts'

/** How far the clocks of the platform and ours may be apart. */
const SKEW = 15 * 60_000
const PAGE = 100
const MAX_PAGES = 50

/** The attempt's payment, by the platform's name for it or else by ours; null when there is none. */
export async function find(client: SbpClient, attempt: Attempt, live: boolean): Promise<Payment | null> {
  for (const { kind, value } of attempt.refs) {
    if (kind !== 'payment') continue
    const payment = await read(client, value, live)
    if (!payment) continue
    if (payment.id !== value) throw new Unanswered('SBP answered with another payment than the one asked for')
    // A name that some notification brought along, and that belongs to another attempt.
    if (payment.metadata?.attempt === attempt.id) return payment
  }
  return lookUp(client, attempt, live)
}

async function read(client: SbpClient, id: string, live: boolean): Promise<Payment | null> {
  try {
    return readPayment(await client.get(`/payments/${encodeURIComponent(id)}`), live)
  } catch (error) {
    if (error instanceof Refused && error.code === 'not_found') return null
    throw asUnanswered(error)
  }
}

/** Goes through the payments made about the time of the attempt. */
async function lookUp(client: SbpClient, attempt: Attempt, live: boolean): Promise<Payment | null> {
  const begin = new Date(attempt.createdAt.getTime() - SKEW)
  for await (const body of payments(client, { 'created_at.gte': begin.toISOString() })) {
    if (isOf(body, attempt.id)) return readPayment(body, live)
  }
  return null
}

const isOf = (body: unknown, attemptId: string): boolean =>
  z.looseObject({ metadata: z.looseObject({ attempt: z.literal(attemptId) }) }).safeParse(body).success

/** Every payment that the platform made within a span of time, for reconciliation. */
export async function* list(
  client: SbpClient,
  { from, to }: { from: Date; to: Date },
  live: boolean,
): AsyncIterable<Listed> {
  const span = { 'created_at.gte': from.toISOString(), 'created_at.lt': to.toISOString() }
  for await (const body of payments(client, span)) {
    const payment = readPayment(body, live)
    const paid = payment.status === 'succeeded'
    yield {
      ref: { kind: 'payment', value: payment.id },
      attemptId: payment.metadata?.attempt ?? null,
      money: { amount: payment.amount.amount, currency: payment.amount.currency as Currency },
      captured: paid ? payment.amount.amount : 0,
      refunded: paid ? (payment.refunded_amount?.amount ?? 0) : 0,
      said: payment.status,
      at: new Date(payment.created_at ?? from),
    }
  }
}

async function* payments(client: SbpClient, filter: Record<string, string>): AsyncIterable<unknown> {
  let cursor: string | null | undefined
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ ...filter, limit: String(PAGE), ...(cursor ? { cursor } : {}) })
    const { items, next_cursor: next } = await ask(client, `/payments?${query}`, PaymentList)
    yield* items
    if (!next) return
    cursor = next
  }
  throw new Unanswered('SBP has too many payments of that time to look through')
}

/** What was given back of a payment. */
export async function refundsOf(client: SbpClient, payment: Payment): Promise<Refund[]> {
  const query = new URLSearchParams({ payment_id: payment.id, limit: String(PAGE) })
  return (await ask(client, `/refunds?${query}`, RefundList)).items
}

async function ask<S extends z.ZodType>(client: SbpClient, path: string, shape: S): Promise<z.output<S>> {
  try {
    const body = shape.safeParse(await client.get(path))
    if (body.success) return body.data
  } catch (error) {
    throw asUnanswered(error)
  }
  throw new Unanswered('SBP answered with something that is not a list')
}

/** Being refused a look is no news about the payment. */
const asUnanswered = (error: unknown) =>
  error instanceof Refused ? new Unanswered(`SBP let us not look: ${error.code}`, { cause: error }) : error
