import { type HalkbankHandle, halkbank } from '../../../sandbox/halkbank/index.ts'
import type { Attempt } from '../../../server/payment/gateway.ts'
import { gateway } from '../../../server/payment/gateways/halkbank.ts'
import { type BankSandbox, press, startBank } from '../bank-sandbox.ts'
import { callFaults, type FaultKnobs, refundFaults } from '../fault-knobs.ts'
import type { Bench, GatewayDriver } from '../gateway-bench.ts'

/** How each fault of the suite is called among the simulator's knobs; the bank sends no webhooks and has no list. */
const knobs: FaultKnobs = {
  ...callFaults('register', 'busy'),
  ...refundFaults,
  'amount off by one': ['amountOffBy', -1],
  'another currency': ['currencyShown', '840'],
  'captured less': ['capturedShortBy', 1],
  'unknown status': ['statusShown', '42'],
  'keys in the other case': ['keysInOtherCase', true],
  'numbers as strings': ['amountsAsText', true],
  'another payment in the answer': ['otherOrder', true],
}

export const keys = { username: 'parley-api', password: 'the-password-of-the-shop' }

export const startHalkbank = (): Promise<BankSandbox<HalkbankHandle>> =>
  startBank('/halkbank', (context) => halkbank({ userName: keys.username, password: keys.password }, context))

export const driver: GatewayDriver = {
  async start() {
    return [await bench()]
  },
}

async function bench(): Promise<Bench> {
  const sandbox = await startHalkbank()
  const { handle, faults, clock } = sandbox
  const account = { ...keys, apiUrl: sandbox.url }
  const ordersOf = ({ id }: Attempt) =>
    handle.orders().filter(({ number }) => number === id || number.startsWith(`${id}-`))
  const pageOf = (attempt: Attempt) => {
    const [order] = ordersOf(attempt)
    if (!order) throw new Error(`The simulator has no order for ${attempt.id}`)
    return `${sandbox.url}/payment/merchants/online/payment_en.html?mdOrder=${order.id}`
  }

  return {
    gateway: gateway(account),
    impatient: gateway(account, 300),
    stranger: gateway({ ...account, password: 'a-password-of-nobody' }),
    unsigned: undefined,
    unreachable: gateway({ ...account, apiUrl: 'http://127.0.0.1:9' }),
    method: 'halkbank',
    money: { amount: 30_050, currency: 'TMT' },
    details: async () => ({
      orderRegNo: 'P-1001',
      description: 'Söwda & 100% #1',
      returnUrl: 'http://127.0.0.1:3000/r/unguessable',
      customer: { name: 'Maral', email: '', phone: '+99365123456', language: 'tk', ip: '203.0.113.7' },
    }),
    customer: {
      async pays(attempt) {
        const [order] = ordersOf(attempt)
        handle.pay(order?.id ?? '')
      },
      async declines(attempt) {
        await press(pageOf(attempt), 'decline')
      },
      async paysLate(attempt) {
        faults.set('halkbank', 'acceptLatePayment', true)
        await press(pageOf(attempt), 'pay')
      },
    },
    // There and back again, so that the next attempt does not begin in the future.
    async runsOut() {
      clock.advance(21 * 60_000)
      handle.sweep()
      clock.advance(-21 * 60_000)
    },
    payments: (attempt) => ordersOf(attempt).length,
    refunds: (attempt) => ordersOf(attempt).flatMap(({ refunds }) => refunds),
    fault(name, times) {
      const knob = knobs[name]
      if (knob) faults.set('halkbank', ...knob, times)
      return knob !== undefined
    },
    calm: () => faults.reset('halkbank'),
    webhooks: async () => [],
    secrets: [keys.password],
    close: () => sandbox.close(),
  }
}
