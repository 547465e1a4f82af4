import { z } from 'zod'
import type { Currency } from '../../../../models/money.ts'
import { type Listed, Refused, Unanswered } from '../../gateway.ts'
import { ChargeList, foundIn, readCharge } from './charge.ts'
import type { OmiseClient } from './client.ts'

const PAGE = 100
const Made = z.looseObject({ created_at: z.iso.datetime({ offset: true }) })

/** Every charge that was made in a span of time, `to` excluded, the oldest first. */
export async function* listCharges(
  client: OmiseClient,
  { from, to }: { from: Date; to: Date },
  live: boolean,
): AsyncGenerator<Listed> {
  const span = { from: from.toISOString(), to: to.toISOString() }
  for (let offset = 0, total = 1; offset < total; offset += PAGE) {
    const query = new URLSearchParams({
      ...span,
      limit: String(PAGE),
      offset: String(offset),
      order: 'chronological',
    })
    const list = await page(client, query)
    total = list.total
    for (const body of list.data) {
      const listed = readListed(body, live)
      // The platform counts the last second as a whole.
      if (listed.at >= from && listed.at < to) yield listed
    }
  }
}

async function page(client: OmiseClient, query: URLSearchParams): Promise<z.output<typeof ChargeList>> {
  const list = ChargeList.safeParse(await client.get(`/charges?${query}`).catch(cannotList))
  if (!list.success) throw new Unanswered('Omise answered with something that is not a list')
  return list.data
}

/** Being refused a list is no news about any payment. */
function cannotList(error: unknown): never {
  if (error instanceof Refused) throw new Unanswered(`Omise lists nothing: ${error.code}`, { cause: error })
  throw error
}

function readListed(body: unknown, live: boolean): Listed {
  const charge = readCharge(body, live)
  const made = Made.safeParse(body)
  if (!made.success) throw new Unanswered('Omise lists a charge without the time of its making')
  const { captured, refunded, said } = foundIn(charge)
  return {
    ref: { kind: 'charge', value: charge.id },
    attemptId: charge.metadata.attempt ?? null,
    money: { amount: charge.amount, currency: charge.currency.toUpperCase() as Currency },
    captured,
    refunded,
    said,
    at: new Date(made.data.created_at),
  }
}
