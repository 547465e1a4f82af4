import { z } from 'zod'
import type { Words } from '../../../shop/contract.ts'
import type { ConnectionReport } from '../../gateway.ts'
import { checkNetwork, silence } from '../calls/call.ts'
import type { Answer, IpaymuClient } from './client.ts'

const Balance = z.looseObject({ MerchantBalance: z.union([z.string(), z.number()]).nullish() })

/** Asks for the balance, which only the right keys may. Never throws: what went wrong is the report. */
export async function testConnection(
  client: IpaymuClient,
  { va, live }: { va: string; live: boolean },
): Promise<ConnectionReport> {
  const began = performance.now()
  const asked = await client
    .raw('/balance', { account: va })
    .catch((error: unknown) => ({ failed: silence(error) }))
  const report = {
    latencyMs: Math.round(performance.now() - began),
    mode: live ? ('live' as const) : ('test' as const),
  }
  if ('failed' in asked)
    return { ...report, ok: false, answer: asked.failed, advice: checkNetwork('IPAYMU_API_URL') }
  const { status, envelope } = asked
  if (status === 200 && envelope?.Status === 200) {
    const balance = Balance.safeParse(envelope.Data).data?.MerchantBalance
    return {
      ...report,
      ok: true,
      answer: {
        key: 'ready.test.ipaymu.balance',
        values: { said: `200 ${envelope.Message ?? 'success'}`, balance: balance ?? '?' },
      },
      advice: '',
    }
  }
  return { ...report, ok: false, answer: words(asked), advice: advise(asked) }
}

/** The platform's exact words where it has some, else the beginning of whatever came. */
const words = ({ status, envelope, text }: Answer): string =>
  `${status} ${envelope?.Message ?? text.replace(/\s+/g, ' ').slice(0, 200)}`

function advise(answer: Answer): Words {
  const status = answer.status < 300 ? (answer.envelope?.Status ?? 500) : answer.status
  const said = answer.envelope?.Message ?? ''
  if (/invalid (ip|domain)/i.test(said)) return { key: 'ready.test.ipaymu.register' }
  if (status === 401 || status === 403) return { key: 'ready.test.ipaymu.key' }
  if (status >= 400 && status < 500) return { key: 'ready.test.ipaymu.refused' }
  if (status >= 500) return { key: 'ready.test.ipaymu.trouble' }
  return { key: 'ready.test.ipaymu.address' }
}
