import { z } from 'zod'
import { type ConnectionReport, Refused } from '../../gateway.ts'
import { checkNetwork, silence } from '../calls/call.ts'
import type { SbpClient } from './client.ts'

const Shop = z.looseObject({
  account_id: z.union([z.string(), z.number()]).nullish(),
  status: z.string().nullish(),
  test: z.boolean().nullish(),
  payment_methods: z.array(z.string()).nullish(),
})

/** Tries the keys. Never throws: what went wrong is the report, with what to do about it. */
export async function testConnection(client: SbpClient, live: boolean): Promise<ConnectionReport> {
  const began = performance.now()
  const mode = live ? ('live' as const) : ('test' as const)
  try {
    const shop = Shop.safeParse(await client.get('/me')).data
    const latencyMs = Math.round(performance.now() - began)
    const values = { id: shop?.account_id ?? '?', status: shop?.status ?? '?' }
    const answer = { key: 'ready.test.sbp.shop', values }
    if (shop?.payment_methods && !shop.payment_methods.includes('sbp')) {
      return { ok: false, latencyMs, mode, answer, advice: { key: 'ready.test.sbp.method' } }
    }
    return { ok: true, latencyMs, mode, answer, advice: '' }
  } catch (error) {
    const refused = error instanceof Refused
    return {
      ok: false,
      latencyMs: Math.round(performance.now() - began),
      mode,
      answer: refused ? `${error.code}: ${error.message}` : silence(error),
      advice: refused ? { key: 'ready.test.sbp.key' } : checkNetwork('SBP_API_URL'),
    }
  }
}
