import type { Currency } from '../../models/money.ts'
import { Products } from '../../models/store.ts'
import { paymentsOf } from './checkout.ts'
import { expectStatus } from './client.ts'
import { loginAs } from './people.ts'
import { aProduct, type Buyer, bangkok, type Story } from './story.ts'

/** What the simulated platform has of a payment. */
export interface AtPlatform {
  /** Whether somebody was told how to pay it, and nobody has. */
  payable: boolean
  captured: number
  refunded: number
}

/** One way to pay of one gateway in a whole shop, with its platform in the shop's sandbox. */
export interface Way {
  gateway: string
  method: string
  currency: Currency
  /** Of the goods, in minor units: such that the total can be paid this way. */
  price: number
  /** What the simulator's knobs call the request that opens a payment. */
  opening: string
  /** Everything that the platform has for these attempts. */
  payments(shop: Story, attempts: string[]): AtPlatform[]
  /** The customer does what they were asked to, for every payment that can be paid. */
  pay(shop: Story, attempts: string[]): Promise<void>
}

/** The ways beside Omise: those have their own words in `story.ts`. */
export const otherWays: Way[] = [
  {
    gateway: 'komoju',
    method: 'credit_card',
    currency: 'JPY',
    price: 3000,
    opening: 'sessions',
    payments: (shop, attempts) =>
      komojuSessions(shop, attempts).map(({ status, payment }) => ({
        payable: status === 'pending',
        captured: payment?.status === 'captured' || payment?.status === 'refunded' ? payment.total : 0,
        refunded: payment?.amount_refunded ?? 0,
      })),
    async pay(shop, attempts) {
      for (const { status, session_url: url } of komojuSessions(shop, attempts)) {
        if (status === 'pending') await press(url, { action: 'pay', number: '5555555555554444' })
      }
    },
  },
  {
    gateway: 'ipaymu',
    method: 'ipaymu',
    currency: 'IDR',
    price: 15_000_000,
    opening: 'payments',
    payments: ({ sandbox }, attempts) => {
      const transactions = sandbox.ipaymu.transactions().filter(isOf(attempts))
      const paid = transactions.filter(({ paidAt }) => paidAt !== null)
      const begun = sandbox.ipaymu.sessions().filter(isOf(attempts))
      return begun
        .filter(({ told }) => told)
        .map(({ id, amount }) => ({
          payable: !paid.some(({ session }) => session === id),
          captured: paid.some(({ session }) => session === id) ? amount * 100 : 0,
          refunded: 0,
        }))
    },
    async pay({ sandbox }, attempts) {
      for (const { id, told } of sandbox.ipaymu.sessions().filter(isOf(attempts))) {
        const begun = sandbox.ipaymu.transactions().filter(({ session }) => session === id)
        if (!told || begun.some(({ paidAt }) => paidAt !== null)) continue
        const page = `${sandbox.url}/ipaymu/pay/${id}`
        if (!begun.length) await press(page, { action: 'choose', channel: 'va bri' })
        await press(page, { action: 'pay' })
      }
    },
  },
  {
    gateway: 'halkbank',
    method: 'halkbank',
    currency: 'TMT',
    price: 30_000,
    opening: 'register',
    payments: ({ sandbox }, attempts) =>
      sandbox.halkbank
        .orders()
        .filter(({ number }) => attempts.some((id) => number.startsWith(id)))
        .map(({ status, deposited, refunds }) => ({
          payable: status === 0,
          captured: deposited,
          refunded: sum(refunds),
        })),
    async pay({ sandbox }, attempts) {
      for (const { id, number, status } of sandbox.halkbank.orders()) {
        if (status === 0 && attempts.some((one) => number.startsWith(one))) sandbox.halkbank.pay(id)
      }
    },
  },
  {
    gateway: 'foreignAffairsBank',
    method: 'foreign_affairs_bank',
    currency: 'TMT',
    price: 30_000,
    opening: 'register',
    payments: ({ sandbox }, attempts) =>
      sandbox.foreignAffairsBank
        .orders()
        .filter(({ merchantOrderId, told }) => told && attempts.some((id) => merchantOrderId.startsWith(id)))
        .map(({ result, amount, refunds }) => ({
          payable: result === 'OPG-00100',
          captured: result === 'GEN-00000' ? amount : 0,
          refunded: sum(refunds),
        })),
    async pay({ sandbox }, attempts) {
      for (const { id, merchantOrderId, told, result } of sandbox.foreignAffairsBank.orders()) {
        const ours = told && attempts.some((one) => merchantOrderId.startsWith(one))
        if (ours && result === 'OPG-00100') sandbox.foreignAffairsBank.pay(id)
      }
    },
  },
  {
    gateway: 'sbp',
    method: 'sbp',
    currency: 'RUB',
    price: 30_000,
    opening: 'payments',
    payments: ({ sandbox }, attempts) =>
      sandbox.sbp
        .payments()
        .filter(({ metadata }) => attempts.includes(metadata['attempt'] ?? ''))
        .map(({ status, amount, refunded }) => ({
          payable: status === 'pending',
          captured: status === 'succeeded' ? amount : 0,
          refunded,
        })),
    async pay({ sandbox }, attempts) {
      for (const { id, metadata, status } of sandbox.sbp.payments()) {
        if (status === 'pending' && attempts.includes(metadata['attempt'] ?? '')) sandbox.sbp.pay(id)
      }
    },
  },
]

/** A browser that is ready to confirm, in the shop's new currency. */
export async function buyerBy(
  shop: Story,
  way: Pick<Way, 'gateway' | 'method' | 'currency' | 'price'>,
  available = 100,
): Promise<Buyer & { sku: string }> {
  const admin = await loginAs(shop.url, 'admin')
  const { version, limits } = await expectStatus(
    200,
    admin.get<{ version: number; limits: object }>('/api/shop'),
  )
  // Limits that nobody writes anew are nothing in other money.
  await expectStatus(200, admin.put('/api/shop', { version, currency: way.currency, limits }))
  const product = await aProduct({ available })
  await Products.updateOne({ _id: product._id }, { $set: { prices: { [way.currency]: way.price } } })
  const { link } = await shop.order({ product })
  const buyer = await shop.open(link)
  await buyer.act('UPDATE_DELIVERY_ADDRESS', { address: bangkok })
  await buyer.act('SELECT_LOGISTIC_METHOD', { type: 'courier', companyName: 'Kerry', costConfirmed: true })
  await buyer.act('SELECT_PAYMENT_METHOD', { gateway: way.gateway, method: way.method })
  return Object.assign(buyer, { sku: product.sku })
}

/** The ids of an order's attempts: what platforms know them by. */
export const attemptsOf = async (order: { id: string }): Promise<string[]> =>
  (await paymentsOf(order)).map(({ _id }) => String(_id))

const isOf =
  (attempts: string[]) =>
  ({ reference }: { reference: string | null }): boolean =>
    attempts.includes(reference ?? '')

interface KomojuSession {
  status: string
  session_url: string
  payment_data: { external_order_num: string }
  payment: { status: string; total: number; amount_refunded: number } | null
}
const komojuSessions = ({ sandbox }: Story, attempts: string[]): KomojuSession[] =>
  (sandbox.komoju.sessions() as unknown as KomojuSession[]).filter((session) =>
    attempts.includes(session.payment_data.external_order_num),
  )

const press = (url: string, fields: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0)
