import { DeliveryCases } from '../../models/delivery.ts'
import type { Order, OrderDelivery } from '../../models/order.ts'
import type { Payment } from '../../models/payment.ts'
import type { ShopSettings } from '../../models/shop.ts'
import type { OrderState } from '../../models/states.ts'
import { personOf } from '../customer/index.ts'
import { now } from '../database/index.ts'
import { listPoints, quoteCouriers } from '../delivery/index.ts'
import { goodsValue, hasAttempts, lineTotal, needsContact, needsDelivery } from '../order/index.ts'
import { attemptView, cardForm, offeredMethods, paymentsOf, qrImage, savedCards } from '../payment/index.ts'
import { shopSettings } from '../shop/index.ts'
import { ticketsOf } from '../ticket/index.ts'
import type { LineView, OrderView } from './contract.ts'

const choosing: readonly OrderState[] = ['DRAFT', 'EXPIRED']
const onTheWay: readonly OrderState[] = ['CONFIRMED', 'FULFILLING', 'DELIVERED']

interface Viewer {
  /** LIFF or a login has shown that this is the customer. */
  proven: boolean
  /** The browser's session. */
  sessionId?: string
  staff?: boolean
}

/**
 * An order as its customer's page shows it. Whoever holds only the link sees an empty form: the address is for a
 * `proven` person and for the browser that typed it, last addresses for a proven person alone. `known` are the
 * order's attempts, where the caller has read them.
 */
export async function viewOrder(order: Order, viewer: Viewer, known?: Payment[]): Promise<OrderView> {
  const { proven } = viewer
  const settings = await shopSettings()
  const asks = needsDelivery(order, settings.logistics)
  const choose = choosing.includes(order.state)
  const [payments, couriers, points, savedAddresses, cards, tracking, tickets] = await Promise.all([
    known ?? attemptsOf(order),
    asks && choose ? offersFor(order, settings) : [],
    asks && choose ? listPoints() : [],
    proven && choose ? addressesOf(order) : [],
    proven && choose ? savedCards(order.customer) : [],
    onTheWay.includes(order.state) ? trackingOf(order) : null,
    ticketsFor(order, viewer),
  ])
  const methods = choose ? offeredMethods({ amount: order.totals.total, currency: order.currency }) : []
  const part = order.parts[0]
  return {
    id: String(order._id),
    regNo: order.regNo,
    version: order.version,
    state: order.state,
    currency: order.currency,
    language: order.language,
    lines: order.lines.map(viewLine),
    discount: order.totals.discount,
    totals: order.totals,
    vatPercent: settings.vatPercent,
    needsDelivery: asks,
    logistics: settings.logistics,
    address: maySeeAddress(order, viewer) ? order.address : null,
    contact: maySeeAddress(order, viewer) ? (order.contact ?? null) : null,
    needsContact: needsContact(order, settings.logistics),
    savedAddresses,
    proven,
    delivery: order.delivery && viewDelivery(order.delivery),
    couriers,
    points,
    payment: part ? { gateway: part.gateway, method: part.method } : null,
    methods,
    card: cardForm(methods),
    savedCards: cards,
    savedCard: proven ? (part?.tokenId ?? null) : null,
    attempt: attemptView(payments),
    deadline: iso(order.deadline),
    holdsUntil: iso(order.holdsUntil),
    paidAt: iso(order.paidAt),
    refunded: order.refunded,
    tickets,
    tracking,
    cancelReason: order.cancelReason,
    now: now().toISOString(),
  }
}

const maySeeAddress = (order: Order, { proven, sessionId, staff }: Viewer): boolean =>
  staff === true || proven || (sessionId !== undefined && order.addressSession === sessionId)

/** What was tried to pay an order; nothing is asked while nothing can have been. */
export const attemptsOf = async (order: Order): Promise<Payment[]> =>
  hasAttempts(order) ? paymentsOf(order._id) : []

/** The same without anything about the person: for a return address that another browser may open. */
export const withoutPerson = (view: OrderView): OrderView => ({
  ...view,
  address: null,
  contact: null,
  savedAddresses: [],
  savedCards: [],
  savedCard: null,
  proven: false,
  tickets: view.tickets.map((ticket) => ({ ...ticket, code: null, qr: null })),
})

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

const viewLine = (line: Order['lines'][number]): LineView => ({
  number: line.number,
  productId: line.product && String(line.product),
  kind: line.kind,
  name: line.name,
  image: line.image,
  unitPrice: line.unitPrice,
  quantity: line.quantity,
  discount: line.unitPrice * line.quantity - lineTotal(line),
  total: lineTotal(line),
})

const viewDelivery = (delivery: OrderDelivery): NonNullable<OrderView['delivery']> => ({
  type: delivery.type,
  companyName: delivery.companyName,
  pointId: delivery.point && String(delivery.point),
  pointName: delivery.pointName,
  slotId: delivery.slot && String(delivery.slot),
  slotBegin: iso(delivery.slotBegin),
  slotEnd: iso(delivery.slotEnd),
  cost: delivery.cost,
  costConfirmed: delivery.costConfirmed,
  estimatedDate: delivery.estimatedDate,
})

/** The couriers; a fee that staff set by hand replaces what they would cost. */
async function offersFor(order: Order, settings: ShopSettings): Promise<OrderView['couriers']> {
  const offers = await quoteCouriers({
    postalCode: order.address?.postalCode ?? '',
    goods: goodsValue(order),
    now: now(),
    settings,
  })
  const fixed = order.delivery?.fixed
  return fixed ? offers.map((offer) => ({ ...offer, cost: fixed.amount })) : offers
}

async function addressesOf(order: Order): Promise<OrderView['savedAddresses']> {
  const person = await personOf(order.customer)
  return person.flatMap(({ addresses }) => addresses)
}

/** Whoever has only fetched the link, as crawlers do, gets no codes: a page that was opened does. */
async function ticketsFor(order: Order, { sessionId, staff }: Viewer): Promise<OrderView['tickets']> {
  if (!order.paidAt || !order.lines.some(({ kind }) => kind === 'TICKET')) return []
  const theirs = sessionId !== undefined && !staff && onTheWay.includes(order.state)
  const tickets = await ticketsOf(order._id, theirs)
  return tickets.map((ticket) => ({ ...ticket, qr: ticket.code && qrImage(ticket.code.replaceAll('-', '')) }))
}

async function trackingOf(order: Order): Promise<OrderView['tracking']> {
  const parcel = await DeliveryCases.findOne({ order: order._id }).lean()
  return (
    parcel && {
      state: parcel.state,
      courierName: parcel.courierName,
      number: parcel.tracking,
      url: parcel.trackingUrl,
      sentAt: iso(parcel.sentAt),
    }
  )
}
