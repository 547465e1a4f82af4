import { type Confirmation, Confirmations } from '../../models/saga.ts'
import { now, transaction } from '../database/index.ts'
import { findOrder, wantedGoods } from '../order/index.ts'
import { cancelPicking, commitHolds, holdsAll, openPicking, releaseHolds } from '../store/index.ts'
import { makeTickets, voidTickets } from '../ticket/index.ts'

/**
 * Makes the held goods the order's own, opens its picking case and makes its tickets, or gives everything back. Both kinds of request write
 * one document, so that of two at once one looks again; a REVERSE that overtakes its CONFIRM leaves a note, and the
 * CONFIRM that comes later is refused.
 */
export async function confirmStore(
  orderId: string,
  requestType: 'CONFIRM' | 'REVERSE',
): Promise<'SUCCESS' | 'FAIL'> {
  const order = await findOrder(orderId)
  return transaction(async (session) => {
    const mine = { order: order._id, confirmator: 'STORE' as const }
    const before = await Confirmations.collection.findOne<Confirmation>(mine, { session })
    const note = (change: Partial<Confirmation>) =>
      Confirmations.collection.updateOne(
        mine,
        {
          $set: {
            confirmed: before?.confirmed ?? null,
            reversed: before?.reversed ?? false,
            ...change,
            updatedAt: now(),
          },
        },
        { upsert: true, session },
      )
    if (requestType === 'REVERSE') {
      if (before?.reversed) return 'SUCCESS'
      await releaseHolds(session, order._id)
      await cancelPicking(session, order._id)
      await voidTickets(session, order._id, 'canceled')
      await note({ reversed: true })
      return 'SUCCESS'
    }
    if (before?.reversed) return 'FAIL'
    if (before?.confirmed) return before.confirmed
    const there = await holdsAll(session, order._id, wantedGoods(order))
    if (there) {
      await commitHolds(session, order._id)
      // Seats are not packed.
      if (order.lines.some(({ kind }) => kind === 'GOODS')) await openPicking(session, order._id)
      await makeTickets(session, order)
    }
    const answer = there ? 'SUCCESS' : 'FAIL'
    await note({ confirmed: answer })
    return answer
  })
}
