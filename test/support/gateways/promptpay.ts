import type { GatewayDriver } from '../gateway-bench.ts'

export const driver: GatewayDriver = {
  inapplicable: 'no platform stands behind it: people decide, as test/stories/promptpay-slip.test.ts tells',
  start: async () => [],
}
