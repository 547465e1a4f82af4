import { z } from 'zod'
import { type ConnectionReport, Refused } from '../../gateway.ts'
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
    const answer = `shop ${shop?.account_id ?? '?'} is ${shop?.status ?? '?'}`
    if (shop?.payment_methods && !shop.payment_methods.includes('sbp')) {
      const advice = 'Ask the bank to switch on SBP for this shop: it takes other payments only'
      return { ok: false, latencyMs, mode, answer, advice }
    }
    return { ok: true, latencyMs, mode, answer, advice: '' }
  } catch (error) {
    const refused = error instanceof Refused
    return {
      ok: false,
      latencyMs: Math.round(performance.now() - began),
      mode,
      answer: refused ? `${error.code}: ${error.message}` : String(error),
      advice: refused
        ? 'Copy the shop id and the secret key anew from the dashboard to SBP_SHOP_ID and SBP_SECRET_KEY in .env, and start again'
        : 'Check the network and SBP_API_URL, then try again; payments wait meanwhile and are not lost',
    }
  }
}
