import type { Attempt, Found } from '../../gateway.ts'

/** How long after its end a payment that the bank's page has begun may still go through. */
const MARGIN = 3 * 60_000

export const missing: Found = {
  state: 'MISSING',
  captured: 0,
  refunded: 0,
  refunds: [],
  refs: [],
  said: 'no such order',
}

/**
 * The bank calls nobody, and may show an order as unpaid for ever. For us the attempt is over some minutes after its
 * session; money that comes all the same counts as late.
 */
export function inTime(attempt: Attempt, found: Found): Found {
  if (found.state !== 'PENDING' || attempt.expiresAt.getTime() + MARGIN > attempt.now.getTime()) return found
  const { next: _, ...rest } = found
  return { ...rest, state: 'EXPIRED', said: `${found.said}: the bank's page was not answered in time` }
}
