import { z } from 'zod'
import type { ConnectionReport } from '../../gateway.ts'
import type { Answer, IpaymuClient } from './client.ts'

const Balance = z.looseObject({ MerchantBalance: z.union([z.string(), z.number()]).nullish() })

/** Asks for the balance, which only the right keys may. Never throws: what went wrong is the report. */
export async function testConnection(
  client: IpaymuClient,
  { va, live }: { va: string; live: boolean },
): Promise<ConnectionReport> {
  const began = performance.now()
  const asked = await client.raw('/balance', { account: va }).catch((error: unknown) => String(error))
  const report = {
    latencyMs: Math.round(performance.now() - began),
    mode: live ? ('live' as const) : ('test' as const),
  }
  if (typeof asked === 'string') return { ...report, ok: false, answer: asked, advice: advise(null) }
  const { status, envelope } = asked
  if (status === 200 && envelope?.Status === 200) {
    const balance = Balance.safeParse(envelope.Data).data?.MerchantBalance
    return {
      ...report,
      ok: true,
      answer: `200 ${envelope.Message ?? 'success'}: balance Rp ${balance ?? '?'}`,
      advice: '',
    }
  }
  return { ...report, ok: false, answer: words(asked), advice: advise(asked) }
}

/** The platform's exact words where it has some, else the beginning of whatever came. */
const words = ({ status, envelope, text }: Answer): string =>
  `${status} ${envelope?.Message ?? text.replace(/\s+/g, ' ').slice(0, 200)}`

function advise(answer: Answer | null): string {
  if (!answer) {
    return 'Check the network and IPAYMU_API_URL, then try again; payments wait meanwhile and are not lost'
  }
  const status = answer.status < 300 ? (answer.envelope?.Status ?? 500) : answer.status
  const said = answer.envelope?.Message ?? ''
  if (/invalid (ip|domain)/i.test(said)) {
    return 'Register the address of this server and the domain of PUBLIC_URL in the iPaymu dashboard, under Integration'
  }
  if (status === 401 || status === 403) {
    return 'Copy VA and API key anew from the iPaymu dashboard to IPAYMU_VA and IPAYMU_API_KEY in .env, check that IPAYMU_ENVIRONMENT names the account that they belong to, and start again; the signature is made from both'
  }
  if (status >= 400 && status < 500) {
    return 'iPaymu does not take the request: check that IPAYMU_VA has only the digits of the account, and what the answer says is missing'
  }
  if (status >= 500) {
    return 'iPaymu has trouble: look at its status, ask its support (support@ipaymu.com) if it lasts, and try again; payments wait meanwhile and are not lost'
  }
  return 'Check IPAYMU_API_URL: what answers there does not speak as iPaymu does'
}
