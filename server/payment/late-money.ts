import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import type { Payment } from '../../models/payment.ts'
import { publish } from '../broker/index.ts'
import { now } from '../database/index.ts'
import { holdSlot } from '../delivery/index.ts'
import { changeOrder, refreshStatus, wantedGoods } from '../order/index.ts'
import { raiseTask, shopSettings } from '../shop/index.ts'
import { begunEvents, extendHolds, holdsAll, takeHolds } from '../store/index.ts'
import { paid } from './paid.ts'

/** The order had been given up, or its attempt had: take the goods again, or give the money back. */
export async function late(session: ClientSession, order: Order, payment: Payment): Promise<Order> {
  const wanted = wantedGoods(order)
  const { minutes } = await shopSettings()
  const until = new Date(now().getTime() + minutes.hold * 60_000)
  const there = (await holdsAll(session, order._id, wanted)) && !(await hasBegun(session, order, payment))
  const short = there ? [] : await takeHolds(session, order._id, wanted, until)
  if (short.length) return giveBack(session, order, payment, 'the goods were sold before the money came')

  await extendHolds(session, order._id, until)
  const delivery = await takeSlotAgain(session, order)
  if (order.state === 'EXPIRED') await tellLate(session, order, payment, 'accepted')
  return paid(session, order, { delivery })
}

/** Whether an event that the order has seats of had begun when its money came, or was held. */
export async function hasBegun(session: ClientSession, order: Order, payment: Payment): Promise<boolean> {
  const events = wantedGoods(order).flatMap(({ event }) => event ?? [])
  return (await begunEvents(events, session, payment.paidAt ?? now())).length > 0
}

async function takeSlotAgain(session: ClientSession, order: Order): Promise<Order['delivery']> {
  const { delivery } = order
  if (!delivery?.slot || (await holdSlot(session, order._id, delivery.slot))) return delivery
  await raiseTask(
    {
      kind: 'delivery.slot',
      subject: String(order._id),
      order: order._id,
      summary: `${order.regNo} was paid after its delivery slot had gone. Agree on another time with the customer.`,
    },
    session,
  )
  return { ...delivery, slot: null, slotBegin: null, slotEnd: null }
}

export async function giveBack(
  session: ClientSession,
  order: Order,
  payment: Payment,
  reason: string,
): Promise<Order> {
  const orderId = String(order._id)
  const changed = await changeOrder(order, { to: 'COMPENSATING', by: 'gateway', reason }, session)
  await tellLate(session, order, payment, order.state === 'CANCELED' ? 'canceled' : 'refunded')
  await publish(session, 'order.compensate', orderId, { orderId, reason, by: 'gateway' })
  refreshStatus(session, order.customer)
  return changed
}

const tellLate = (
  session: ClientSession,
  order: Order,
  payment: Payment,
  outcome: 'accepted' | 'refunded' | 'canceled',
) =>
  publish(session, 'payment.late', String(order._id), {
    orderId: String(order._id),
    paymentId: String(payment._id),
    outcome,
  })
