import { type ConnectionReport, Refused } from '../../gateway.ts'
import { checkNetwork, silence } from '../calls/call.ts'
import { komojuClient } from './client.ts'
import { List } from './shapes.ts'

interface Connection {
  apiUrl: string
  secretKey: string
  /** Whether a webhook secret is set. */
  signed: boolean
  /** Where the platform should post its events. */
  webhookUrl: string
}

/** Tries the key. Never throws: what went wrong is the report, with what to do about it. */
export async function testConnection(connection: Connection): Promise<ConnectionReport> {
  const { apiUrl, secretKey, signed, webhookUrl } = connection
  const began = performance.now()
  const mode = secretKey.startsWith('sk_test_') ? ('test' as const) : ('live' as const)
  const report = () => ({ latencyMs: Math.round(performance.now() - began), mode })
  try {
    const body = await komojuClient({ apiUrl, key: secretKey, timeout: 10_000 }).get('/payments?per_page=1')
    if (!List.safeParse(body).success) {
      const [answer, advice] = [{ key: 'ready.test.komoju.noList' }, { key: 'ready.test.komoju.address' }]
      return { ...report(), ok: false, answer, advice }
    }
    const advice = signed ? '' : { key: 'ready.test.komoju.webhook', values: { url: webhookUrl } }
    return { ...report(), ok: true, answer: { key: 'ready.test.komoju.in' }, advice }
  } catch (error) {
    if (error instanceof Refused) {
      const advice = { key: 'ready.test.komoju.key' }
      return { ...report(), ok: false, answer: `${error.code}: ${error.message}`, advice }
    }
    return { ...report(), ok: false, answer: silence(error), advice: checkNetwork('KOMOJU_API_URL') }
  }
}
