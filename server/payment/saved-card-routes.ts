import { z } from 'zod'
import { notFound, type Route, route } from '../http/index.ts'
import { findOrder } from '../order/index.ts'
import { forgetCard, savedCards } from './saved-cards.ts'

/** Kept cards, for a person who has shown who they are: whoever merely holds a link finds none. */
export const cardRoutes: Route[] = [
  route({
    method: 'DELETE',
    path: '/api/payments/:orderId/cards/:cardId',
    access: 'customer',
    summary: 'Forgets a kept card of the order’s customer, at the gateway too',
    params: z.object({ orderId: z.string(), cardId: z.string() }),
    async handler({ params, caller }) {
      if (!caller.proven) throw notFound('The card')
      const { customer } = await findOrder(params.orderId)
      await forgetCard(customer, params.cardId)
      return { cards: await savedCards(customer) }
    },
  }),
]
