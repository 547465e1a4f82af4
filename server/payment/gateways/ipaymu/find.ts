import { z } from 'zod'
import { type Attempt, type Listed, Refused, Unanswered } from '../../gateway.ts'
import type { IpaymuClient } from './client.ts'
import { HOSTED } from './methods.ts'
import { dayOf } from './times.ts'
import { captured, readTransaction, refunded, type Transaction } from './transaction.ts'

/** How far the clocks of the platform and ours may be apart. */
const SKEW = 15 * 60_000
/** The platform gives no more at once. */
const PAGE = 20
/** So many rows are looked through for one attempt, and so many where its money is found among them. */
const MOST = 5000
const ENOUGH = 60

/**
 * The attempt's transactions, by the platform's names or else by ours; none when it has none. On the platform's own
 * page a customer may begin one after another, so there one that brought no money does not end the search.
 */
export async function find(client: IpaymuClient, attempt: Attempt): Promise<Transaction[]> {
  const known: Transaction[] = []
  for (const { kind, value } of attempt.refs) {
    if (kind !== 'transaction') continue
    const transaction = await read(client, value)
    // A name that some callback brought along, and that belongs to another attempt.
    if (transaction?.reference === attempt.id) known.push(transaction)
  }
  const enough = known.some((one) => captured(one) > 0) || (known.length > 0 && attempt.method !== HOSTED)
  return enough ? known : lookUp(client, attempt)
}

/**
 * Reads one transaction; null when the platform does not know it. Throws `Unanswered` when the answer is about
 * another one.
 */
async function read(client: IpaymuClient, id: string): Promise<Transaction | null> {
  try {
    const transaction = readTransaction(await client.post('/transaction', { transactionId: id }))
    if (transaction.id === id) return transaction
  } catch (error) {
    if (error instanceof Refused && error.code === 'not_found') return null
    throw asUnanswered(error)
  }
  throw new Unanswered('iPaymu answered with another transaction than the one asked for')
}

/** There is no look-up by our reference: the history since the attempt began is gone through. */
async function lookUp(client: IpaymuClient, attempt: Attempt): Promise<Transaction[]> {
  const from = new Date(attempt.createdAt.getTime() - SKEW)
  // A row may come twice, where another was put before it meanwhile.
  const ids = new Set<string>()
  let rows = 0
  let paid = false
  for await (const one of history(client, { from, to: attempt.now }, 'DESC')) {
    rows += 1
    if (one.reference === attempt.id) {
      ids.add(one.id)
      paid ||= captured(one) > 0
    }
    if (one.createdAt && one.createdAt < from) break
    if (rows >= (paid ? ENOUGH : MOST)) break
  }
  if (rows >= MOST && !ids.size) {
    throw new Unanswered('iPaymu has too many transactions since then to look through')
  }
  // The history may lag behind; what is true of one transaction, only itself tells.
  const found: Transaction[] = []
  for (const id of ids) {
    const transaction = await read(client, id)
    if (transaction?.reference === attempt.id) found.push(transaction)
  }
  return found
}

/** What was begun in a span of time, for reconciliation. */
export async function* list(client: IpaymuClient, span: { from: Date; to: Date }): AsyncIterable<Listed> {
  for await (const one of history(client, span, 'ASC')) {
    const at = one.createdAt
    if (!at || at < span.from || at >= span.to) continue
    yield {
      ref: { kind: 'transaction', value: one.id },
      attemptId: one.reference,
      money: { amount: one.amount, currency: 'IDR' },
      captured: captured(one),
      refunded: refunded(one),
      said: one.said,
      at,
    }
  }
}

/** The platform's own pages name the list in one way, and older answers in another. */
const History = z.looseObject({
  Results: z.array(z.unknown()).optional(),
  Transaction: z.array(z.unknown()).optional(),
})

/** Every transaction of these days, page by page, by number. */
async function* history(
  client: IpaymuClient,
  { from, to }: { from: Date; to: Date },
  order: 'ASC' | 'DESC',
): AsyncIterable<Transaction> {
  const days = { date: 'created_at', startdate: dayOf(from), enddate: dayOf(new Date(to.getTime() + SKEW)) }
  for (let page = 1; ; page += 1) {
    const rows = await historyPage(client, { ...days, page, limit: PAGE, orderBy: 'id', order })
    for (const row of rows) yield readTransaction(row)
    if (rows.length < PAGE) return
  }
}

async function historyPage(client: IpaymuClient, question: object): Promise<unknown[]> {
  try {
    const answer = History.safeParse(await client.post('/history', question))
    const rows = answer.data?.Results ?? answer.data?.Transaction
    if (rows) return rows
  } catch (error) {
    throw asUnanswered(error)
  }
  throw new Unanswered('iPaymu answered with something that is not a history')
}

/** Being refused a look is no news about the payment. */
const asUnanswered = (error: unknown) =>
  error instanceof Refused ? new Unanswered(`iPaymu let us not look: ${error.code}`, { cause: error }) : error
