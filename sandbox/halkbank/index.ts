import { Router } from 'express'
import { createJournal, type Journal } from '../banks/journal.ts'
import type { SandboxContext } from '../context.ts'
import { api } from './api.ts'
import { hostedForm } from './form.ts'
import { bank, knobs } from './knobs.ts'
import { decline, type NewOrder, newOrder, type OrderRecord, pay, refund, runOut } from './order.ts'

export interface HalkbankOptions {
  userName: string
  password: string
  /** Where the bank's paths begin, if not at the sandbox's `/halkbank`. */
  baseUrl?: string
}

/** What the bank's pages and tests may do besides its own HTTP. */
export interface HalkbankHandle {
  /** Oldest first. */
  orders(): OrderRecord[]
  pay(id: string): void
  decline(id: string): void
  /** Declines whatever was not paid within its session. */
  sweep(): void
}

/** The bank behind the interface: its orders and every change of them. */
export interface HalkbankBank extends HalkbankOptions {
  orders: Journal<OrderRecord>
  byNumber(number: string): OrderRecord | undefined
  formUrl(order: OrderRecord): string
  /** The order that a read answers with: another one when a knob says so. */
  shown(order: OrderRecord): OrderRecord
  isPayable(order: OrderRecord): boolean
  register(wish: NewOrder): OrderRecord
  change(order: OrderRecord, work: (order: OrderRecord) => void): void
  pay(order: OrderRecord): void
  decline(order: OrderRecord): void
  refund(order: OrderRecord, amount: number): void
  sweep(): void
}

/**
 * Halkbank of Turkmenistan, simulated on the wire: the REST interface of the BPC/RBS family, the hosted form, sessions
 * that run out, and knobs for what can go wrong. It calls nobody, as the real one.
 */
export function halkbank(
  options: HalkbankOptions,
  context: SandboxContext,
): { router: Router; handle: HalkbankHandle } {
  context.faults.define(bank, knobs)
  const platform = createBank(options, context)
  const router = Router()
  hostedForm(router, platform)
  api(router, platform, context.faults)
  const order = (id: string): OrderRecord => {
    const found = platform.orders.get(id)
    if (!found) throw new Error(`Halkbank has no order ${id}`)
    return found
  }
  return {
    router,
    handle: {
      orders: platform.orders.all,
      pay(id) {
        platform.sweep()
        if (!platform.isPayable(order(id))) throw new Error(`The order ${id} cannot be paid any more`)
        platform.pay(order(id))
      },
      decline: (id) => platform.decline(order(id)),
      sweep: platform.sweep,
    },
  }
}

function createBank(options: HalkbankOptions, { faults, clock, dataDir, url }: SandboxContext): HalkbankBank {
  const orders = createJournal<OrderRecord>(dataDir ? `${dataDir}/halkbank.jsonl` : undefined)
  const now = () => clock.now()
  const numbers = new Map(orders.all().map((order) => [order.number, order]))
  // Only what waits can run out, so the sweep does not walk over every order there ever was.
  const waiting = new Set(orders.all().filter(({ status }) => status === 0))
  const change = (order: OrderRecord, work: (order: OrderRecord) => void) => {
    work(order)
    if (order.status !== 0) waiting.delete(order)
    orders.save(order)
  }
  return {
    ...options,
    orders,
    byNumber: (number) => numbers.get(number),
    formUrl: ({ id, language }) =>
      `${options.baseUrl ?? `${url()}/halkbank`}/payment/merchants/online/payment_${language}.html?mdOrder=${id}`,
    shown(order) {
      if (!faults.get<boolean>(bank, 'otherOrder')) return order
      const other = orders.all().find((one) => one !== order)
      return other ?? { ...order, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff', number: 'somebody-elses' }
    },
    isPayable: ({ status, actionCode }) =>
      status === 0 ||
      (status === 6 && actionCode === -2007 && faults.get<boolean>(bank, 'acceptLatePayment')),
    register(wish) {
      const order = newOrder(wish, now())
      numbers.set(order.number, order)
      waiting.add(order)
      orders.save(order)
      return order
    },
    change,
    pay: (order) => change(order, (unpaid) => pay(unpaid, now())),
    decline: (order) => change(order, decline),
    refund: (order, amount) => change(order, (paid) => refund(paid, amount)),
    sweep() {
      for (const order of waiting) {
        if (!runOut(order, now())) continue
        waiting.delete(order)
        orders.save(order)
      }
    },
  }
}
