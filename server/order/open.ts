import mongoose, { type ClientSession, type Types } from 'mongoose'
import { type Conversation, Conversations } from '../../models/conversation.ts'
import { type Customer, Customers } from '../../models/customer.ts'
import type { Currency } from '../../models/money.ts'
import { type Order, Orders } from '../../models/order.ts'
import { publish } from '../broker/index.ts'
import { asCustomer, becomeCustomer, noteUsername } from '../customer/index.ts'
import { inMs, now, transaction } from '../database/index.ts'
import { notFound, type StaffCaller } from '../http/index.ts'
import { audit, nextNumber, shopSettings } from '../shop/index.ts'
import { askedOnce } from './asked-once.ts'
import { cardOf, digestOf, publishCard } from './card.ts'
import { announceOrder, changeOrder, latestOrder, Stale } from './write.ts'

/**
 * Staff open an order in a conversation: the customer becomes a CUSTOMER with status FOLLOW, and the order waits as a
 * draft for its lines. What the customer has put into a cart by then is in it, in the cart's currency; an order
 * without one is in `currency`, or the shop's own, for good. The same `clientId` again is the same order.
 */
export async function openOrder(
  conversationId: string,
  staff: StaffCaller,
  { currency, clientId }: Asked = {},
): Promise<{ order: Order; customer: Customer }> {
  const who = await findWho(conversationId)
  const { customer } = who
  const place = () => placeByStaff(who, staff, { currency, clientId })
  const order = clientId ? await askedOnce(customer._id, clientId, place) : await place()
  return { order, customer: { ...customer, ...asCustomer } }
}

interface Asked {
  currency?: Currency | undefined
  /** The client's own name of what it asks for. */
  clientId?: string | undefined
}

async function placeByStaff(who: Who, staff: StaffCaller, { currency, clientId }: Asked): Promise<Order> {
  const { customer } = who
  const cart = await findUnopened(customer._id)
  const { staffId: by, name: byName } = staff
  const set: Partial<Order> = {
    openedBy: 'staff',
    staff: new mongoose.Types.ObjectId(by),
    conversation: who.conversation._id,
    channel: who.conversation.channel,
    ...(clientId && { clientId }),
  }
  const draft = cart ?? (await newOrder(who, by, currency))
  const note = async (session: ClientSession) => {
    await audit({ by, byName, action: 'order.open', subject: draft.regNo }, session)
  }
  return cart
    ? openOnce(cart, (latest) => open(customer, set, asChange(latest, by), note))
    : open(customer, set, asNew(draft), note)
}

/** The customer confirms the cart: it is opened as staff open an order, and its card goes into the chat. */
export async function openCart(cart: Order): Promise<Order> {
  const set: Partial<Order> = { openedBy: 'customer', card: cardOf(cart) }
  const customer = await Customers.findById(cart.customer).lean()
  if (!customer) throw notFound('The customer')
  return openOnce(cart, (latest) => {
    // Only what the customer has seen is confirmed.
    if (digestOf(latest) !== digestOf(cart)) throw new Stale()
    return open(customer, set, asChange(latest, 'customer'), (session) =>
      publishCard(session, latest, 'customer'),
    )
  })
}

/** Of several who open a cart at the same moment, or put something in, each finds it opened in the end. */
async function openOnce(cart: Order, work: (latest: Order) => Promise<Order>): Promise<Order> {
  try {
    return await work(cart)
  } catch (error) {
    const latest = error instanceof Stale ? await latestOrder(cart._id) : cart
    if (latest.version === cart.version) throw error
    return latest.openedAt ? latest : openOnce(latest, work)
  }
}

type Write = (opening: Partial<Order>, session: ClientSession) => Promise<Order>

const asChange =
  (cart: Order, by: string): Write =>
  (set, session) =>
    changeOrder(cart, { by, set }, session)
/** Writes a draft that is not stored yet, opened. */
export const asNew =
  (draft: Order): Write =>
  async (set, session) => {
    const order = { ...draft, ...set }
    await Orders.collection.insertOne(order, { session })
    return order
  }

/** What opening an order is, whoever does it. */
export async function open(
  customer: Customer,
  set: Partial<Order>,
  write: Write,
  note: (session: ClientSession) => Promise<void>,
): Promise<Order> {
  const { minutes } = await shopSettings()
  const opening = { ...set, openedAt: now(), deadline: inMs(minutes.orderDeadline * 60_000) }
  const opened = await transaction(async (session) => {
    const order = await write(opening, session)
    await becomeCustomer(session, customer)
    const orderId = String(order._id)
    await publish(session, 'order.opened', orderId, { orderId, by: order.openedBy })
    await note(session)
    return order
  })
  announceOrder(opened)
  return opened
}

export interface Who {
  conversation: Conversation
  customer: Customer
}

/** A conversation and whose it is; 404 for what is not there. */
export async function findWho(id: string | Types.ObjectId): Promise<Who> {
  if (!mongoose.isValidObjectId(id)) throw notFound('The conversation')
  const conversation = await Conversations.findById(id).lean()
  const customer = conversation && (await Customers.findById(conversation.customer).lean())
  if (!conversation || !customer) throw notFound('The conversation')
  noteUsername(customer)
  return { conversation, customer }
}

/** The customer's cart: a draft that nobody has opened. There is at most one. */
export const findUnopened = (customer: Types.ObjectId): Promise<Order | null> =>
  Orders.collection.findOne<Order>({ customer, state: 'DRAFT', openedAt: { $type: 10 } } as never)

/** A draft that is neither stored nor opened. `by` is a staff id, or `customer`. */
export async function newOrder(
  { conversation, customer }: Pick<Who, 'customer'> & { conversation: Who['conversation'] | null },
  by: string,
  currency?: Currency,
): Promise<Order> {
  const settings = await shopSettings()
  const number = await nextNumber('order')
  const at = now()
  return {
    _id: new mongoose.Types.ObjectId(),
    number,
    regNo: regNo(number),
    customer: customer._id,
    conversation: conversation?._id ?? null,
    channel: conversation?.channel ?? 'api',
    language: customer.language,
    openedBy: 'customer',
    staff: null,
    openedAt: null,
    state: 'DRAFT',
    version: 0,
    currency: currency ?? settings.currency,
    lines: [],
    nextLine: 1,
    address: null,
    addressSession: null,
    delivery: null,
    parts: [],
    discount: null,
    totals: { items: 0, discount: 0, delivery: 0, total: 0, vat: 0 },
    refunded: 0,
    deadline: null,
    holdsUntil: null,
    card: null,
    page: null,
    remindedAt: null,
    paidAt: null,
    cancelReason: null,
    note: '',
    history: [{ from: null, to: 'DRAFT', version: 0, at, by }],
    createdAt: at,
    updatedAt: at,
  }
}

/** What people read aloud: `P-000123`. */
const regNo = (number: number): string => `P-${String(number).padStart(6, '0')}`
