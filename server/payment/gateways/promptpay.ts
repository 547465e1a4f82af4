import type { Attempt, Found, Gateway, GatewayFactory } from '../gateway.ts'
import { qrImage } from '../qr-image.ts'
import { promptPayPayload } from './promptpay/payload.ts'
import { confirmedAmount, slipStateOf, waitingSince } from './promptpay/slip-refs.ts'

const hour = 60 * 60_000

/** How long staff have to look at a slip before its goods may go to others. */
const STAFF_TAKE = 24 * hour

/**
 * PromptPay without a gateway: a QR that pays into the shop's own account, and no platform that tells of it. The
 * customer sends the slip, a person looks at the account, and what they have decided is all that can be read back.
 */
export const promptpay: GatewayFactory = ({ gateways }) =>
  gateways.promptpay ? gateway(gateways.promptpay.id) : undefined

export function gateway(id: string): Gateway {
  return {
    methods: [
      {
        name: 'promptpay_slip',
        tokenType: 'QR_PAY',
        amounts: { THB: { min: 100, max: 200_000_000 } },
        needsCardToken: false,
        lifetime: hour,
        refund: 'none',
      },
    ],
    can: { refund: 'none', cancel: true, webhooks: 'none', lookUp: false },
    pollsPerSecond: 20,

    async open({ money, expiresAt }) {
      const payload = promptPayPayload(id, money.amount)
      const next = {
        kind: 'qr',
        image: qrImage(payload),
        payload,
        expiresAt: expiresAt.toISOString(),
      } as const
      return { next, refs: [] }
    },

    check: async (attempt) => found(attempt),
    readWebhook: () => null,
    refund: async () => ({ state: 'FAILED', error: 'by_hand' }),

    // The code can be paid for ever; while nobody says that it was, the shop need not wait for it.
    async cancel({ refs }) {
      const state = slipStateOf(refs)
      return state !== 'waiting' && state !== 'confirmed'
    },

    async test() {
      return {
        ok: true,
        latencyMs: 0,
        answer: { key: 'ready.test.promptpay.account', values: { digits: id.slice(-4) } },
        advice: { key: 'ready.test.promptpay.scan' },
      }
    },
  }
}

function found({ refs, expiresAt, now }: Attempt): Found {
  const state = slipStateOf(refs)
  const nothing = { captured: 0, refunded: 0, refunds: [], refs: [] }
  if (state === 'confirmed') {
    return { ...nothing, state: 'CAPTURED', captured: confirmedAmount(refs), said: 'confirmed by staff' }
  }
  const since = state === 'waiting' ? waitingSince(refs) : undefined
  if (since) {
    const until = new Date(Math.max(expiresAt.getTime(), since.getTime() + STAFF_TAKE))
    return { ...nothing, state: 'PENDING', expiresAt: until, said: 'a slip waits for staff' }
  }
  return expiresAt > now
    ? { ...nothing, state: 'PENDING', said: 'no slip yet' }
    : { ...nothing, state: 'EXPIRED', said: 'no slip in time' }
}
