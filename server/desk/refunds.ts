import { Users } from '../../models/user.ts'
import { AppError, type StaffCaller } from '../http/index.ts'
import { announceOrder, findOrder } from '../order/index.ts'
import {
  approveRefund,
  declineRefund,
  endOverdue,
  findPayment,
  refund,
  settleRefund,
} from '../payment/index.ts'
import { audit, finishTask, shopSettings } from '../shop/index.ts'

export interface RefundWish {
  paymentId: string
  /** Minor units. */
  amount: number
  reason: string
  opId: string
}

/**
 * Gives money back, whole or in part. Above the shop's limit, and of all that is not in the shop's own money, a second
 * manager must agree, while there is one.
 */
export async function refundOrder(orderId: string, wish: RefundWish, staff: StaffCaller): Promise<void> {
  const order = await findOrder(orderId)
  const payment = await findPayment(wish.paymentId)
  if (!payment?.order.equals(order._id)) {
    throw new AppError('payment.unknown', 'This payment is not of this order. Load the order again.', {
      status: 404,
    })
  }
  const { limits, currency } = await shopSettings()
  const limit = payment.currency === currency ? limits.refundAlone : 0
  const alone = (await managers()) >= 2 ? limit : null
  await audit({
    by: staff.staffId,
    byName: staff.name,
    action: 'order.refund',
    subject: order.regNo,
    details: { amount: wish.amount, reason: wish.reason, opId: wish.opId },
  })
  const done = await refund(wish.paymentId, { ...wish, by: staff.staffId, alone })
  if (done.flags.duplicate && done.refunded >= done.captured) {
    await finishTask('payment.duplicate', wish.paymentId, null)
  }
  announceOrder(await findOrder(orderId))
}

/** The second person agrees to a refund. */
export async function approve(orderId: string, opId: string, staff: StaffCaller): Promise<void> {
  const order = await findOrder(orderId)
  await approveRefund(order._id, opId, staff.staffId)
  const { staffId: by, name: byName } = staff
  await audit({ by, byName, action: 'order.refund.approve', subject: order.regNo, details: { opId } })
  announceOrder(await findOrder(orderId))
}

/** The second person does not agree to a refund, or who asked for it takes it back. */
export async function decline(orderId: string, opId: string, staff: StaffCaller): Promise<void> {
  const order = await findOrder(orderId)
  const { staffId: by, name: byName } = staff
  await declineRefund(order._id, opId, by)
  await audit({ by, byName, action: 'order.refund.decline', subject: order.regNo, details: { opId } })
  announceOrder(await findOrder(orderId))
}

/** Somebody has looked at the gateway's own pages: what became of a refund that nobody could learn of. */
export async function settleByHand(
  orderId: string,
  opId: string,
  wasMade: boolean,
  staff: StaffCaller,
): Promise<void> {
  const order = await findOrder(orderId)
  const { staffId: by, name: byName } = staff
  const details = { opId, wasMade }
  await audit({ by, byName, action: 'order.refund.settle', subject: order.regNo, details })
  await settleRefund(order._id, opId, wasMade)
  announceOrder(await findOrder(orderId))
}

/** Somebody has seen at the gateway itself that nothing came of an attempt that it does not tell of. */
export async function endAttempt(orderId: string, paymentId: string, staff: StaffCaller): Promise<void> {
  const order = await findOrder(orderId)
  const { staffId: by, name: byName } = staff
  await audit({ by, byName, action: 'order.payment.end', subject: order.regNo, details: { paymentId } })
  await endOverdue(order._id, paymentId)
  announceOrder(await findOrder(orderId))
}

const managers = (): Promise<number> =>
  Users.countDocuments({ roles: { $in: ['manager', 'admin'] }, active: true })
