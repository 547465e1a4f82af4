import { z } from 'zod'
import { type ConnectionReport, Refused } from '../../gateway.ts'
import { checkNetwork, silence } from '../calls/call.ts'
import { omiseClient } from './client.ts'

interface Connection {
  apiUrl: string
  secretKey: string
  publicKey: string
  live: boolean
  /** Where the platform should post its events. */
  webhookUrl: string
}

const Account = z.looseObject({
  country: z.string().nullish(),
  currency: z.string().nullish(),
  webhook_uri: z.string().nullish(),
})

/** Tries both keys. Never throws: what went wrong is the report, with what to do about it. */
export async function testConnection(connection: Connection): Promise<ConnectionReport> {
  const { apiUrl, live, webhookUrl } = connection
  const began = performance.now()
  const ask = (key: string, path: string) => omiseClient({ apiUrl, key, timeout: 10_000 }).get(path)
  const [account, capability] = await Promise.allSettled([
    ask(connection.secretKey, '/account'),
    ask(connection.publicKey, '/capability'),
  ])
  const report = {
    latencyMs: Math.round(performance.now() - began),
    mode: live ? ('live' as const) : ('test' as const),
  }
  if (account.status === 'rejected') return { ...report, ...failed(account.reason, 'OMISE_SECRET_KEY') }
  if (capability.status === 'rejected') return { ...report, ...failed(capability.reason, 'OMISE_PUBLIC_KEY') }

  const { country, currency, webhook_uri: webhook } = Account.safeParse(account.value).data ?? {}
  const where = { country: country ?? '?', currency: currency ?? '?' }
  return {
    ...report,
    ok: true,
    answer: webhook
      ? { key: 'ready.test.omise.account', values: { ...where, url: webhook } }
      : { key: 'ready.test.omise.deaf', values: where },
    advice: webhook === webhookUrl ? '' : { key: 'ready.test.omise.webhook', values: { url: webhookUrl } },
  }
}

function failed(error: unknown, key: string): Pick<ConnectionReport, 'ok' | 'answer' | 'advice'> {
  if (!(error instanceof Refused))
    return { ok: false, answer: silence(error), advice: checkNetwork('OMISE_API_URL') }
  const advice = { key: 'ready.test.omise.key', values: { key } }
  return { ok: false, answer: `${error.code}: ${error.message}`, advice }
}
