import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { Attempt, Gateway } from '../../../server/payment/gateway.ts'
import { gateway } from '../../../server/payment/gateways/komoju.ts'
import { callFaults, type FaultKnobs, refundFaults, webhookFaults } from '../fault-knobs.ts'
import { type Bench, type GatewayDriver, newAttempt } from '../gateway-bench.ts'
import { keys, press, startKomoju } from '../komoju-sandbox.ts'

/** How each fault of the suite is called among the simulator's knobs. What is missing, the platform cannot do. */
const knobs: FaultKnobs = {
  ...callFaults('sessions'),
  ...refundFaults,
  ...webhookFaults,
  'first request still running': ['inFlight', 'sessions'],
  'reads answered with 500': ['gatewayTimeout', 'reads'],
  'amount off by one': ['amountOffBy', -1],
  'another currency': ['currencyShown', 'USD'],
  'captured less': ['capturedShortBy', 1],
  'payer’s currency converted': ['convertedTo', 'USD'],
  'unknown status': ['statusShown', 'on_hold'],
  'currency in the other case': ['lowerCaseCurrency', true],
  'numbers as strings': ['numbersAsStrings', true],
  'another payment in the answer': ['otherSession', true],
  'webhook body altered': ['signature', 'altered_body'],
  'webhooks about others': ['foreignEvents', true],
}

const good = '5555555555554444'
const email = 'hanako@example.com'

export const driver: GatewayDriver = {
  async start() {
    return [await bench('credit_card'), await bench('konbini')]
  },
}

async function bench(method: 'credit_card' | 'konbini'): Promise<Bench> {
  const sandbox = await startKomoju()
  const account = { ...keys, apiUrl: sandbox.url }
  const at = (change: object, timeout?: number): Gateway =>
    gateway({ ...account, ...change }, 'http://127.0.0.1:3000', timeout)
  const sessionsOf = ({ id }: Attempt) =>
    (sandbox.handle.sessions() as unknown as Session[]).filter(
      ({ payment_data }) => payment_data.external_order_num === id,
    )
  const sessionOf = (attempt: Attempt): Session => {
    const [session] = sessionsOf(attempt)
    if (!session) throw new Error(`The simulator has no session for ${attempt.id}`)
    return session
  }
  const paymentOf = (attempt: Attempt) => {
    const { payment } = sessionOf(attempt)
    if (!payment) throw new Error(`Nothing was paid for ${attempt.id}`)
    return payment
  }
  /** A press on the page of a session that must still be open. */
  const act = async (attempt: Attempt, fields: Record<string, string>) => {
    const session = sessionOf(attempt)
    assert.equal(session.status, 'pending', 'the page is closed')
    const { status } = await press(session.session_url, fields)
    assert.ok(status === 303 || status === 200, `the page answered ${status}`)
  }
  const takesCode = (attempt: Attempt) => act(attempt, { action: 'konbini', store: 'lawson', email })
  // There and back again, so that the next attempt does not begin in the future.
  const pass = (ms: number) => {
    sandbox.handle.advance(ms)
    sandbox.handle.advance(-ms)
  }

  const byCard: Bench['customer'] = {
    pays: (attempt) => act(attempt, { action: 'pay', number: good }),
    declines: (attempt) => act(attempt, { action: 'decline' }),
    cancels: (attempt) => act(attempt, { action: 'cancel' }),
  }
  const atTheStore: Bench['customer'] = {
    async pays(attempt) {
      await takesCode(attempt)
      sandbox.handle.payAtCounter(paymentOf(attempt).id)
    },
    cancels: (attempt) => act(attempt, { action: 'cancel' }),
    async paysLate(attempt) {
      sandbox.faults.set('komoju', 'acceptLatePayment', true, 1)
      sandbox.handle.payAtCounter(paymentOf(attempt).id)
    },
  }

  return {
    gateway: at({}),
    impatient: at({}, 300),
    stranger: at({ secretKey: 'sk_test_nobody' }),
    unsigned: at({ webhookSecret: null }),
    unreachable: at({ apiUrl: 'http://127.0.0.1:9' }),
    method,
    money: { amount: 30_050, currency: 'JPY' },
    details: async () => ({
      orderRegNo: 'P-1001',
      description: 'Order P-1001',
      returnUrl: 'http://127.0.0.1:3000/pay/back/unguessable',
      customer: { name: '山田花子', email, phone: '09012345678', language: 'ja', ip: '203.0.113.7' },
    }),
    customer: method === 'credit_card' ? byCard : atTheStore,
    triesAgain: true,
    async firstNews() {
      const attempt = newAttempt({ method, money: { amount: 30_050, currency: 'JPY' } })
      const { refs } = await at({}).open(attempt, {
        orderRegNo: 'P-1002',
        description: 'Order P-1002',
        returnUrl: 'http://127.0.0.1:3000/pay/back/unguessable',
        customer: { name: '', email: '', phone: '', language: 'ja', ip: '' },
      })
      await (method === 'credit_card' ? byCard.pays(attempt) : takesCode(attempt))
      return { ...attempt, refs }
    },
    async runsOut(attempt) {
      if (method === 'konbini') await takesCode(attempt)
      pass(4 * 24 * 3_600_000)
    },
    ...(method === 'konbini' ? { voucher: takesCode } : {}),
    payments: (attempt) => sessionsOf(attempt).length,
    refunds: (attempt) =>
      (sandbox.handle.payments() as unknown as Payment[])
        .filter(({ external_order_num }) => external_order_num === attempt.id)
        .flatMap(({ refunds }) => refunds.map(({ amount }) => amount)),
    fault(name, times) {
      // What was paid at a store goes back by a bank transfer, which is not made here.
      if (method === 'konbini' && name.startsWith('refund ')) return false
      const knob = knobs[name]
      if (knob) sandbox.faults.set('komoju', ...knob, times)
      return knob !== undefined
    },
    calm: () => sandbox.faults.reset('komoju'),
    async webhooks() {
      await sandbox.handle.settled()
      return sandbox.received.splice(0)
    },
    sign: (body) => ({
      'x-komoju-signature': createHmac('sha256', keys.webhookSecret).update(body).digest('hex'),
    }),
    secrets: [keys.secretKey, keys.webhookSecret, good],
    close: () => sandbox.close(),
  }
}

interface Payment {
  id: string
  external_order_num: string
  refunds: { amount: number }[]
}
interface Session {
  status: string
  session_url: string
  payment?: Payment
  payment_data: { external_order_num: string }
}
