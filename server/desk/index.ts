import { z } from 'zod'
import { currencies } from '../../models/money.ts'
import type { Order } from '../../models/order.ts'
import { AppError, type Route, route, type StaffCaller } from '../http/index.ts'
import { findOrder, latestOrder, openOrder, setDeliveryFee, setDiscount, setItems } from '../order/index.ts'
import { cancelOrder, reopenOrder, resolveReview } from './cancel.ts'
import { copyLink, sendCard } from './card.ts'
import { deliverOrder, packOrder, sendOrder } from './fulfil.ts'
import { listOrders } from './list.ts'
import { approve, decline, endAttempt, refundOrder, settleByHand } from './refunds.ts'
import { viewForStaff } from './view.ts'

const Id = z.object({ id: z.string() })
const version = z.int().min(0)
const reason = z.string().trim().min(1).max(300)
const amount = z.int().min(0).max(1_000_000_000_000)
const none = z.union([z.undefined(), z.strictObject({})])

const Item = z.strictObject({
  number: z.int().positive().optional(),
  productId: z.string().max(40).optional(),
  sku: z.string().max(80).optional(),
  quantity: z.int().min(1).max(10_000),
  discount: z.strictObject({ amount, reason: z.string().trim().max(300) }).optional(),
  name: z.string().trim().min(1).max(200).optional(),
  unitPrice: amount.optional(),
  reason: z.string().trim().max(300).optional(),
})

/** A route on one order that answers it as it then is; who was too late gets it as it is now. */
function onOrder<B extends z.ZodType>(
  method: 'POST' | 'PUT',
  path: string,
  summary: string,
  access: 'agent' | 'manager',
  body: B,
  work: (id: string, body: z.output<B>, staff: StaffCaller) => Promise<Order | undefined>,
): Route {
  return route({
    method,
    path: `/api/orders/:id${path}`,
    access,
    summary,
    params: Id,
    body,
    async handler({ params, body, caller }) {
      try {
        const order = await work(params.id, body, caller)
        return await viewForStaff(order ?? (await findOrder(params.id)), caller)
      } catch (error) {
        if (!(error instanceof AppError) || !error.reload) throw error
        const { code, message, status } = error
        const order = await viewForStaff(await latestOrder(params.id), caller)
        throw new AppError(code, message, {
          status,
          reload: true,
          details: { order, changes: [] },
          cause: error,
        })
      }
    },
  })
}

