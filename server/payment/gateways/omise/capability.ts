import { z } from 'zod'
import type { Currency } from '../../../../models/money.ts'
import type { Method } from '../../gateway.ts'
import type { OmiseClient } from './client.ts'
import { sourceOf } from './methods.ts'

const Capability = z.looseObject({
  payment_methods: z.array(
    z.looseObject({
      name: z.string(),
      currencies: z.array(z.string()).nullish(),
      installment_terms: z.array(z.int()).nullish(),
    }),
  ),
})
type Allowed = z.output<typeof Capability>['payment_methods']

/** How long an answer counts, and how soon it is asked for again after a failure. */
const FRESH = 60 * 60_000
const RETRY = 30_000

/**
 * What the account may take. While nobody knows, everything is offered: a method that the account lacks is refused
 * when it is chosen, and nothing is lost.
 */
export function capabilityOf(client: OmiseClient, every: Method[]) {
  let offered = every
  let askAgainAt = 0
  let asking: Promise<void> | undefined

  async function read(): Promise<void> {
    askAgainAt = Date.now() + RETRY
    const body = Capability.safeParse(await client.get('/capability'))
    if (!body.success) return
    offered = every.flatMap((method) => allowed(method, body.data.payment_methods))
    askAgainAt = Date.now() + FRESH
  }

  return {
    /** Reads it anew, and resolves when that is done or has failed. */
    refresh(): Promise<void> {
      asking ??= read()
        .catch(() => undefined)
        .finally(() => {
          asking = undefined
        })
      return asking
    },
    /** What is known now; an old answer is renewed behind it. */
    methods(): Method[] {
      if (askAgainAt > 0 && Date.now() > askAgainAt) void this.refresh()
      return offered
    },
  }
}

/** The method with the currencies that the account takes it in; none where it may not take it at all. */
function allowed(method: Method, known: Allowed): Method[] {
  const { type, term } = sourceOf(method.name)
  const found = known.find(({ name }) => name === type)
  if (!found || (term && found.installment_terms && !found.installment_terms.includes(term))) return []
  const currencies = found.currencies?.map((currency) => currency.toUpperCase())
  const amounts = Object.entries(method.amounts).filter(
    ([currency]) => !currencies || currencies.includes(currency),
  )
  if (!amounts.length) return []
  return [{ ...method, amounts: Object.fromEntries(amounts) as Partial<Record<Currency, never>> }]
}
