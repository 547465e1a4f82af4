import { Router } from 'express'
import { createJournal, type Journal } from '../banks/journal.ts'
import type { SandboxContext } from '../context.ts'
import { api } from './api.ts'
import { checkout } from './checkout.ts'
import { bank, knobs } from './knobs.ts'
import { type NewOrder, newOrder, type OrderRecord } from './order.ts'
import { createTokens, type Tokens } from './tokens.ts'

export interface ForeignAffairsBankOptions {
  /** `347.<merchant>.<terminal>`. */
  clientId: string
  clientSecret: string
  /** Where the bank's paths begin, if not at the sandbox's `/foreign-affairs-bank`. */
  baseUrl?: string
}

/** What the bank's pages and tests may do besides its own HTTP. */
export interface ForeignAffairsBankHandle {
  /** Oldest first. */
  orders(): OrderRecord[]
  pay(id: string): void
}

/** The bank behind the interface. */
export interface OrderProcessingBank {
  orders: Journal<OrderRecord>
  tokens: Tokens
  merchant: { merchant: string; terminal: string }
  links(order: OrderRecord): { self: string; checkout: string }
  /** The order that a read answers with: another one when a knob says so. */
  shown(order: OrderRecord): OrderRecord
  /** Every request has a name of its own, for ever. */
  isUsed(requestId: string): boolean
  register(wish: NewOrder): OrderRecord
  told(order: OrderRecord): void
  finish(order: OrderRecord, result: OrderRecord['result']): void
  refund(order: OrderRecord, requestId: string, amount: number): void
}

/**
 * The State Bank for Foreign Economic Affairs of Turkmenistan, simulated on the wire: TSYS order processing in both of
 * its generations, the checkout page, and knobs for what can go wrong. It calls nobody, as the real one.
 */
export function foreignAffairsBank(
  options: ForeignAffairsBankOptions,
  context: SandboxContext,
): { router: Router; handle: ForeignAffairsBankHandle } {
  context.faults.define(bank, knobs)
  const platform = createBank(options, context)
  const router = Router()
  platform.tokens.serve(router)
  checkout(router, platform)
  api(router, platform, context.faults)
  return {
    router,
    handle: {
      orders: platform.orders.all,
      pay(id) {
        const order = platform.orders.get(id)
        if (order?.result !== 'OPG-00100') throw new Error(`The order ${id} cannot be paid`)
        platform.finish(order, 'GEN-00000')
      },
    },
  }
}

function createBank(
  { clientId, clientSecret, baseUrl }: ForeignAffairsBankOptions,
  { faults, clock, dataDir, url }: SandboxContext,
): OrderProcessingBank {
  const orders = createJournal<OrderRecord>(dataDir ? `${dataDir}/foreign-affairs-bank.jsonl` : undefined)
  const names = new Set(orders.all().map(({ requestId }) => requestId))
  const [, merchant = '', terminal = ''] = clientId.split('.')
  const base = () => baseUrl ?? `${url()}/foreign-affairs-bank`
  return {
    orders,
    tokens: createTokens({ clientId, clientSecret }, clock, faults),
    merchant: { merchant, terminal },
    links: ({ id }) => ({
      self: `${base()}/OrderProcessing_TURK/v1/Orders/${id}`,
      checkout: `${base()}/Checkout/${id}`,
    }),
    shown(order) {
      if (!faults.get<boolean>(bank, 'otherOrder')) return order
      const other = orders.all().find((one) => one !== order)
      return other ?? { ...order, merchantOrderId: 'somebody-elses' }
    },
    isUsed: (requestId) => names.has(requestId),
    register(wish) {
      const order = newOrder(wish, clock.now())
      names.add(order.requestId)
      orders.save(order)
      return order
    },
    told(order) {
      order.told = true
      orders.save(order)
    },
    finish(order, result) {
      order.result = result
      orders.save(order)
    },
    refund(order, requestId, amount) {
      names.add(requestId)
      order.refunds.push(amount)
      orders.save(order)
    },
  }
}
