import type { Confirmator } from '../../models/saga.ts'
import { consume, type EventPayload, publish } from '../broker/index.ts'
import { transaction } from '../database/index.ts'
import { confirmDelivery } from '../delivery/index.ts'
import { capturePayment, confirmPayment, reversePayment } from './confirm-payment.ts'
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
  consume('payment', 'orchestra.capture', takeMoney)
  consume('orchestra', 'orchestra.captured', (reply) =>
    hear({ ...reply, requestType: 'CONFIRM', confirmator: 'CAPTURE' }),
  )
  // What was still on its way when the saga asked: it need not wait for the next asking.
  consume('orchestra', 'payment.refunded', ({ orderId }) => giveMoneyBack(orderId))
  consume('orchestra', 'payment.hold', async ({ orderId, outcome }) => {
    if (outcome === 'released') await giveMoneyBack(orderId)
    else if (await isAsked(orderId, 'CAPTURE', 'CONFIRM')) await takeMoney({ orderId })
  })
}

async function takeMoney({ orderId }: { orderId: string }): Promise<void> {
  const response = await capturePayment(orderId)
  if (!response) return
  await transaction((session) => publish(session, 'orchestra.captured', orderId, { orderId, response }))
}

async function giveMoneyBack(orderId: string): Promise<void> {
  if (!(await isAsked(orderId, 'PAYMENT', 'REVERSE'))) return
  const response = await reversePayment(orderId)
  const request = { orderId, requestType: 'REVERSE', confirmator: 'PAYMENT' } as const
  if (response) await reply({ ...request, orderItems: [] }, response)
}

const reply = ({ orderId, requestType, confirmator }: Request, response: 'SUCCESS' | 'FAIL') =>
  transaction((session) =>
    publish(session, 'orchestra.reply', orderId, { orderId, requestType, confirmator, response }),
  )
