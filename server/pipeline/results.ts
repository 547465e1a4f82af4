import { z } from 'zod'
import { notFound, type Route, route } from '../http/index.ts'
import { findOrder } from '../order/index.ts'
import { findByReturnKey, settle } from '../payment/index.ts'
import type { OrderView } from './contract.ts'
import { viewOrder, withoutPerson } from './view.ts'

/**
 * What the return address of an attempt shows, also in another browser than the one that left: the state of the
 * order, and nothing of the person. Null for an unknown key. The address itself decides nothing.
 */
export async function viewByReturnKey(key: string): Promise<OrderView | null> {
  const payment = await findByReturnKey(key)
  if (!payment) return null
  return withoutPerson(await viewOrder(await findOrder(payment.order), { proven: false }))
}

const result: Route = route({
  method: 'GET',
  path: '/api/results/:key',
  access: 'anyone',
  summary: 'How a payment stands, for the page that the bank sends its customer back to',
  params: z.object({ key: z.string() }),
  async handler({ params }) {
    const order = await viewByReturnKey(params.key)
    if (!order) throw notFound('The payment')
    return { order }
  },
})

const check: Route = route({
  method: 'POST',
  path: '/api/results/:key/check',
  access: 'anyone',
  summary: 'Back from the bank: asks the gateway now',
  params: z.object({ key: z.string() }),
  rate: 60,
  async handler({ params }) {
    const payment = await findByReturnKey(params.key)
    if (!payment) throw notFound('The payment')
    if (payment.open && payment.state !== 'CREATED') await settle(payment._id, 'return')
    return { order: await viewByReturnKey(params.key) }
  },
})

export const resultRoutes: Route[] = [result, check]
