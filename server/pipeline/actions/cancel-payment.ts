import { AppError } from '../../http/index.ts'
import { findOrder } from '../../order/index.ts'
import { abandonAttempt } from '../../payment/index.ts'
import { action } from '../action.ts'

export const cancelPayment = action({
  name: 'CANCEL_PAYMENT',
  summary: 'Gives up the open attempt, so that another way can be chosen; the cart is kept',
  data: {},
  anyVersion: true,
  async run({ order }) {
    if (order.state !== 'AWAITING_PAYMENT') return { order }
    if (!(await abandonAttempt(order._id))) {
      throw new AppError(
        'payment.checking',
        'We are still asking the bank about this payment. Wait a moment: we write to you as soon as we know.',
        { status: 409, reload: true },
      )
    }
    return { order: await findOrder(order._id) }
  },
})
