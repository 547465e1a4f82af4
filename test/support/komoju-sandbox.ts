import { type KomojuHandle, komoju } from '../../sandbox/komoju/index.ts'
import { type PlatformSandbox, startPlatform } from './platform-sandbox.ts'

export const keys = { secretKey: 'sk_test_the-key-of-the-shop', webhookSecret: 'the secret of the webhook' }

export type KomojuSandbox = PlatformSandbox<KomojuHandle>

export const startKomoju = ({ dataDir }: { dataDir?: string } = {}): Promise<KomojuSandbox> =>
  startPlatform({
    prefix: '/komoju',
    knowsPrefix: true,
    webhooks: '/webhooks/payments/komoju',
    dataDir,
    make: (context) => komoju({ ...keys, retryDelays: [10, 20] }, context),
  })

/** What a customer does on a session's page, as their browser sends it. */
export const press = (page: string, fields: Record<string, string>): Promise<globalThis.Response> =>
  fetch(page, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

/** A call as any client would make it: status and body, whatever they are. */
export async function callKomoju(
  { url }: { url: string },
  method: string,
  path: string,
  options: { body?: unknown; key?: string; secretKey?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { body, key, secretKey = keys.secretKey, headers } = options
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`,
      'X-KOMOJU-API-VERSION': '2025-01-28',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(key === undefined ? {} : { 'X-KOMOJU-IDEMPOTENCY': key }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
