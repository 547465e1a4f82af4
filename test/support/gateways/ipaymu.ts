import type { Money } from '../../../models/money.ts'
import type { TransactionRecord } from '../../../sandbox/ipaymu/records.ts'
import type { Attempt, Gateway } from '../../../server/payment/gateway.ts'
import { gateway } from '../../../server/payment/gateways/ipaymu.ts'
import { callFaults, type FaultKnobs, webhookFaults } from '../fault-knobs.ts'
import { type Bench, type GatewayDriver, newAttempt } from '../gateway-bench.ts'
import { account, startIpaymu } from '../ipaymu-sandbox.ts'

/** How each fault of the suite is called among the simulator's knobs. What is missing, the platform cannot do. */
const knobs: FaultKnobs = {
  ...callFaults('payments'),
  ...webhookFaults,
  // A hundredth of a rupiah is one of our minor units.
  'amount off by one': ['amountOffBy', -0.01],
  'unknown status': ['statusShown', '99'],
  'numbers as strings': ['numbersAsStrings', true],
  'another payment in the answer': ['otherTransaction', true],
  'webhook before the answer': ['webhookTiming', 'before_answer'],
  'webhook stale': ['signature', 'stale'],
  'webhook of the other environment': ['otherEnvironment', true],
  'webhook in an old version': ['oldCallbacks', true],
}

export const driver: GatewayDriver = {
  /** The hosted page, and a code of each kind. */
  async start() {
    return Promise.all(['ipaymu', 'va_bri', 'cstore_alfamart', 'qris'].map(bench))
  },
}

async function bench(method: string): Promise<Bench> {
  const sandbox = await startIpaymu()
  const hosted = method === 'ipaymu'
  const settings = { ...account, environment: 'sandbox' as const, apiUrl: sandbox.url }
  const at = (change: object, timeout?: number): Gateway =>
    gateway({ ...settings, ...change }, sandbox.shopUrl, timeout)

  const ofAttempt = <T extends { reference: string | null }>(all: T[], { id }: Attempt): T[] =>
    all.filter(({ reference }) => reference === id)
  const transactionsOf = (attempt: Attempt) => ofAttempt(sandbox.handle.transactions(), attempt)
  const sessionsOf = (attempt: Attempt) => ofAttempt(sandbox.handle.sessions(), attempt)
  const begunBy = (attempt: Attempt): TransactionRecord => {
    const transaction = transactionsOf(attempt).findLast(({ told }) => told)
    if (!transaction) throw new Error(`The simulator has no transaction for ${attempt.id}`)
    return transaction
  }
  /** Presses a button of the page that the answer led to. */
  const press = async (attempt: Attempt, action: string, channel?: string) => {
    const session = sessionsOf(attempt).findLast(({ told }) => told)
    const body = new URLSearchParams({ action, ...(channel && { channel }) })
    await fetch(`${sandbox.url}/pay/${session?.id}`, { method: 'POST', body, redirect: 'manual' })
  }
  const begin = async (attempt: Attempt) => {
    if (hosted && !transactionsOf(attempt).length) await press(attempt, 'choose', 'va bri')
  }
  /** What happens at a bank, or by hand in the platform's dashboard. */
  const mark = async (attempt: Attempt, action: string) => {
    const origin = new URL(sandbox.url).origin
    const { id } = begunBy(attempt)
    const { status } = await fetch(`${origin}/__sim/ipaymu/transactions/${id}/${action}`, { method: 'POST' })
    if (status >= 400) throw new Error(`The simulator refuses to ${action}`)
  }

  const money: Money = { amount: 15_050_000, currency: 'IDR' }
  const details = {
    orderRegNo: 'P-1001',
    description: 'Toko Jeruk · P-1001',
    returnUrl: 'http://127.0.0.1:3000/pay/back/unguessable',
    customer: {
      name: 'Budi Santoso',
      email: 'budi@example.com',
      phone: '+62 812 3456 789',
      language: 'id',
      ip: '203.0.113.7',
    },
  }

  return {
    gateway: at({}),
    impatient: at({}, 300),
    stranger: at({ apiKey: 'SANDBOXFFFFFFFFFFFFFFFF' }),
    unsigned: undefined,
    unreachable: at({ apiUrl: 'http://127.0.0.1:9' }),
    method,
    money,
    ...(hosted && {
      unlisted: true as const,
      async firstNews() {
        const attempt = newAttempt({ method, money })
        const { refs } = await at({}).open(attempt, details)
        await press(attempt, 'choose', 'va bri')
        return { ...attempt, refs }
      },
    }),
    details: async () => details,
    customer: {
      async pays(attempt) {
        await begin(attempt)
        if (hosted) await press(attempt, 'pay')
        else await mark(attempt, 'pay')
      },
      async declines(attempt) {
        await begin(attempt)
        if (hosted) await press(attempt, 'decline')
        else await mark(attempt, 'decline')
      },
      ...(hosted && {
        async cancels(attempt: Attempt) {
          await begin(attempt)
          await press(attempt, 'cancel')
        },
      }),
      async paysLate(attempt) {
        sandbox.faults.set('ipaymu', 'acceptLatePayment', true, 1)
        await mark(attempt, 'pay')
      },
    },
    // There and back again, so that the next attempt does not begin in the future.
    async runsOut(attempt) {
      await begin(attempt)
      sandbox.handle.advance(25 * 3600_000)
      sandbox.handle.advance(-25 * 3600_000)
    },
    payments: (attempt) => (hosted ? sessionsOf(attempt) : transactionsOf(attempt)).length,
    payable: (attempt) =>
      (hosted ? sessionsOf(attempt) : transactionsOf(attempt)).filter(({ told }) => told).length,
    refunds: () => [],
    givenBackByHand: (attempt) => mark(attempt, 'refund'),
    fault(name, times) {
      const knob = knobs[name]
      // The hosted page has no transaction before its customer has chosen, and so nothing to call about.
      if (!knob || (hosted && name === 'webhook before the answer')) return false
      sandbox.faults.set('ipaymu', ...knob, times)
      return true
    },
    calm: () => sandbox.faults.reset('ipaymu'),
    async webhooks() {
      await sandbox.handle.settled()
      return sandbox.received.splice(0)
    },
    secrets: [account.apiKey],
    close: () => sandbox.close(),
  }
}
