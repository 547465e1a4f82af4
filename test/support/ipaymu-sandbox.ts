import { createHash, createHmac } from 'node:crypto'
import { type IpaymuHandle, ipaymu } from '../../sandbox/ipaymu/index.ts'
import { type PlatformSandbox, startPlatform } from './platform-sandbox.ts'

export const account = { va: '1179000899', apiKey: 'SANDBOX0123456789ABCDEF' }

export type IpaymuSandbox = PlatformSandbox<IpaymuHandle>

export const startIpaymu = (): Promise<IpaymuSandbox> =>
  startPlatform({
    prefix: '/ipaymu',
    knowsPrefix: true,
    webhooks: '/ipaymu/callback',
    make: (context) => ipaymu({ ...account, retryDelays: [10, 20] }, context),
  })

/** A signed call as any client would make it: status and body, whatever they are. */
export async function callIpaymu(
  { url }: { url: string },
  path: string,
  body: unknown,
  { va = account.va, apiKey = account.apiKey, headers = {} } = {},
): Promise<{ status: number; body: { Status: number; Success: boolean; Message: string; Data: never } }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const hash = createHash('sha256').update(text).digest('hex')
  const response = await fetch(`${url}/api/v2${path}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      va,
      signature: createHmac('sha256', apiKey).update(`POST:${va}:${hash}:${apiKey}`).digest('hex'),
      timestamp: '20261121173000',
      ...headers,
    },
    body: text,
  })
  return { status: response.status, body: (await response.json()) as never }
}
