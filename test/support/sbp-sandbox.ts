import { type SbpHandle, type SbpOptions, sbp } from '../../sandbox/sbp/index.ts'
import { type PlatformSandbox, startPlatform } from './platform-sandbox.ts'

export const keys = { shopId: '100500', secretKey: 'test_the-secret-key-of-the-shop' }

export type SbpSandbox = PlatformSandbox<SbpHandle>

export const startSbp = (options: Partial<SbpOptions> = {}): Promise<SbpSandbox> =>
  startPlatform({
    prefix: '/sbp',
    webhooks: '/webhooks/payments/sbp',
    make: (context) => sbp({ ...keys, retryDelays: [10, 20], ...options }, context),
  })

/** A call as any client would make it: status and body, whatever they are. */
export async function callSbp(
  { url }: { url: string },
  method: string,
  path: string,
  options: { body?: unknown; key?: string; secretKey?: string } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { body, key, secretKey = keys.secretKey } = options
  const response = await fetch(`${url}/v3${path}`, {
    method,
    headers: {
      Authorization: `Basic ${Buffer.from(`${keys.shopId}:${secretKey}`).toString('base64')}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(key === undefined ? {} : { 'Idempotence-Key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
