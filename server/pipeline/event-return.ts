import { z } from 'zod'
import { notFound, type Route, route } from '../http/index.ts'
import { findByRef, webhookAlias } from '../payment/index.ts'

/**
 * The addresses that the event shop's checkout gives to KOMOJU. Whoever comes back is led to the page of their
 * payment, which asks the gateway: what the address says of success or cancellation is not even read.
 */
const comesBack: Route = route({
  method: 'GET',
  path: '/e/:eventId/checkout/success',
  access: 'anyone',
  summary: 'Back from KOMOJU: leads to the page of the payment',
  hidden: true,
  params: z.object({ eventId: z.string().max(100) }),
  query: z.looseObject({ session_id: z.string().max(100).optional() }),
  rate: 60,
  async handler({ query, response }) {
    const payment = query.session_id ? await findByRef('komoju', 'session', query.session_id) : null
    if (!payment) throw notFound('The payment')
    response.redirect(303, `/r/${payment.key}`)
  },
})

export const eventCheckoutRoutes: Route[] = [comesBack, webhookAlias('/checkout/webhook', 'komoju')]
