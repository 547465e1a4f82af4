import { z } from 'zod'
import type { Order } from '../../models/order.ts'
import { findCustomer, openCustomerSession } from '../auth/index.ts'
import { AppError, type Route, route } from '../http/index.ts'
import { type FoundLink, findLink, findOrder, pageOpened } from '../order/index.ts'
import type { OrderView } from './contract.ts'
import { expectCustomer, Proof } from './identify.ts'
import { viewOrder } from './view.ts'

const Token = z.object({ token: z.string() })

const words: Record<NonNullable<FoundLink['reason']>, { status: number; message: string }> = {
  'link.unknown': {
    status: 404,
    message: 'This link does not open anything. Open the newest card in the chat.',
  },
  'link.expired': {
    status: 410,
    message: 'This link has expired. Write to the shop, and it sends you a new one.',
  },
  'link.revoked': { status: 410, message: 'This link was closed. Open the newest card in the chat.' },
}

/**
 * What a link shows before it is opened: reads only, because crawlers follow links, and tells nothing of the person
 * unless this browser has opened the order before.
 */
export async function viewByLink(
  token: string,
  headers: { cookie?: string | undefined },
): Promise<{ order: OrderView; channel: string; reason: null } | { order: null; reason: string }> {
  const { link, reason } = await findLink(token)
  if (reason) return { order: null, reason }
  const order = await findOrder(link.order)
  const caller = await findCustomer(headers)
  const known = caller?.orderIds.includes(String(order._id)) ?? false
  const viewer = known && caller ? caller : { proven: false }
  return { order: await viewOrder(order, viewer), channel: order.channel, reason: null }
}

const open: Route = route({
  method: 'POST',
  path: '/w/:token/open',
  access: 'anyone',
  summary: 'Opens an order by its link: status WAITING_FOR_PAYMENT, and a session for this browser',
  params: Token,
  rate: 120,
  async handler({ params, request, response }) {
    const order = await orderOf(params.token)
    const caller = await openCustomerSession(
      { request, response },
      { customerId: String(order.customer), orderIds: [String(order._id)], proven: false },
    )
    await pageOpened(order)
    return { order: await viewOrder(order, caller) }
  },
})

const identify: Route = route({
  method: 'POST',
  path: '/api/pipeline/:orderId/identify',
  access: 'customer',
  summary: 'Shows who the customer is by what LINE or Messenger has signed; then last addresses come along',
  params: z.object({ orderId: z.string() }),
  body: Proof,
  rate: 30,
  async handler({ params, body, caller: present, request, response }) {
    const order = await findOrder(params.orderId)
    await expectCustomer(body, order.customer, present)
    const caller = await openCustomerSession(
      { request, response },
      { customerId: String(order.customer), orderIds: [String(order._id)], proven: true },
    )
    return viewOrder(order, caller)
  },
})

async function orderOf(token: string): Promise<Order> {
  const { link, reason } = await findLink(token)
  if (!reason) return findOrder(link.order)
  const { status, message } = words[reason]
  throw new AppError(reason, message, { status })
}

export const linkRoutes: Route[] = [open, identify]
