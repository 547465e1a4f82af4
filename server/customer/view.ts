import { Customers } from '../../models/customer.ts'
import { Orders } from '../../models/order.ts'
import type { CustomerView } from '../conversation/contract.ts'
import { notFound } from '../http/index.ts'
import { publicName } from './customer.ts'

const latestOrders = 20

/** A customer as the console's side panel shows them. */
export async function viewCustomer(customerId: string): Promise<CustomerView> {
  const [customer, orders] = await Promise.all([
    Customers.findById(customerId).lean(),
    Orders.find({ customer: customerId }, { regNo: 1, state: 1, totals: 1, currency: 1, createdAt: 1 })
      .sort({ createdAt: -1 })
      .limit(latestOrders)
      .lean(),
  ])
  if (!customer) throw notFound('The customer')
  const { number, picture, domain, status, language, email, phone, notes, labels } = customer
  return {
    id: String(customer._id),
    number,
    name: publicName(customer),
    picture,
    domain,
    status,
    language,
    email,
    phone,
    notes,
    labels,
    channels: customer.identities.map(({ channel, reachable }) => ({ channel, reachable })),
    addresses: customer.addresses.length,
    orders: orders.map((order) => ({
      id: String(order._id),
      regNo: order.regNo,
      state: order.state,
      total: order.totals.total,
      currency: order.currency,
      createdAt: order.createdAt.toISOString(),
    })),
    createdAt: customer.createdAt.toISOString(),
  }
}
