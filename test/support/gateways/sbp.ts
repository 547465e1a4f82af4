import type { PaymentRecord } from '../../../sandbox/sbp/store.ts'
import type { Attempt } from '../../../server/payment/gateway.ts'
import { gateway } from '../../../server/payment/gateways/sbp.ts'
import { callFaults, type FaultKnobs, refundFaults } from '../fault-knobs.ts'
import type { Bench, GatewayDriver } from '../gateway-bench.ts'
import { keys, startSbp } from '../sbp-sandbox.ts'

/** How each fault of the suite is called among the simulator's knobs. What is missing, the platform cannot do. */
const knobs: FaultKnobs = {
  ...callFaults('payments'),
  ...refundFaults,
  'amount off by one': ['amountOffBy', -1],
  'another currency': ['currencyShown', 'USD'],
  'currency in the other case': ['currencyShown', 'rub'],
  'unknown status': ['statusShown', 'frozen'],
  'another payment in the answer': ['otherPayment', true],
  'a payment of the other environment': ['livePayment', true],
}

export const driver: GatewayDriver = {
  /** A shop that is given the code of the QR, and one that is only given the bank's page. */
  async start() {
    return [await bench(true), await bench(false)]
  },
}

async function bench(givesQr: boolean): Promise<Bench> {
  const sandbox = await startSbp({ givesQr })
  const account = { ...keys, apiUrl: sandbox.url }
  const paymentsOf = ({ id }: Attempt) =>
    sandbox.handle.payments().filter(({ metadata }) => metadata['attempt'] === id)
  const paymentOf = (attempt: Attempt): PaymentRecord => {
    const [payment] = paymentsOf(attempt)
    if (!payment) throw new Error(`The simulator has no payment for ${attempt.id}`)
    return payment
  }
  const press = async (attempt: Attempt, action: string) => {
    const { id } = paymentOf(attempt)
    const body = new URLSearchParams({ action })
    await fetch(`${sandbox.url}/pay/${id}`, { method: 'POST', body, redirect: 'manual' })
  }

  return {
    gateway: gateway(account),
    impatient: gateway(account, 300),
    stranger: gateway({ ...account, secretKey: 'test_nobody-knows-this-key' }),
    unsigned: undefined,
    unreachable: gateway({ ...account, apiUrl: 'http://127.0.0.1:9' }),
    method: 'sbp',
    money: { amount: 30050, currency: 'RUB' },
    details: async () => ({
      orderRegNo: 'P-1001',
      description: 'Order P-1001',
      returnUrl: 'http://127.0.0.1:3000/pay/back/unguessable',
      customer: {
        name: 'Иван',
        email: 'ivan@example.com',
        phone: '+79161234567',
        language: 'ru',
        ip: '203.0.113.7',
      },
    }),
    customer: {
      pays: (attempt) => press(attempt, 'pay'),
      declines: (attempt) => press(attempt, 'decline'),
      cancels: (attempt) => press(attempt, 'cancel'),
      async paysLate(attempt) {
        sandbox.faults.set('sbp', 'acceptLatePayment', true, 1)
        sandbox.handle.pay(paymentOf(attempt).id)
      },
    },
    // There and back again, so that the next attempt does not begin in the future.
    async runsOut(attempt) {
      sandbox.clock.advance(61 * 60_000)
      await fetch(`${sandbox.url}/pay/${paymentOf(attempt).id}`)
      sandbox.clock.advance(-61 * 60_000)
    },
    payments: (attempt) => paymentsOf(attempt).length,
    refunds(attempt) {
      const ours = paymentsOf(attempt).map(({ id }) => id)
      return sandbox.handle
        .refunds()
        .filter(({ payment }) => ours.includes(payment))
        .map(({ amount }) => amount)
    },
    fault(name, times) {
      const knob = knobs[name]
      if (knob) sandbox.faults.set('sbp', ...knob, times)
      return knob !== undefined
    },
    calm: () => sandbox.faults.reset('sbp'),
    async webhooks() {
      await sandbox.handle.settled()
      return sandbox.received.splice(0)
    },
    secrets: [keys.secretKey],
    close: () => sandbox.close(),
  }
}
