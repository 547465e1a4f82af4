import { z } from 'zod'
import { type ConnectionReport, Refused } from '../../gateway.ts'
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
  return {
    ...report,
    ok: true,
    answer: `account in ${country ?? '?'}, ${currency ?? '?'}; events go to ${webhook ?? 'no address'}`,
    advice:
      webhook === webhookUrl
        ? ''
        : `In the Omise dashboard, under Webhooks, set the address to ${webhookUrl}`,
  }
}

function failed(error: unknown, setting: string): Pick<ConnectionReport, 'ok' | 'answer' | 'advice'> {
  const answer = error instanceof Refused ? `${error.code}: ${error.message}` : String(error)
  const advice =
    error instanceof Refused
      ? `Copy the key anew from the Omise dashboard, under Keys, to ${setting} in .env, and start again`
      : 'Check the network and OMISE_API_URL, then try again; payments wait meanwhile and are not lost'
  return { ok: false, answer, advice }
}
