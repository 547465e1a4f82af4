import { z } from 'zod'
import type { Order } from '../../models/order.ts'
import { type AppError, type Call, type CustomerCaller, type Route, route } from '../http/index.ts'
import { log } from '../log.ts'
import { expectVersion, findOrder, needsDelivery } from '../order/index.ts'
import type { Next } from '../payment/contract.ts'
import { attemptView, paymentsOf } from '../payment/index.ts'
import { ContextChanged, takeStep } from '../pipeline/index.ts'
import { shopSettings } from '../shop/index.ts'
import { methodIn, sendingIn } from './choices.ts'
import { addressIn, type CustomerCall, type Fields, formBody, formLimit, readForm } from './form.ts'
import { isForReader } from './notices.ts'
import { showOrder } from './order-page.ts'

type OrderCall = Call<{ orderId: string }, unknown, Buffer, CustomerCaller>

const form = { raw: true, body: formBody, limit: formLimit, hidden: true } as const
const OrderId = z.object({ orderId: z.string() })

export const payRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/my/orders/:orderId/pay',
    access: 'customer',
    summary: 'Pays an order: the gateway makes its page, and the browser goes there',
    ...form,
    params: OrderId,
    rate: 60,
    async handler(call) {
      await tryFor(call, async (order, fields) => {
        if (order.state === 'DRAFT') return goOn(call, await pay(call, order, fields))
        if (order.state === 'AWAITING_PAYMENT')
          return goOn(call, attemptView(await paymentsOf(order._id))?.next)
        await showOrder(call, order, { status: 409 })
      })
    },
  }),
  ...(['CHECK_PAYMENT', 'CANCEL_PAYMENT', 'REOPEN_ORDER'] as const).map((name) =>
    route({
      method: 'POST',
      path: `/my/orders/:orderId/${{ CHECK_PAYMENT: 'check', CANCEL_PAYMENT: 'another-way', REOPEN_ORDER: 'reopen' }[name]}`,
      access: 'customer',
      summary: `From the page of an order: ${name}`,
      ...form,
      params: OrderId,
      rate: 60,
      async handler(call: OrderCall) {
        await tryFor(call, async (order) => {
          await takeStep(name, {}, walker(call, order))
          goOn(call, null)
        })
      },
    }),
  ),
]

/** Does something with an order; what its reader can mend is told on the order's own page. */
async function tryFor(call: OrderCall, work: (order: Order, fields: Fields) => Promise<void>): Promise<void> {
  const { orderId } = call.params
  const fields = readForm(call)
  try {
    await work(await findOrder(orderId), fields)
  } catch (error) {
    if (!isForReader(error)) throw error
    if (error.code === 'payment.declined') noteFailure(orderId, error)
    await showOrder(call, await findOrder(orderId), { error, fields })
  }
}

/** For whoever wonders why customers do not get through: ids and codes, nothing of the person. */
function noteFailure(orderId: string, { details }: AppError): void {
  const { failureCode } = (details ?? {}) as { failureCode?: string | null }
  log.warn({ orderId, failureCode }, 'no payment could be opened')
}

/** The steps that the checkout takes with its script, one after another. */
async function pay(call: OrderCall, before: Order, fields: Fields): Promise<Next | undefined> {
  const version = Number(fields.get('version'))
  if (Number.isInteger(version)) expectVersion(before, version)
  const { logistics, country } = await shopSettings()
  let order = before
  const step = async (name: Parameters<typeof takeStep>[0], data: object, headers = {}) => {
    const taken = await takeStep(name, data, walker(call, order, headers))
    order = taken.order
    return taken.next
  }
  if (needsDelivery(order, logistics)) {
    if (fields.has('line1')) {
      await step('UPDATE_DELIVERY_ADDRESS', { address: addressIn(fields, country) })
    }
    const sending = sendingIn(fields)
    if (sending) await step('SELECT_LOGISTIC_METHOD', sending)
    expectShown(before, order, fields)
  }
  const method = methodIn(fields)
  if (method && order.totals.total > 0) await step('SELECT_PAYMENT_METHOD', method)
  const key = fields.get('key')
  return step('CONFIRM_PAYMENT_SELECTION', { returnTo: 'my-orders' }, key ? { 'idempotency-key': key } : {})
}

/** The address decides what the delivery costs: another cost than the page showed is to be seen before it is paid. */
function expectShown(before: Order, order: Order, fields: Fields): void {
  const shown = Number(fields.get(`cost ${fields.get('sending')}`) || Number.NaN)
  const cost = order.delivery?.cost ?? 0
  if (!Number.isInteger(shown) || shown === cost) return
  throw new ContextChanged('order.context', [
    { field: 'delivery_cost', from: before.delivery?.cost ?? shown, to: cost },
  ])
}

const walker = ({ caller, headers, ip }: CustomerCall, order: Order, more: object = {}) => ({
  order,
  caller,
  headers: { ...headers, ...more },
  ip,
})

/** To the gateway's page where there is one; else the order's page says what comes next. */
function goOn({ params, response }: OrderCall, next: Next | null | undefined): void {
  response.redirect(303, next?.kind === 'redirect' ? next.url : `/my/orders/${params.orderId}`)
}
