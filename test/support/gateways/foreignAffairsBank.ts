import {
  type ForeignAffairsBankHandle,
  foreignAffairsBank,
} from '../../../sandbox/foreign-affairs-bank/index.ts'
import type { Attempt, Gateway } from '../../../server/payment/gateway.ts'
import { gateway } from '../../../server/payment/gateways/foreign-affairs-bank.ts'
import { type BankSandbox, press, startBank } from '../bank-sandbox.ts'
import { callFaults, type FaultKnobs, refundFaults } from '../fault-knobs.ts'
import type { Bench, GatewayDriver } from '../gateway-bench.ts'

/** How each fault of the suite is called among the simulator's knobs; the bank sends no webhooks and has no list. */
const knobs: FaultKnobs = {
  ...callFaults('register', 'busy'),
  ...refundFaults,
  'amount off by one': ['amountOffBy', -1],
  'another currency': ['currencyShown', '840'],
  'unknown status': ['statusShown', 'OPG-00042'],
  'keys in the other case': ['olderKeyCase', true],
  'numbers as strings': ['amountsAsText', true],
  'another payment in the answer': ['otherOrder', true],
}

export const keys = { clientId: '347.300000000000001.30000001', clientSecret: 'the-secret-of-the-shop' }

export const startForeignAffairsBank = (
  options: { baseUrl?: string } = {},
): Promise<BankSandbox<ForeignAffairsBankHandle>> =>
  startBank('/foreign-affairs-bank', (context) => foreignAffairsBank({ ...keys, ...options }, context))

export const driver: GatewayDriver = {
  async start() {
    return [await bench('newer'), await bench('older')]
  },
}

async function bench(generation: 'newer' | 'older'): Promise<Bench> {
  const sandbox = await startForeignAffairsBank()
  const { handle, faults } = sandbox
  const tokenUrl = generation === 'newer' ? `${sandbox.url}/identityserver/connect/token` : null
  const account = { ...keys, apiUrl: sandbox.url, tokenUrl }
  const at = (change: object, timeout?: number): Gateway => gateway({ ...account, ...change }, timeout)
  /** One whose answer got lost cannot be paid: nobody knows its address. */
  const ordersOf = ({ id }: Attempt) =>
    handle
      .orders()
      .filter(({ merchantOrderId: number, told }) => told && (number === id || number.startsWith(`${id}-`)))
  const orderOf = (attempt: Attempt): string => {
    const [order] = ordersOf(attempt)
    if (!order) throw new Error(`The simulator has told of no order for ${attempt.id}`)
    return order.id
  }

  return {
    gateway: at({}),
    impatient: at({}, 300),
    stranger: at({ clientSecret: 'a-secret-of-nobody' }),
    unsigned: undefined,
    unreachable: at({ apiUrl: 'http://127.0.0.1:9', tokenUrl: tokenUrl && 'http://127.0.0.1:9/token' }),
    method: 'foreign_affairs_bank',
    money: { amount: 30_050, currency: 'TMT' },
    cannotLookUp: 'the bank knows an order by its own id alone; one whose answer got lost cannot be paid',
    details: async () => ({
      orderRegNo: 'P-1001',
      description: `Order P-1001, ${generation} interface`,
      returnUrl: 'http://127.0.0.1:3000/r/unguessable',
      customer: { name: 'Maral', email: '', phone: '+99365123456', language: 'tk', ip: '203.0.113.7' },
    }),
    customer: {
      pays: async (attempt) => handle.pay(orderOf(attempt)),
      async cancels(attempt) {
        await press(`${sandbox.url}/Checkout/${orderOf(attempt)}`, 'cancel')
      },
      paysLate: async (attempt) => handle.pay(orderOf(attempt)),
    },
    // The bank itself shows an order as unpaid for ever; it is our own time that ends.
    async runsOut(attempt) {
      attempt.now = new Date(attempt.expiresAt.getTime() + 5 * 60_000)
    },
    payments: (attempt) => ordersOf(attempt).length,
    refunds: (attempt) => ordersOf(attempt).flatMap(({ refunds }) => refunds),
    fault(name, times) {
      const knob = knobs[name]
      if (knob) faults.set('foreignAffairsBank', ...knob, times)
      return knob !== undefined
    },
    calm: () => faults.reset('foreignAffairsBank'),
    webhooks: async () => [],
    secrets: [keys.clientSecret, 'Bearer'],
    close: () => sandbox.close(),
  }
}
