import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import { transaction } from '../database/index.ts'
import { releaseSlot } from '../delivery/index.ts'
import { shopSettings } from '../shop/index.ts'
import { releaseHolds } from '../store/index.ts'
import { requote } from './quote.ts'
import { computeTotals } from './totals.ts'
import { announceOrder, changeOrder } from './write.ts'

/**
 * Writes changed contents: totals and quote follow, and goods held for the old contents go back. `note` writes what
 * belongs to the change, in its transaction. Throws `Stale` when somebody was first.
 */
export async function rewrite(
  order: Order,
  set: Partial<Pick<Order, 'lines' | 'nextLine' | 'discount' | 'delivery'>>,
  by: string,
  note?: (session: ClientSession, written: Order) => Promise<unknown>,
): Promise<Order> {
  const settings = await shopSettings()
  const next = { ...order, ...set }
  const delivery = await requote(next, settings)
  const totals = computeTotals({ ...next, delivery }, settings.vatPercent)
  const change = { by, set: { ...set, delivery, totals, holdsUntil: null } }
  const changed = await transaction(async (session) => {
    const written = await changeOrder(order, change, session)
    if (order.holdsUntil) {
      await releaseHolds(session, order._id)
      await releaseSlot(session, order._id)
    }
    await note?.(session, written)
    return written
  })
  announceOrder(changed)
  return changed
}