export const routes: Route[] = [
  route({
    method: 'POST',
    path: '/api/conversations/:id/orders',
    access: 'agent',
    summary:
      "Opens an order in a conversation, in the shop's currency or another one; the same clientId again is the same order",
    params: Id,
    body: z.union([
      z.undefined(),
      z.strictObject({ currency: z.enum(currencies).optional(), clientId: z.uuid().optional() }),
    ]),
    async handler({ params, body, caller }) {
      const { order, customer } = await openOrder(params.id, caller, body)
      return viewForStaff(order, caller, customer)
    },
  }),
  route({
    method: 'GET',
    path: '/api/orders',
    access: 'agent',
    summary: 'Orders, the newest first',
    query: z.object({
      state: z.string().max(200).optional(),
      q: z.string().max(100).optional(),
      picking: z.enum(['open']).optional(),
      cursor: z.string().max(40).optional(),
    }),
    handler: ({ query }) => listOrders(query),
  }),
  route({
    method: 'GET',
    path: '/api/orders/:id',
    access: 'agent',
    summary: 'An order with everything behind it',
    params: Id,
    handler: async ({ params, caller }) => viewForStaff(await findOrder(params.id), caller),
  }),
  onOrder(
    'PUT',
    '/items',
    'Sets the lines to just these',
    'agent',
    z.strictObject({ version, items: z.array(Item).max(200) }),
    (id, { version, items }, staff) => setItems(id, version, items as Parameters<typeof setItems>[2], staff),
  ),
  onOrder(
    'PUT',
    '/discount',
    'Takes something off the whole order',
    'agent',
    z.strictObject({ version, amount, reason: z.string().trim().max(300) }),
    (id, { version, ...discount }, staff) => setDiscount(id, version, discount, staff),
  ),
  onOrder(
    'PUT',
    '/delivery-fee',
    'Sets the delivery fee by hand; null leaves it to the quotes again',
    'agent',
    z.strictObject({ version, amount: amount.nullable(), reason: z.string().trim().max(300) }),
    (id, { version, ...fee }, staff) => setDeliveryFee(id, version, fee, staff),
  ),
  onOrder(
    'POST',
    '/card',
    'Sends the order as a card into the chat',
    'agent',
    z.union([z.undefined(), z.strictObject({ version: version.optional() })]),
    (id, body, staff) => sendCard(id, body?.version, staff),
  ),
  route({
    method: 'POST',
    path: '/api/orders/:id/link',
    access: 'agent',
    summary: 'A fresh link to copy',
    params: Id,
    body: none,
    handler: ({ params, caller }) => copyLink(params.id, caller),
  }),
  onOrder(
    'POST',
    '/cancel',
    'Cancels the order; a paid one is undone and refunded',
    'agent',
    z.strictObject({ version, reason }),
    cancelOrder,
  ),
  onOrder(
    'POST',
    '/reopen',
    'Takes an expired order up again',
    'agent',
    z.strictObject({ version }),
    (id, body, staff) => reopenOrder(id, body.version, staff),
  ),
  onOrder(
    'POST',
    '/review',
    'Decides about money that did not match',
    'manager',
    z.strictObject({ version, reason, decision: z.enum(['accept', 'refund']) }),
    resolveReview,
  ),
  onOrder(
    'POST',
    '/refunds',
    'Gives money back, whole or in part',
    'manager',
    z.strictObject({
      paymentId: z.string().max(40),
      amount: amount.min(1),
      reason,
      opId: z.string().min(8).max(80),
    }),
    async (id, body, staff) => void (await refundOrder(id, body, staff)) as undefined,
  ),
  route({
    method: 'POST',
    path: '/api/orders/:id/refunds/:opId/approve',
    access: 'manager',
    summary: 'The second person agrees to a refund',
    params: z.object({ id: z.string(), opId: z.string().max(80) }),
    body: none,
    async handler({ params, caller }) {
      await approve(params.id, params.opId, caller)
      return viewForStaff(await findOrder(params.id), caller)
    },
  }),
  route({
    method: 'POST',
    path: '/api/orders/:id/refunds/:opId/decline',
    access: 'manager',
    summary: 'The second person does not agree to a refund, or who asked takes it back',
    params: z.object({ id: z.string(), opId: z.string().max(80) }),
    body: none,
    async handler({ params, caller }) {
      await decline(params.id, params.opId, caller)
      return viewForStaff(await findOrder(params.id), caller)
    },
  }),
  route({
    method: 'POST',
    path: '/api/orders/:id/refunds/:opId/settle',
    access: 'manager',
    summary: 'Says whether a refund was made, where its gateway does not tell',
    params: z.object({ id: z.string(), opId: z.string().max(80) }),
    body: z.strictObject({ wasMade: z.boolean() }),
    async handler({ params, body, caller }) {
      await settleByHand(params.id, params.opId, body.wasMade, caller)
      return viewForStaff(await findOrder(params.id), caller)
    },
  }),
  route({
    method: 'POST',
    path: '/api/orders/:id/payments/:paymentId/end',
    access: 'manager',
    summary: 'Says that nothing came of a payment whose gateway does not tell; 409 before its time',
    params: z.object({ id: z.string(), paymentId: z.string().max(40) }),
    body: none,
    async handler({ params, caller }) {
      await endAttempt(params.id, params.paymentId, caller)
      return viewForStaff(await findOrder(params.id), caller)
    },
  }),
  onOrder('POST', '/pack', 'The goods lie packed', 'agent', none, (id, _body, staff) => packOrder(id, staff)),
  onOrder(
    'POST',
    '/send',
    'The parcel has left, with its tracking number',
    'agent',
    z.strictObject({
      courierName: z.string().max(100).optional(),
      tracking: z.string().max(100).optional(),
      trackingUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)]).optional(),
    }),
    sendOrder,
  ),
  onOrder('POST', '/deliver', 'The customer has the goods', 'agent', none, (id, _body, staff) =>
    deliverOrder(id, staff),
  ),
]
