import { type OmiseHandle, omise } from '../../sandbox/omise/index.ts'
import { type PlatformSandbox, startPlatform } from './platform-sandbox.ts'

export type { Received } from './platform-sandbox.ts'

export const keys = { publicKey: 'pkey_test_sandbox', secretKey: 'skey_test_sandbox' }
export const webhookSecret = Buffer.from('the secret of the shop').toString('base64')

export type OmiseSandbox = PlatformSandbox<OmiseHandle>

export const startOmise = (
  options: { webhookSecret?: string; dataDir?: string } = {},
): Promise<OmiseSandbox> =>
  startPlatform({
    prefix: '',
    webhooks: '/webhooks/payments/omise',
    dataDir: options.dataDir,
    make: (context) =>
      omise(
        { ...keys, webhookSecret: options.webhookSecret ?? webhookSecret, retryDelays: [10, 20] },
        context,
      ),
  })

/** A call as any client would make it: status and body, whatever they are. */
export async function call(
  url: string,
  method: string,
  path: string,
  options: { key?: string; body?: unknown; form?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; type: string; body: Record<string, unknown> }> {
  const { key = keys.secretKey, body, form, headers } = options
  const sent = form ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await fetch(url + path, {
    method,
    ...(sent === undefined ? {} : { body: sent }),
    headers: {
      Authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
      'Omise-Version': '2019-05-29',
      ...(sent === undefined
        ? {}
        : { 'Content-Type': form ? 'application/x-www-form-urlencoded' : 'application/json' }),
      ...headers,
    },
  })
  const type = response.headers.get('content-type') ?? ''
  const text = await response.text()
  return { status: response.status, type, body: type.includes('json') ? JSON.parse(text) : { text } }
}
