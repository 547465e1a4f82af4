import { Orders } from '../../models/order.ts'
import { consume } from '../broker/index.ts'
import { transaction } from '../database/index.ts'
import { voidTickets } from './make.ts'

/** Who has all their money back keeps no seat. Part of the money leaves the tickets as they are: staff decide. */
export function startTickets(): void {
  consume('ticket', 'payment.refunded', ({ orderId }) =>
    transaction(async (session) => {
      const order = await Orders.findById(orderId, { refunded: 1, totals: 1 }, { session }).lean()
      if (!order || order.refunded < order.totals.total) return
      await voidTickets(session, order._id, 'refunded')
    }),
  )
}
