import { createHmac } from 'node:crypto'
import type { Attempt, Gateway } from '../../../server/payment/gateway.ts'
import { gateway } from '../../../server/payment/gateways/omise.ts'
import { callFaults, type FaultKnobs, refundFaults, webhookFaults } from '../fault-knobs.ts'
import type { Bench, GatewayDriver } from '../gateway-bench.ts'
import { call, keys, type OmiseSandbox, startOmise, webhookSecret } from '../omise-sandbox.ts'

/** How each fault of the suite is called among the simulator's knobs. What is missing, the platform cannot do. */
const knobs: FaultKnobs = {
  ...callFaults('charges'),
  ...refundFaults,
  ...webhookFaults,
  'amount off by one': ['amountOffBy', -1],
  'another currency': ['currencyShown', 'JPY'],
  'captured less': ['capturedShortBy', 1],
  'unknown status': ['statusShown', 'on_hold'],
  'currency in the other case': ['lowerCaseCurrency', true],
  'numbers as strings': ['numbersAsStrings', true],
  'another payment in the answer': ['otherCharge', true],
  'a payment of the other environment': ['liveCharge', true],
  'webhook before the answer': ['webhookTiming', 'before_answer'],
  'webhook body altered': ['signature', 'altered_body'],
  'webhook stale': ['signature', 'stale'],
  'webhook with two signatures': ['signature', 'rotated'],
  'webhook of the other environment': ['otherEnvironment', true],
  'webhook in an old version': ['eventVersion', '2014-07-27'],
  'webhooks about others': ['foreignEvents', true],
}

const good = '5454545454545454'
const bad = '4111111111140011'

export const driver: GatewayDriver = {
  async start() {
    // A card, a code, a page, an app, and a counter at the other end of the world.
    const names = ['card', 'promptpay', 'truemoney', 'mobile_banking_kbank', 'econtext'] as const
    return Promise.all(names.map(bench))
  },
}

async function bench(method: string): Promise<Bench> {
  const sandbox = await startOmise()
  const account = { ...keys, webhookSecret, apiUrl: sandbox.url, vaultUrl: sandbox.url, scriptUrl: '' }
  const at = (change: object, timeout?: number): Gateway =>
    gateway({ ...account, ...change }, 'http://127.0.0.1:3000', timeout)
  const chargesOf = (attempt: Attempt) => sandbox.handle.charges().filter((charge) => isOf(charge, attempt))
  const chargeOf = (attempt: Attempt) => {
    const [charge] = chargesOf(attempt)
    if (!charge) throw new Error(`The simulator has no charge for ${attempt.id}`)
    return charge as { id: string; status: string; authorize_uri: string | null }
  }
  const otherCurrency: [string, string] = ['currencyShown', method === 'econtext' ? 'THB' : 'JPY']
  const press = async (attempt: Attempt, action: string) => {
    const { authorize_uri: page, status } = chargeOf(attempt)
    if (status !== 'pending') throw new Error(`The page asks nothing any more: ${status}`)
    if (page) await fetch(page, { method: 'POST', body: new URLSearchParams({ action }), redirect: 'manual' })
  }
  const base = {
    orderRegNo: 'P-1001',
    description: 'Order P-1001',
    returnUrl: 'http://127.0.0.1:3000/pay/back/unguessable',
    customer: {
      name: 'Malee',
      email: 'malee@example.com',
      phone: '0812345678',
      language: 'th',
      ip: '203.0.113.7',
    },
  }
  const withToken = async (number: string) => ({ ...base, cardToken: await token(sandbox, number) })

  return {
    gateway: at({}),
    impatient: at({}, 300),
    stranger: at({ secretKey: 'skey_test_nobody', publicKey: 'pkey_test_nobody' }),
    unsigned: at({ webhookSecret: null }),
    unreachable: at({ apiUrl: 'http://127.0.0.1:9' }),
    method,
    money: { amount: 30050, currency: method === 'econtext' ? 'JPY' : 'THB' },
    details: async () => (method === 'card' ? withToken(good) : base),
    ...(method === 'card' ? { declined: () => withToken(bad) } : {}),
    customer:
      method !== 'promptpay'
        ? {
            pays: (attempt) => press(attempt, 'pay'),
            declines: (attempt) => press(attempt, 'decline'),
            cancels: (attempt) => press(attempt, 'cancel'),
          }
        : {
            pays: async (attempt) => sandbox.handle.pay(chargeOf(attempt).id),
            declines: async (attempt) => sandbox.handle.decline(chargeOf(attempt).id),
            async paysLate(attempt) {
              sandbox.faults.set('omise', 'acceptLatePayment', true, 1)
              sandbox.handle.pay(chargeOf(attempt).id)
            },
          },
    // There and back again, so that the next attempt does not begin in the future.
    async runsOut() {
      const time = method === 'promptpay' ? 16 * 60_000 : 8 * 24 * 3600_000
      sandbox.handle.advance(time)
      sandbox.handle.advance(-time)
    },
    payments: (attempt) => chargesOf(attempt).length,
    refunds: (attempt) =>
      chargesOf(attempt).flatMap((charge) =>
        (charge['refunds'] as { data: { amount: number }[] }).data.map(({ amount }) => amount),
      ),
    fault(name, times) {
      if (method === 'econtext' && name.startsWith('refund')) return false
      const knob = name === 'another currency' ? otherCurrency : knobs[name]
      if (knob) sandbox.faults.set('omise', ...knob, times)
      return knob !== undefined
    },
    calm: () => sandbox.faults.reset('omise'),
    async webhooks() {
      await sandbox.handle.settled()
      return sandbox.received.splice(0)
    },
    sign(body) {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const key = Buffer.from(webhookSecret, 'base64')
      const signature = createHmac('sha256', key).update(`${timestamp}.`).update(body).digest('hex')
      return { 'omise-signature': signature, 'omise-signature-timestamp': timestamp }
    },
    secrets: [keys.secretKey, webhookSecret, good, bad, 'tokn_test_'],
    close: () => sandbox.close(),
  }
}

const isOf = (charge: Record<string, unknown>, { id }: Attempt): boolean =>
  (charge['metadata'] as { attempt?: string }).attempt === id

/** What the browser does with the platform's script. */
async function token({ url }: OmiseSandbox, number: string): Promise<string> {
  const card = { name: 'Malee', number, expiration_month: 12, expiration_year: 2040, security_code: '123' }
  const { body } = await call(url, 'POST', '/tokens', { key: keys.publicKey, body: { card } })
  return String(body['id'])
}
