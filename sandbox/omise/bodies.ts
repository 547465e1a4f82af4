import type { CardRecord, CustomerRecord, DisputeRecord, EventRecord, Json, TokenRecord } from './records.ts'

/** Whole seconds in UTC, as every time of the platform is written. */
export const time = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z')

export interface Paging {
  limit: number
  offset: number
  from: string
  to: string
  order: string
}

export const listBody = (data: Json[], total: number, location: string, page: Paging): Json => ({
  object: 'list',
  data,
  limit: page.limit,
  offset: page.offset,
  total,
  location,
  order: page.order,
  from: page.from,
  to: page.to,
})

/** A list inside another object: always its first page. */
export const innerList = (data: Json[], location: string, now: number): Json =>
  listBody(data.slice(0, 20), data.length, location, {
    limit: 20,
    offset: 0,
    from: time(0),
    to: time(now),
    order: 'chronological',
  })

export const cardBody = (card: CardRecord): Json => ({
  object: 'card',
  id: card.id,
  livemode: false,
  location: card.customer ? `/customers/${card.customer}/cards/${card.id}` : null,
  deleted: false,
  street1: null,
  street2: null,
  city: null,
  state: null,
  phone_number: null,
  postal_code: null,
  country: '',
  financing: '',
  bank: '',
  brand: card.brand,
  fingerprint: card.fingerprint,
  first_digits: null,
  last_digits: card.lastDigits,
  name: null,
  expiration_month: null,
  expiration_year: null,
  security_code_check: false,
  tokenization_method: null,
  ...card.fields,
  created_at: time(card.createdAt),
})

export const tokenBody = (token: TokenRecord, baseUrl: string): Json => ({
  object: 'token',
  id: token.id,
  livemode: false,
  location: `${baseUrl}/tokens/${token.id}`,
  used: token.used,
  charge_status: token.chargeStatus,
  card: cardBody(token.card),
  created_at: time(token.createdAt),
})

export const customerBody = (customer: CustomerRecord, now: number): Json => ({
  object: 'customer',
  id: customer.id,
  livemode: false,
  location: `/customers/${customer.id}`,
  deleted: customer.deleted,
  metadata: customer.metadata,
  cards: innerList(customer.cards.map(cardBody), `/customers/${customer.id}/cards`, now),
  default_card: customer.defaultCard,
  linked_accounts: innerList([], `/customers/${customer.id}/linked_accounts`, now),
  description: customer.description,
  email: customer.email,
  created_at: time(customer.createdAt),
})

export const disputeBody = (dispute: DisputeRecord, now: number): Json => ({
  object: 'dispute',
  id: dispute.id,
  livemode: false,
  location: `/disputes/${dispute.id}`,
  currency: dispute.currency,
  amount: dispute.amount,
  funding_amount: dispute.amount,
  funding_currency: dispute.currency,
  metadata: {},
  charge: dispute.charge,
  documents: innerList([], `/disputes/${dispute.id}/documents`, now),
  transactions: [],
  admin_message: null,
  message: null,
  reason_code: 'goods_or_services_not_provided',
  reason_message: 'Merchandise/Services Not Received',
  status: dispute.status,
  closed_at: null,
  created_at: time(dispute.createdAt),
})

/** An event as it is read back: with its deliveries. What is delivered has none. */
export const eventBody = (event: EventRecord, withDeliveries = true): Json => ({
  object: 'event',
  id: event.id,
  livemode: event.livemode,
  location: `/events/${event.id}`,
  webhook_deliveries: withDeliveries
    ? event.deliveries.map((delivery) => ({
        object: 'webhook_delivery',
        id: delivery.id,
        uri: delivery.uri,
        status: delivery.status,
        key: event.key,
        error: delivery.error,
        payload: delivery.payload,
        created_at: time(delivery.createdAt),
      }))
    : [],
  data: event.data,
  key: event.key,
  created_at: time(event.createdAt),
})
