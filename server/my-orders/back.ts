import { z } from 'zod'
import { notFound, type Route, route } from '../http/index.ts'
import { findByReturnKey, settle } from '../payment/index.ts'

/**
 * Where a gateway's page sends its customer back to, paid or not. Both addresses ask the gateway, and what they carry
 * besides the key of the attempt is not looked at: anybody can write it.
 */
const back = (path: string, summary: string, left = ''): Route =>
  route({
    method: 'GET',
    path,
    access: 'anyone',
    summary,
    hidden: true,
    params: z.object({ key: z.string().max(200) }),
    query: z.looseObject({}),
    rate: 60,
    async handler({ params, caller, response }) {
      const payment = await findByReturnKey(params.key)
      if (!payment) throw notFound('The payment')
      if (payment.open && payment.state !== 'CREATED') await settle(payment._id, 'return')
      const orderId = String(payment.order)
      const known = caller?.kind === 'customer' && caller.orderIds.includes(orderId)
      // Another browser than the one that left sees the state of the payment, and nothing of the person.
      response.redirect(303, `${known ? `/my/orders/${orderId}` : `/r/${params.key}`}${left}`)
    },
  })

export const backRoutes: Route[] = [
  back('/my/orders/return/:key', "Back from the gateway's page: asks the gateway, then shows the order"),
  // What is shown is all that this changes: a platform that was told nothing more can still be paid there.
  back(
    '/my/orders/cancel/:key',
    "The customer gave up at the gateway's page: asks it all the same",
    '?left=1',
  ),
]
