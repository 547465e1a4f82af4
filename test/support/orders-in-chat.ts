import mongoose from 'mongoose'
import type { Conversation } from '../../models/conversation.ts'
import { type Order, Orders } from '../../models/order.ts'
import type { LineUser } from '../../sandbox/line/types.ts'
import { type EventPayload, type EventType, publish } from '../../server/broker/index.ts'
import { transaction } from '../../server/database/index.ts'
import { conversationWith } from './chat.ts'

let count = 0

/** An order of somebody on LINE, as it might lie in the database. */
export const orderOf = async (user: LineUser, about: Partial<Order> = {}): Promise<Order> =>
  orderIn(await conversationWith(user), about)

/** An order of a conversation in any channel, as it might lie in the database. */
export async function orderIn(conversation: Conversation, about: Partial<Order> = {}): Promise<Order> {
  const number = Date.now() + count++
  const at = new Date()
  const order: Order = {
    _id: new mongoose.Types.ObjectId(),
    number,
    regNo: `P-${number}`,
    customer: conversation.customer,
    conversation: conversation._id,
    channel: conversation.channel,
    language: 'th',
    openedBy: 'staff',
    staff: null,
    openedAt: at,
    state: 'DRAFT',
    version: 1,
    currency: 'THB',
    lines: [line(1, 'เสื้อยืด')],
    nextLine: 2,
    address: null,
    addressSession: null,
    delivery: null,
    parts: [],
    discount: null,
    totals: { items: 25000, discount: 0, delivery: 0, total: 25000, vat: 1636 },
    refunded: 0,
    deadline: new Date(at.getTime() + 3600_000),
    holdsUntil: null,
    card: null,
    page: null,
    remindedAt: null,
    paidAt: null,
    cancelReason: null,
    note: '',
    history: [],
    createdAt: at,
    updatedAt: at,
    ...about,
  }
  await Orders.collection.insertOne(order)
  return order
}

/** A line of free text. */
export const line = (number: number, name: string): Order['lines'][number] => ({
  number,
  product: null,
  productNumber: 0,
  variant: null,
  kind: 'GOODS',
  name,
  image: null,
  unitPrice: 25000,
  quantity: 1,
})

/** Tells the chat edge of something, as the server does. */
export const tell = <T extends EventType>(type: T, payload: EventPayload<T> & { orderId: string }) =>
  transaction((session) => publish(session, type, payload.orderId, payload))
