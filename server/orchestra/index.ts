import type { Confirmator } from '../../models/saga.ts'
import { consume, type EventPayload, publish } from '../broker/index.ts'
import { transaction } from '../database/index.ts'
import { confirmDelivery } from '../delivery/index.ts'
import { confirmPayment, reversePayment } from './confirm-payment.ts'
import { confirmStore } from './confirm-store.ts'
import { begin, compensate, hear, isAsked } from './saga.ts'

export { wakeSagas } from './saga.ts'

type Request = EventPayload<'orchestra.request'>
type Answer = 'SUCCESS' | 'FAIL' | null

/** How each service answers the orchestra. Null: it cannot say yet, and is asked again. */
const services: Record<Confirmator, (request: Request) => Promise<Answer>> = {
  PAYMENT: ({ orderId, requestType }) =>
    requestType === 'CONFIRM' ? confirmPayment(orderId) : reversePayment(orderId),
  STORE: ({ orderId, requestType }) => confirmStore(orderId, requestType),
  DELIVERY: ({ orderId, requestType }) => confirmDelivery(orderId, requestType),
}

/** Connects the orchestra and the services that it asks to the broker. */
export function startOrchestra(): void {
  consume('orchestra', 'order.process', begin)
  consume('orchestra', 'order.compensate', compensate)
  consume('orchestra', 'orchestra.reply', hear)
  for (const [name, answer] of Object.entries(services)) {
    consume(name.toLowerCase(), 'orchestra.request', async (request) => {
      if (request.confirmator !== name) return
      const response = await answer(request)
      if (response) await reply(request, response)
    })
  }
  // Money that was still on its way back when the saga asked: it need not wait for the next asking.
  consume('orchestra', 'payment.refunded', async ({ orderId }) => {
    if (!(await isAsked(orderId, 'PAYMENT', 'REVERSE'))) return
    const response = await reversePayment(orderId)
    const request = { orderId, requestType: 'REVERSE', confirmator: 'PAYMENT' } as const
    if (response) await reply({ ...request, orderItems: [] }, response)
  })
}

const reply = ({ orderId, requestType, confirmator }: Request, response: 'SUCCESS' | 'FAIL') =>
  transaction((session) =>
    publish(session, 'orchestra.reply', orderId, { orderId, requestType, confirmator, response }),
  )
