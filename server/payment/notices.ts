import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import type { Payment } from '../../models/payment.ts'
import { publish } from '../broker/index.ts'
import { usernameOf } from '../customer/index.ts'
import { now } from '../database/index.ts'
import { gatewaysInUse } from './gateways.ts'

/** Format 3: money was taken. */
export const notifyCharge = (session: ClientSession, order: Order, payment: Payment): Promise<void> =>
  notify(session, order, payment, 'CHARGE')

/** Format 3: money was given back. */
export const notifyRefund = (session: ClientSession, order: Order, payment: Payment): Promise<void> =>
  notify(session, order, payment, 'REVERSE')

async function notify(
  session: ClientSession,
  order: Order,
  payment: Payment,
  requestType: 'CHARGE' | 'REVERSE',
): Promise<void> {
  const gateway = gatewaysInUse().find(([name]) => name === payment.gateway)?.[1]
  const method = gateway?.methods.find(({ name }) => name === payment.method)
  await publish(session, 'notify.payment', String(order._id), {
    orderId: String(order._id),
    username: await usernameOf(session, order.customer),
    requestType,
    tokenType: method?.tokenType ?? 'BANK_CARD',
    maskedTokenId: payment.method,
    response: 'SUCCESS',
    errorMsg: '',
    timestamp: now().toISOString(),
  })
}
