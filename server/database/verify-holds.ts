import { type Order, Orders } from '../../models/order.ts'
import { StockHolds } from '../../models/store.ts'
import type { Violation } from './verify.ts'

/** 1. Who is waited for has their goods held, all of them; and nothing is held for a draft without an end. */
export async function checkHolds(): Promise<Violation[]> {
  const found: Violation[] = []
  const waiting = { state: 'AWAITING_PAYMENT' as const }
  const endless = { state: 'DRAFT' as const, holdsUntil: null }
  for await (const order of Orders.find({ $or: [waiting, endless] })
    .lean<Order[]>()
    .cursor()) {
    const add = (problem: string) => found.push({ rule: 'holds', subject: order.regNo, problem })
    const held = await StockHolds.find({ order: order._id, state: 'HELD' }, { line: 1, quantity: 1 }).lean()
    if (order.state === 'DRAFT') {
      if (held.length) add(`${held.length} holds without an end`)
      continue
    }
    for (const { number, product, variant, quantity } of order.lines) {
      if (!product || !variant) continue
      const own = held.reduce((sum, hold) => sum + (hold.line === number ? hold.quantity : 0), 0)
      if (own !== quantity) add(`line ${number} waits for its money with ${own} of ${quantity} held`)
    }
  }
  return found
}
