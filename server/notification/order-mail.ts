import { Customers } from '../../models/customer.ts'
import { type DeliveryCase, DeliveryCases, PickupPoints } from '../../models/delivery.ts'
import { type Address, type Order, Orders } from '../../models/order.ts'
import { Payments } from '../../models/payment.ts'
import { postalLines } from '../../models/postal-lines.ts'
import type { Language } from '../../models/states.ts'
import { formatDate, formatDateTime, formatMoney, hasWord, methodName, translate } from '../language/index.ts'
import { settings } from '../settings.ts'
import { shopSettings } from '../shop/index.ts'
import { ticketsOf } from '../ticket/index.ts'

/** A label and what stands beside it. */
export interface Fact {
  label: string
  value: string
}

/** All that a mail about an order may say, in words already. */
export interface OrderMail {
  to: string
  language: Language
  name: string
  order: Record<string, unknown> & { regNo: string }
  /** Number, payment, delivery: what a receipt lists. */
  facts: Fact[]
  /** Of a confirmed order with seats: each with the address of its QR. */
  tickets: { name: string; code: string; qr: string; facts: Fact[] }[]
  /** Nothing is got ready or sent. */
  ticketsOnly: boolean
  /** The parcel's own. */
  parcel: { facts: Fact[]; pickup: boolean; trackingUrl: string }
  say(key: string): string
  money(amount: number): string
}

/** Gathers what a mail about an order needs; null for an order whose customer has given no address for mail. */
export async function orderMail(orderId: string): Promise<OrderMail | null> {
  const order = await Orders.findById(orderId).lean()
  if (!order) return null
  const [customer, settings, parcel, payment] = await Promise.all([
    Customers.findById(order.customer, { email: 1, name: 1 }).lean(),
    shopSettings(),
    DeliveryCases.findOne({ order: order._id }).lean(),
    Payments.findOne({ order: order._id, captured: { $gt: 0 } })
      .sort({ paidAt: 1 })
      .lean(),
  ])
  const contact = order.address ?? order.contact
  const to = contact?.email || customer?.email
  if (!to) return null
  const { language } = order
  const say = (key: string) => translate(language, `mail.common.${key}`)
  const money = (amount: number) => formatMoney(amount, order.currency, language)
  const number = { label: say('orderNo'), value: order.regNo }
  return {
    to,
    language,
    name: contact?.name || customer?.name || '',
    order: { regNo: order.regNo, ...sums(order, money, say), vatPercent: settings.vatPercent },
    facts: [
      number,
      ...(order.paidAt
        ? [{ label: say('paidAt'), value: formatDateTime(order.paidAt, language, settings.zone) }]
        : []),
      ...(payment ? [{ label: say('paidBy'), value: paidWith(payment.method, language, say) }] : []),
      ...(await deliveryFacts(order, settings.zone, say)),
    ],
    tickets: await ticketFacts(order, settings.zone, say),
    ticketsOnly: order.lines.every(({ kind }) => kind === 'TICKET'),
    parcel: { ...(await parcelOf(order, parcel, say)), trackingUrl: webAddress(parcel?.trackingUrl) },
    say,
    money,
  }
}

function sums(order: Order, money: OrderMail['money'], say: OrderMail['say']) {
  const { totals, delivery } = order
  return {
    lines: order.lines.map(({ name, quantity, unitPrice, discount }) => ({
      name,
      quantity,
      unitPrice: money(unitPrice),
      total: money(unitPrice * quantity - Math.min(discount?.amount ?? 0, unitPrice * quantity)),
    })),
    discount: totals.discount ? money(-totals.discount) : '',
    delivery: delivery !== null,
    deliveryCost: totals.delivery ? money(totals.delivery) : say('free'),
    total: money(totals.total),
    vat: totals.vat ? money(totals.vat) : '',
  }
}

async function deliveryFacts(order: Order, zone: string, say: OrderMail['say']): Promise<Fact[]> {
  const { delivery, address, language } = order
  if (!delivery) return []
  if (delivery.type === 'pickup') return [await pickupFact(order, say)]
  const arrives = delivery.slotBegin
    ? formatDateTime(delivery.slotBegin, language, zone)
    : delivery.estimatedDate && formatDate(new Date(`${delivery.estimatedDate}T12:00:00Z`), language, 'UTC')
  return [
    ...(delivery.companyName ? [{ label: say('courier'), value: delivery.companyName }] : []),
    ...(arrives ? [{ label: say('arrives'), value: arrives }] : []),
    ...(address ? [{ label: say('address'), value: addressText(address) }] : []),
  ]
}

async function ticketFacts(order: Order, zone: string, say: OrderMail['say']): Promise<OrderMail['tickets']> {
  if (!order.lines.some(({ kind }) => kind === 'TICKET')) return []
  const tickets = await ticketsOf(order._id, true)
  return tickets.flatMap(({ name, seat, code, startsAt, place }) => {
    if (!code) return []
    const facts = [
      { label: say('seat'), value: String(seat) },
      ...(startsAt
        ? [{ label: say('startsAt'), value: formatDateTime(new Date(startsAt), order.language, zone) }]
        : []),
      ...(place ? [{ label: say('place'), value: place }] : []),
    ]
    return [{ name, code, qr: `${settings().publicUrl}/tickets/${code}/qr.png`, facts }]
  })
}

async function parcelOf(order: Order, parcel: DeliveryCase | null, say: OrderMail['say']) {
  const pickup = order.delivery?.type === 'pickup'
  if (pickup) return { pickup, facts: [await pickupFact(order, say)] }
  const facts = [
    { label: say('courier'), value: parcel?.courierName ?? '' },
    { label: say('tracking'), value: parcel?.tracking ?? '' },
    { label: say('address'), value: order.address ? addressText(order.address) : '' },
  ]
  return { pickup, facts: facts.filter(({ value }) => value) }
}

async function pickupFact({ delivery }: Order, say: OrderMail['say']): Promise<Fact> {
  const point = delivery?.point && (await PickupPoints.findById(delivery.point).lean())
  const value = point
    ? [point.name, point.address, point.hours].filter(Boolean).join(', ')
    : delivery?.pointName
  return { label: say('pickup'), value: value ?? '' }
}

/** An address on one line. */
export const addressText = (address: Address): string =>
  [address.name, address.phone, ...postalLines(address)].filter(Boolean).join(' ')

/** As mails call it where they have a word of their own, else as the checkout does. */
const paidWith = (method: string, language: Language, say: OrderMail['say']): string =>
  hasWord(`mail.common.${method}`) ? say(method) : methodName(method, language)

/** Only what leads to a web page becomes a link. */
const webAddress = (address = ''): string => (/^https?:\/\//.test(address) ? address : '')
