import mongoose from 'mongoose'
import { type Conversation, Conversations } from '../../models/conversation.ts'
import { type Customer, Customers } from '../../models/customer.ts'
import { type Order, Orders } from '../../models/order.ts'
import { publish } from '../broker/index.ts'
import { becomeCustomer } from '../customer/index.ts'
import { now, transaction } from '../database/index.ts'
import { notFound, type StaffCaller } from '../http/index.ts'
import { audit, nextNumber, shopSettings } from '../shop/index.ts'
import { announceOrder } from './write.ts'

/**
 * Staff open an order in a conversation: the customer becomes a CUSTOMER with status FOLLOW, and the order waits as a
 * draft for its lines.
 */
export async function openOrder(conversationId: string, staff: StaffCaller): Promise<Order> {
  const { conversation, customer } = await findWho(conversationId)
  const order = await newOrder(conversation, customer, staff)
  await transaction(async (session) => {
    await Orders.collection.insertOne(order, { session })
    await becomeCustomer(session, customer._id)
    await publish(session, 'order.opened', String(order._id), { orderId: String(order._id), by: 'staff' })
    const { staffId: by, name: byName } = staff
    await audit({ by, byName, action: 'order.open', subject: order.regNo }, session)
  })
  announceOrder(order)
  return order
}

async function findWho(id: string): Promise<{ conversation: Conversation; customer: Customer }> {
  if (!mongoose.isValidObjectId(id)) throw notFound('The conversation')
  const conversation = await Conversations.findById(id).lean()
  const customer = conversation && (await Customers.findById(conversation.customer).lean())
  if (!conversation || !customer) throw notFound('The conversation')
  return { conversation, customer }
}

async function newOrder(conversation: Conversation, customer: Customer, staff: StaffCaller): Promise<Order> {
  const settings = await shopSettings()
  const number = await nextNumber('order')
  const at = now()
  return {
    _id: new mongoose.Types.ObjectId(),
    number,
    regNo: regNo(number),
    customer: customer._id,
    conversation: conversation._id,
    channel: conversation.channel,
    language: customer.language,
    openedBy: 'staff',
    staff: new mongoose.Types.ObjectId(staff.staffId),
    openedAt: at,
    state: 'DRAFT',
    version: 0,
    currency: settings.currency,
    lines: [],
    nextLine: 1,
    address: null,
    addressSession: null,
    delivery: null,
    parts: [],
    discount: null,
    totals: { items: 0, discount: 0, delivery: 0, total: 0, vat: 0 },
    refunded: 0,
    deadline: new Date(at.getTime() + settings.minutes.orderDeadline * 60_000),
    holdsUntil: null,
    card: null,
    page: null,
    remindedAt: null,
    paidAt: null,
    cancelReason: null,
    note: '',
    history: [{ from: null, to: 'DRAFT', version: 0, at, by: staff.staffId }],
    createdAt: at,
    updatedAt: at,
  }
}

/** What people read aloud: `P-000123`. */
const regNo = (number: number): string => `P-${String(number).padStart(6, '0')}`
