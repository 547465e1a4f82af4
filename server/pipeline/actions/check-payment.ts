import { Payments } from '../../../models/payment.ts'
import { inMs } from '../../database/index.ts'
import { findOrder } from '../../order/index.ts'
import { settle } from '../../payment/index.ts'
import { action } from '../action.ts'

/** However often the customer taps, the gateway is asked this often at most. */
const everyMs = 2000

export const checkPayment = action({
  name: 'CHECK_PAYMENT',
  summary: 'Asks the gateway now, for a customer who says that they have paid',
  data: {},
  anyVersion: true,
  async run({ order }) {
    const claimed = await Payments.collection.findOneAndUpdate(
      { order: order._id, open: true, state: { $ne: 'CREATED' }, updatedAt: { $lt: inMs(-everyMs) } },
      { $set: { updatedAt: inMs(0) } },
    )
    if (!claimed) return { order }
    await settle(claimed._id, 'customer asks')
    return { order: await findOrder(order._id) }
  },
})
