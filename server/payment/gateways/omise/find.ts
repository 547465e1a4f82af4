import { z } from 'zod'
import { type Attempt, type RefundResult, Refused, Unanswered } from '../../gateway.ts'
import { type Charge, ChargeList, type Refund, RefundList, readCharge, refundState } from './charge.ts'
import type { OmiseClient } from './client.ts'

/** How far the clocks of the platform and ours may be apart. */
const SKEW = 15 * 60_000
const PAGE = 100
const MOST = 5000

/** The attempt's charge, by the platform's name for it or else by ours; null when there is none. */
export async function find(client: OmiseClient, attempt: Attempt, live: boolean): Promise<Charge | null> {
  for (const { kind, value } of attempt.refs) {
    if (kind !== 'charge') continue
    const charge = await readOne(client, value, live)
    if (!charge) continue
    if (charge.id !== value) throw new Unanswered('Omise answered with another charge than the one asked for')
    // A name that some event brought along, and that belongs to another attempt.
    if (charge.metadata.attempt === attempt.id) return charge
  }
  return lookUp(client, attempt, live)
}

async function readOne(client: OmiseClient, id: string, live: boolean): Promise<Charge | null> {
  try {
    return readCharge(await client.get(`/charges/${encodeURIComponent(id)}`), live)
  } catch (error) {
    if (error instanceof Refused && error.code === 'not_found') return null
    throw asUnanswered(error)
  }
}

/** Goes through the charges made since the attempt. The platform's search would lag behind; its list does not. */
export async function lookUp(client: OmiseClient, attempt: Attempt, live: boolean): Promise<Charge | null> {
  const from = new Date(attempt.createdAt.getTime() - SKEW).toISOString()
  let seen = 0
  for await (const body of charges(client, { from })) {
    if (isOf(body, attempt.id)) return readCharge(body, live)
    seen += 1
    if (seen >= MOST) throw new Unanswered('Omise has too many charges since then to look through')
  }
  return null
}

/** Every charge of a span of time, page after page. */
async function* charges(client: OmiseClient, span: Record<string, string>): AsyncIterable<unknown> {
  for (let page = 0; ; page += 1) {
    const query = new URLSearchParams({
      ...span,
      limit: String(PAGE),
      offset: String(page * PAGE),
      order: 'chronological',
    })
    const { data, total } = await read(client, `/charges?${query}`, ChargeList)
    yield* data
    if (data.length === 0 || (page + 1) * PAGE >= total) return
  }
}

const isOf = (body: unknown, attemptId: string): boolean =>
  z.looseObject({ metadata: z.looseObject({ attempt: z.literal(attemptId) }) }).safeParse(body).success

async function read<S extends z.ZodType>(client: OmiseClient, path: string, shape: S): Promise<z.output<S>> {
  try {
    const body = shape.safeParse(await client.get(path))
    if (body.success) return body.data
  } catch (error) {
    throw asUnanswered(error)
  }
  throw new Unanswered('Omise answered with something that is not a list')
}

/** Being refused a look is no news about the payment. */
const asUnanswered = (error: unknown) =>
  error instanceof Refused ? new Unanswered(`Omise let us not look: ${error.code}`, { cause: error }) : error

/** A charge shows its first twenty refunds. */
export async function allRefunds(client: OmiseClient, charge: Charge): Promise<Refund[]> {
  const { data = [], total } = charge.refunds ?? {}
  if ((total ?? 0) <= data.length) return data
  return (await read(client, `/charges/${charge.id}/refunds?limit=${PAGE}`, RefundList)).data
}

/** A refund that an earlier try of the same operation has made. */
export async function findRefund(
  client: OmiseClient,
  chargeId: string,
  opId: string,
): Promise<RefundResult | null> {
  const { data } = await read(client, `/charges/${chargeId}/refunds?limit=${PAGE}`, RefundList)
  const refund = data.find(({ metadata }) => metadata?.operation === opId)
  return refund ? { state: refundState(refund.status), ref: refund.id } : null
}
