import { type Attempt, Refused, Unanswered } from '../../gateway.ts'
import type { KomojuClient } from './client.ts'
import { List, type Payment, readPayment, readSession, type Session } from './shapes.ts'

/** A session and what was paid in it; one of them is there. */
export interface Both {
  session: Session | null
  payment: Payment | null
}

/** The attempt's session and payment, by the platform's name for it or else by ours; null when there is neither. */
export async function find(client: KomojuClient, attempt: Attempt): Promise<Both | null> {
  for (const { kind, value } of attempt.refs) {
    if (kind !== 'session') continue
    const session = await sessionOf(client, value)
    // A name that some event brought along may belong to another attempt.
    if (session?.payment_data?.external_order_num === attempt.id) {
      return { session, payment: session.payment ?? null }
    }
  }
  return lookUp(client, attempt)
}

/**
 * Looks the attempt up by our own reference. The platform lists payments, and a session has none until its page was
 * used: what is not found here nobody can pay, for nobody has learnt its address.
 */
export async function lookUp(client: KomojuClient, { id }: Attempt): Promise<Both | null> {
  const query = new URLSearchParams({ external_order_num: id, per_page: '100' })
  const list = List.safeParse(await read(client, `/payments?${query}`))
  if (!list.success) throw new Unanswered('KOMOJU answered with something that is not a list')
  const payments = list.data.data.map(readPayment).filter((one) => one.external_order_num === id)
  const payment = payments.toSorted((a, b) => weight(b) - weight(a))[0]
  if (!payment) return null
  return { payment, session: payment.session ? await sessionOf(client, payment.session) : null }
}

/** Of several tries in one session, the one with money in it counts. */
const weight = ({ status }: Payment): number =>
  ['failed', 'expired', 'cancelled', 'pending', 'authorized', 'captured', 'refunded'].indexOf(status)

/** A payment of this attempt, read anew. */
export async function readPaymentOf(client: KomojuClient, id: string, attempt: Attempt): Promise<Payment> {
  const payment = readPayment(await read(client, `/payments/${encodeURIComponent(id)}`))
  if (payment.id === id && payment.external_order_num === attempt.id) return payment
  throw new Unanswered('KOMOJU answered with another payment than the one asked for')
}

async function sessionOf(client: KomojuClient, id: string): Promise<Session | null> {
  const body = await read(client, `/sessions/${encodeURIComponent(id)}`, true)
  if (body === null) return null
  const session = readSession(body)
  if (session.id !== id) throw new Unanswered('KOMOJU answered with another session than the one asked for')
  return session
}

/** Being refused a look is no news about the payment; that there is nothing to look at may be. */
export async function read(client: KomojuClient, path: string, maybe = false): Promise<unknown> {
  try {
    return await client.get(path)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (maybe && error.code === 'not_found') return null
    throw new Unanswered(`KOMOJU let us not look: ${error.code}`, { cause: error })
  }
}
