import { Types } from 'mongoose'
import { type Order, Orders } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import type { Language } from '../../models/states.ts'
import { openCustomerSession } from '../auth/index.ts'
import { type CustomerCaller, type Route, route } from '../http/index.ts'
import { formatDate, formatMoney, translate } from '../language/index.ts'
import { needsDelivery } from '../order/index.ts'
import { shopSettings } from '../shop/index.ts'
import type { CustomerCall } from './form.ts'
import { languageFor, sendPage } from './look.ts'
import { statusOf } from './status.ts'

const mostShown = 100

/** `GET /my/orders`: what this browser may see of a customer's orders, the newest first. */
export const listRoute: Route = route({
  method: 'GET',
  path: '/my/orders',
  access: 'customer',
  summary: 'The orders of a customer',
  hidden: true,
  async handler(call) {
    const language = await languageFor(call)
    const { zone, logistics } = await shopSettings()
    const orders = await ordersOf(call)
    const attempts = await attemptsOf(orders)
    const rows = orders.map((order) => {
      const status = statusOf({ ...order, ...attempts(order) })
      return {
        id: String(order._id),
        regNo: order.regNo,
        at: formatDate(order.createdAt, language, zone),
        goods: order.lines.map(({ name, quantity }) => `${name} × ${quantity}`).join(', '),
        total: formatMoney(order.totals.total, order.currency, language),
        delivery: deliveryIn(order, { logistics, language }),
        status: translate(language, `myOrders.status.${status.order}`),
        payment: translate(language, `myOrders.payment.${status.payment}`),
      }
    })
    const title = translate(language, 'myOrders.title')
    await sendPage(call, { template: 'list', language, sheet: { title, rows } })
  },
})

/** Whether the total has the delivery in it, where something is to be sent. */
function deliveryIn(
  order: Order,
  { logistics, language }: { logistics: boolean; language: Language },
): string {
  if (!needsDelivery(order, logistics)) return ''
  if (order.delivery) return translate(language, 'myOrders.withDelivery')
  return order.state === 'DRAFT' ? translate(language, 'myOrders.plusDelivery') : ''
}

/**
 * Whoever holds a link sees the orders that they have opened with it; a person who has shown who they are, all of
 * theirs, and their session learns them, so that each can be opened.
 */
async function ordersOf({ caller, request, response }: CustomerCall): Promise<Order[]> {
  const customer = new Types.ObjectId(caller.customerId)
  const opened = { customer, openedAt: { $type: 9 } }
  const known = { _id: { $in: caller.orderIds.map((id) => new Types.ObjectId(id)) } }
  const orders = await Orders.collection
    .find<Order>({ ...opened, ...(caller.proven ? {} : known) } as never)
    .sort({ createdAt: -1 })
    .limit(mostShown)
    .toArray()
  if (caller.proven) await learn(caller, orders, { request, response })
  return orders
}

async function learn(
  { customerId, orderIds, proven }: CustomerCaller,
  orders: Order[],
  exchange: Pick<CustomerCall, 'request' | 'response'>,
): Promise<void> {
  const unknown = orders.map(({ _id }) => String(_id)).filter((id) => !orderIds.includes(id))
  if (unknown.length) await openCustomerSession(exchange, { customerId, orderIds: unknown, proven })
}

/** What came in for each order, and how its last attempt stands. */
async function attemptsOf(orders: Order[]) {
  const payments = await Payments.collection
    .find<Payment>({ order: { $in: orders.map(({ _id }) => _id) } })
    .sort({ attemptNo: 1 })
    .toArray()
  return ({ _id }: Order) => {
    const own = payments.filter(({ order }) => order.equals(_id))
    return {
      captured: own.reduce((sum, { captured }) => sum + captured, 0),
      attempt: own.at(-1)?.state ?? null,
    }
  }
}
