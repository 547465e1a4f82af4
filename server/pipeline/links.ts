import { z } from 'zod'
import { Customers } from '../../models/customer.ts'
import type { Order } from '../../models/order.ts'
import { findCustomer, openCustomerSession, verifyLineIdToken, verifySignedRequest } from '../auth/index.ts'
import { isPersons, mergeCustomers } from '../customer/index.ts'
import { AppError, notFound, type Route, route } from '../http/index.ts'
import { type FoundLink, findLink, findOrder, pageOpened } from '../order/index.ts'
import type { OrderView } from './contract.ts'
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
  body: z.union([
    z.strictObject({ idToken: z.string().min(1).max(5000) }),
    z.strictObject({ signedRequest: z.string().min(1).max(5000) }),
  ]),
  rate: 30,
  async handler({ params, body, caller: present, request, response }) {
    const order = await findOrder(params.orderId)
    const identity =
      'idToken' in body
        ? { channel: 'line', externalId: await verifyLineIdToken(body.idToken) }
        : { channel: 'messenger', externalId: verifySignedRequest(body.signedRequest) }
    if (!(await isPersons(order.customer, identity))) {
      // Proven here in one channel, and now in the other: one person has shown both.
      const proven = present.proven && present.customerId === String(order.customer)
      if (!proven || !(await mergeByLogin(present.customerId, identity))) throw notFound('The order')
    }
    const caller = await openCustomerSession(
      { request, response },
      { customerId: String(order.customer), orderIds: [String(order._id)], proven: true },
    )
    return viewOrder(order, caller)
  },
})

/** Somebody who has logged in in two channels has said who they are. False for a login that nobody knows. */
async function mergeByLogin(
  customerId: string,
  { channel, externalId }: { channel: string; externalId: string },
): Promise<boolean> {
  const other = await Customers.findOne(
    { identities: { $elemMatch: { channel, externalId } } },
    { _id: 1 },
  ).lean()
  if (!other) return false
  await mergeCustomers(customerId, String(other._id), { by: customerId, byName: '' })
  return true
}

async function orderOf(token: string): Promise<Order> {
  const { link, reason } = await findLink(token)
  if (!reason) return findOrder(link.order)
  const { status, message } = words[reason]
  throw new AppError(reason, message, { status })
}

export const linkRoutes: Route[] = [open, identify]
