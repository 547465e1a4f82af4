import { z } from 'zod'
import { type Route, route } from '../http/index.ts'
import { checkIn } from './check-in.ts'
import { eventView, setEvent } from './event.ts'

const ProductId = z.strictObject({ productId: z.string().regex(/^[0-9a-f]{24}$/) })

/** Events and the door. */
export const routes: Route[] = [
  route({
    method: 'GET',
    path: '/api/products/:productId/event',
    access: 'agent',
    summary: 'When and where the event of a ticket is, and how full',
    params: ProductId,
    handler: ({ params }) => eventView(params.productId),
  }),
  route({
    method: 'PUT',
    path: '/api/products/:productId/event',
    access: 'manager',
    summary: 'Set date, place and capacity of a ticket’s event; 409 below what is sold and held',
    params: ProductId,
    body: z.strictObject({
      startsAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
      place: z.string().trim().min(1).max(300),
      capacity: z.int().min(0).max(100_000),
    }),
    handler: ({ params, body, caller }) => setEvent(params.productId, body, caller),
  }),
  route({
    method: 'POST',
    path: '/api/tickets/check-in',
    access: 'agent',
    summary: 'Let the holder of a ticket in, once; 409 says when and by whom it was used before',
    body: z.strictObject({ code: z.string().trim().min(1).max(100) }),
    rate: 120,
    handler: ({ body, caller }) => checkIn(body.code, caller),
  }),
]
