import { Conversations } from '../../models/conversation.ts'
import { Orders } from '../../models/order.ts'
import type { CustomerView } from '../conversation/contract.ts'
import { notFound } from '../http/index.ts'
import { publicName } from './customer.ts'
import { personOf } from './person.ts'

const latestOrders = 20

/** A customer as the console's side panel shows them. */
export async function viewCustomer(customerId: string): Promise<CustomerView> {
  const person = await personOf(customerId)
  const customer = person.find(({ _id }) => String(_id) === customerId)
  if (!customer) throw notFound('The customer')
  const theirs = { customer: { $in: person.map(({ _id }) => _id) } }
  const [orders, conversations] = await Promise.all([
    Orders.find(theirs, { regNo: 1, state: 1, totals: 1, currency: 1, channel: 1, createdAt: 1 })
      .sort({ createdAt: -1 })
      .limit(latestOrders)
      .lean(),
    Conversations.find(theirs, { channel: 1, customer: 1, preview: 1, lastMessageAt: 1 })
      .sort({ lastMessageAt: -1 })
      .lean(),
  ])
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
    channels: person.flatMap(({ identities }) =>
      identities.map(({ channel, reachable }) => ({ channel, reachable })),
    ),
    merged: person
      .filter((one) => one !== customer)
      .map((one) => ({
        id: String(one._id),
        number: one.number,
        name: publicName(one),
        channels: one.identities.map(({ channel }) => channel),
      })),
    conversations: conversations.map(({ _id, channel, preview, lastMessageAt }) => ({
      id: String(_id),
      channel,
      preview,
      lastMessageAt: lastMessageAt.toISOString(),
    })),
    addresses: person.reduce((sum, { addresses }) => sum + addresses.length, 0),
    orders: orders.map((order) => ({
      id: String(order._id),
      regNo: order.regNo,
      state: order.state,
      total: order.totals.total,
      currency: order.currency,
      channel: order.channel,
      createdAt: order.createdAt.toISOString(),
    })),
    createdAt: customer.createdAt.toISOString(),
  }
}
