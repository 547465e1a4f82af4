import { z } from 'zod'
import { type Route, route } from '../http/index.ts'
import { findOrder } from '../order/index.ts'
import { largestUpload } from '../shop/index.ts'
import { confirmSlip, refuseSlip, sendSlip, slipPicture, slipsOf } from './slips.ts'
import { slipView } from './views.ts'

const Slip = z.object({ slipId: z.string() })

/** Slips of transfers: a customer sends them, staff look at them and decide. */
export const slipRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/api/payments/:orderId/slip',
    access: 'customer',
    summary: 'Sends the picture of a transfer slip for the open PromptPay payment',
    params: z.object({ orderId: z.string() }),
    raw: true,
    body: z.instanceof(Buffer),
    limit: largestUpload,
    rate: 10,
    async handler({ params, body }) {
      await sendSlip((await findOrder(params.orderId))._id, body)
      return { ok: true }
    },
  }),
  route({
    method: 'GET',
    path: '/api/payments/:paymentId/slips',
    access: 'agent',
    summary: 'The slips of a payment',
    params: z.object({ paymentId: z.string() }),
    async handler({ params }) {
      return { slips: (await slipsOf(params.paymentId)).map(slipView) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/slips/:slipId/picture',
    access: 'agent',
    summary: 'The picture of a slip',
    params: Slip,
    async handler({ params, response }) {
      const bytes = await slipPicture(params.slipId)
      response.setHeader('Content-Type', 'image/jpeg')
      response.setHeader('Cache-Control', 'private, max-age=300')
      response.end(bytes)
    },
  }),
  route({
    method: 'POST',
    path: '/api/slips/:slipId/confirm',
    access: 'manager',
    summary:
      'Confirms that the money of a slip is in the account: amount in minor units, and the bank’s reference',
    params: Slip,
    body: z.strictObject({
      amount: z.int().min(1).max(1_000_000_000_000),
      bankReference: z.string().trim().min(4).max(60),
    }),
    async handler({ params, body, caller }) {
      await confirmSlip(params.slipId, body, caller)
      return { ok: true }
    },
  }),
  route({
    method: 'POST',
    path: '/api/slips/:slipId/refuse',
    access: 'manager',
    summary: 'Refuses a slip; the customer may send another',
    params: Slip,
    body: z.strictObject({ reason: z.string().trim().min(1).max(300) }),
    async handler({ params, body, caller }) {
      await refuseSlip(params.slipId, body.reason, caller)
      return { ok: true }
    },
  }),
]
