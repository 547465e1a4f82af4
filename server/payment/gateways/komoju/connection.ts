import { type ConnectionReport, Refused } from '../../gateway.ts'
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
      return { ...report(), ok: false, answer: 'not a list of payments', advice: 'Check KOMOJU_API_URL' }
    }
    const advice = signed
      ? ''
      : `In the KOMOJU dashboard, under Webhooks, add ${webhookUrl} with a secret, and put that secret into KOMOJU_WEBHOOK_SECRET in .env`
    return { ...report(), ok: true, answer: 'the key reads this account’s payments', advice }
  } catch (error) {
    if (error instanceof Refused) {
      const advice =
        'Copy the secret key anew from the KOMOJU dashboard, under Settings, to KOMOJU_SECRET_KEY in .env, and start again'
      return { ...report(), ok: false, answer: `${error.code}: ${error.message}`, advice }
    }
    const advice =
      'Check the network and KOMOJU_API_URL, then try again; payments wait meanwhile and are not lost'
    return { ...report(), ok: false, answer: String(error), advice }
  }
}
