import { z } from 'zod'
import { currencies } from '../../models/money.ts'
import { confirmators } from '../../models/saga.ts'
import { tokenTypes } from '../../models/states.ts'

/*
 * Every message between modules and its schema. Readers ignore unknown keys, so the schemas are tolerant; writers
 * are checked before a message is stored. Formats 1 to 9 are the wire formats of the store's services: dates are
 * dd.mm.yyyy, times HH:MM, timestamps ISO 8601 UTC, prices decimal numbers of whole currency units.
 */
const id = z.string().min(1)
const timestamp = z.iso.datetime()
const date = z.string().regex(/^\d{2}\.\d{2}\.\d{4}$/)
const time = z.string().regex(/^\d{2}:\d{2}$/)
const answer = z.enum(['SUCCESS', 'FAIL'])
const requestType = z.enum(['CONFIRM', 'REVERSE'])
const confirmator = z.enum(confirmators)

const person = z.object({
  username: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string(),
  phone: z.string(),
})
const orderItem = z.object({
  id: z.int(),
  productId: z.int(),
  productName: z.string(),
  productPrice: z.number().optional(),
  quantity: z.int(),
})

export const events = {
  /** Format 1: accounts are to be made for a new customer. */
  'customer.registered': person,
  /** Format 2: what became of the confirmation of an order. */
  'notify.order': z.object({ orderId: id, username: z.string(), response: answer, timestamp }),
  /** Format 3: money was taken, or given back. */
  'notify.payment': z.object({
    orderId: id,
    username: z.string(),
    requestType: z.enum(['CHARGE', 'REVERSE']),
    tokenType: z.enum(tokenTypes),
    maskedTokenId: z.string(),
    response: answer,
    errorMsg: z.string(),
    timestamp,
  }),
  /** Format 4: where and when the goods arrive; exactly one of pickup and home. */
  'notify.delivery': z
    .object({
      orderId: id,
      username: z.string(),
      pickupPointDelivery: z.object({ pointId: z.int(), address: z.string(), deliveryDate: date }).optional(),
      homeDelivery: z
        .object({
          homeAddress: z.string(),
          deliveryDate: date,
          timeSlot: z.object({ beginTime: time, endTime: time }).optional(),
        })
        .optional(),
      timestamp,
    })
    .refine((value) => !value.pickupPointDelivery !== !value.homeDelivery, {
      message: 'exactly one of pickupPointDelivery and homeDelivery',
    }),
  /** Format 6: a paid order asks to be confirmed. */
  'order.process': z.object({
    orderId: id,
    version: z.int(),
    userName: z.string(),
    orderItems: z.array(orderItem),
  }),
  /** Format 7: the orchestra's answer to the order. */
  'order.processed': z.object({ orderId: id, version: z.int(), response: answer }),
  /** Format 8: the orchestra asks a service to confirm or to undo. */
  'orchestra.request': z.object({
    orderId: id,
    requestType,
    confirmator,
    orderItems: z.array(orderItem),
  }),
  /** Format 9: the service's answer. */
  'orchestra.reply': z.object({ orderId: id, requestType, confirmator, response: answer }),

  /** Our own. */
  /** The saga's last step: what a bank holds for the order is to be taken. */
  'orchestra.capture': z.object({ orderId: id }),
  'orchestra.captured': z.object({ orderId: id, response: answer }),
  /** What a bank held for a paid order was taken, or is gone. */
  'payment.hold': z.object({ orderId: id, paymentId: id, outcome: z.enum(['captured', 'released']) }),
  'order.opened': z.object({ orderId: id, by: z.enum(['staff', 'customer']) }),
  /** Anything about an order changed: screens fetch it again. */
  'order.changed': z.object({ orderId: id, version: z.int(), state: z.string() }),
  'order.card': z.object({ orderId: id, linkToken: z.string(), digest: z.string(), by: z.string() }),
  /** The catalogue is to be shown in a conversation: everything, a category, or picked products. */
  'catalogue.card': z.object({
    conversationId: id,
    linkToken: z.string(),
    category: z.string().nullable(),
    products: z.array(z.string()),
    currency: z.enum(currencies),
    by: z.string(),
  }),
  'order.paid': z.object({ orderId: id }),
  'order.confirmed': z.object({ orderId: id }),
  'order.canceled': z.object({ orderId: id, reason: z.string(), refunded: z.boolean() }),
  'order.expired': z.object({ orderId: id }),
  /** The hold ends soon and nothing is paid: one friendly word. */
  'order.reminder': z.object({ orderId: id }),
  'order.review': z.object({ orderId: id, reason: z.string() }),
  /** Money is there for an order that cannot be had any more, or a paid order was cancelled: undo it. */
  'order.compensate': z.object({ orderId: id, reason: z.string(), by: z.string() }),
  'order.sent': z.object({ orderId: id }),
  'order.delivered': z.object({ orderId: id }),
  'payment.failed': z.object({ orderId: id, paymentId: id, code: z.string() }),
  /** Money came after the order was given up: it was taken up again, or the money goes back. */
  'payment.late': z.object({
    orderId: id,
    paymentId: id,
    outcome: z.enum(['accepted', 'refunded', 'canceled']),
  }),
  'payment.refunded': z.object({
    orderId: id,
    paymentId: id,
    opId: id,
    amount: z.int(),
    currency: z.string(),
  }),
  /** The owner changed what the shop decides. */
  'shop.changed': z.object({ version: z.int() }),
  'message.queued': z.object({ conversationId: id }),
  /** Announced, not stored: consoles show the message or the conversation anew. */
  'message.changed': z.object({ messageId: id }),
  'conversation.changed': z.object({ conversationId: id }),
} as const

export type EventType = keyof typeof events
export type EventPayload<T extends EventType> = z.infer<(typeof events)[T]>
