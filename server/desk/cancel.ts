import type { Order } from '../../models/order.ts'
import { mayActAs } from '../auth/contract.ts'
import { publish } from '../broker/index.ts'
import { inMs, transaction } from '../database/index.ts'
import { releaseSlot } from '../delivery/index.ts'
import { AppError, type StaffCaller } from '../http/index.ts'
import {
  announceOrder,
  changeOrder,
  expectState,
  expectVersion,
  findOrder,
  refreshStatus,
  revokeLinks,
} from '../order/index.ts'
import { acceptPayment, closeOpenAttempt, paymentsOf } from '../payment/index.ts'
import { audit, finishTask, shopSettings } from '../shop/index.ts'
import { releaseHolds } from '../store/index.ts'

interface Wish {
  version: number
  reason: string
}

/** Cancels an order: an unpaid one at once, if its gateway confirms that nothing can come any more; a paid one by the saga. */
export async function cancelOrder(
  orderId: string,
  { version, reason }: Wish,
  staff: StaffCaller,
): Promise<Order> {
  const order = await findOrder(orderId)
  expectVersion(order, version)
  expectState(order, ['DRAFT', 'AWAITING_PAYMENT', 'CONFIRMED', 'FULFILLING'], 'cancelling it')
  if (order.state === 'CONFIRMED' || order.state === 'FULFILLING') return undo(order, reason, staff)
  if (!(await closeOpenAttempt(order._id, 'CANCELED'))) {
    throw new AppError(
      'payment.checking',
      'A payment is under way, and its gateway does not confirm that it is off. Try again in a moment.',
      { status: 409, reload: true },
    )
  }
  const draft = await findOrder(orderId)
  expectState(draft, ['DRAFT'], 'cancelling it')
  const changed = await transaction(async (session) => {
    const set = { cancelReason: reason, holdsUntil: null }
    const canceled = await changeOrder(draft, { to: 'CANCELED', by: staff.staffId, reason, set }, session)
    await releaseHolds(session, order._id)
    await releaseSlot(session, order._id)
    await revokeLinks(session, order._id)
    refreshStatus(session, order.customer)
    await publish(session, 'order.canceled', orderId, { orderId, reason, refunded: false })
    const { staffId: by, name: byName } = staff
    await audit({ by, byName, action: 'order.cancel', subject: order.regNo, details: { reason } }, session)
    return canceled
  })
  announceOrder(changed)
  return changed
}

async function undo(order: Order, reason: string, staff: StaffCaller): Promise<Order> {
  if (!mayActAs(staff.role, 'manager')) {
    throw new AppError('role', 'Only a manager cancels an order that is paid. Ask one.', { status: 403 })
  }
  return compensate(order, reason, staff, 'order.cancel')
}

async function compensate(order: Order, reason: string, staff: StaffCaller, action: string): Promise<Order> {
  const orderId = String(order._id)
  const changed = await transaction(async (session) => {
    const written = await changeOrder(order, { to: 'COMPENSATING', by: staff.staffId, reason }, session)
    await publish(session, 'order.compensate', orderId, { orderId, reason, by: staff.staffId })
    const { staffId: by, name: byName } = staff
    await audit({ by, byName, action, subject: order.regNo, details: { reason } }, session)
    return written
  })
  announceOrder(changed)
  return changed
}

/** Takes an expired order up again, with a new deadline. */
export async function reopenOrder(orderId: string, version: number, staff: StaffCaller): Promise<Order> {
  const order = await findOrder(orderId)
  expectVersion(order, version)
  expectState(order, ['EXPIRED'], 'taking it up again')
  const { minutes } = await shopSettings()
  const set = { deadline: inMs(minutes.orderDeadline * 60_000), holdsUntil: null, remindedAt: null }
  const changed = await changeOrder(order, { to: 'DRAFT', by: staff.staffId, set })
  await audit({ by: staff.staffId, byName: staff.name, action: 'order.reopen', subject: order.regNo })
  announceOrder(changed)
  return changed
}

/** A person decides about money that did not match: it is accepted as it is, or all of it goes back. */
export async function resolveReview(
  orderId: string,
  { version, reason, decision }: Wish & { decision: 'accept' | 'refund' },
  staff: StaffCaller,
): Promise<Order> {
  const order = await findOrder(orderId)
  expectVersion(order, version)
  expectState(order, ['MANUAL_REVIEW'], 'deciding about it')
  const changed =
    decision === 'refund'
      ? await compensate(order, reason, staff, 'order.review')
      : await acceptReview(order, reason, staff)
  await finishTask('order.review', orderId, null)
  for (const { _id } of await paymentsOf(order._id)) await finishTask('payment.conflict', String(_id), null)
  return changed
}

async function acceptReview(order: Order, reason: string, staff: StaffCaller): Promise<Order> {
  const changed = await transaction(async (session) => {
    const accepted = await acceptPayment(session, order, staff.staffId, reason)
    const { staffId: by, name: byName } = staff
    await audit({ by, byName, action: 'order.review', subject: order.regNo, details: { reason } }, session)
    return accepted
  })
  announceOrder(changed)
  return changed
}
