import mongoose from 'mongoose'
import { Orders } from '../../models/order.ts'
import { type Confirmation, Confirmations } from '../../models/saga.ts'
import { now, transaction } from '../database/index.ts'
import { cancelCase, openCase } from './cases.ts'

type Answer = 'SUCCESS' | 'FAIL'

/**
 * Books the delivery of a paid order for the orchestra, or calls it off. A repeated request gets its first answer. A
 * REVERSE that overtakes its CONFIRM leaves a note, and the CONFIRM that comes later is refused.
 */
export async function confirmDelivery(orderId: string, requestType: 'CONFIRM' | 'REVERSE'): Promise<Answer> {
  const order = new mongoose.Types.ObjectId(orderId)
  return transaction(async (session): Promise<Answer> => {
    const mine = { order, confirmator: 'DELIVERY' as const }
    const before = await Confirmations.collection.findOne<Confirmation>(mine, { session })
    // Both kinds write this one document: of two requests at once, one has to look again.
    const note = ({
      confirmed = before?.confirmed ?? null,
      reversed = before?.reversed ?? false,
    }: Partial<Pick<Confirmation, 'confirmed' | 'reversed'>>) =>
      Confirmations.collection.updateOne(
        mine,
        { $set: { confirmed, reversed, updatedAt: now() } },
        { upsert: true, session },
      )

    if (requestType === 'REVERSE') {
      if (before?.reversed) return 'SUCCESS'
      if (!(await cancelCase(session, order))) return 'FAIL'
      await note({ reversed: true })
      return 'SUCCESS'
    }
    if (before?.reversed) return 'FAIL'
    if (before?.confirmed) return before.confirmed
    const paid = await Orders.findById(order, { delivery: 1 }, { session }).lean()
    const answer = paid && (await openCase(session, paid)) ? 'SUCCESS' : 'FAIL'
    await note({ confirmed: answer })
    return answer
  })
}
