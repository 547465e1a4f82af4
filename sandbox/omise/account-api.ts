import type { Request } from 'express'
import { z } from 'zod'
import type { Faults } from '../faults.ts'
import { id, list } from './api.ts'
import { cardBody, chargeBody, customerBody, disputeBody, eventBody, time } from './bodies.ts'
import { capability } from './capability.ts'
import { NewCard } from './cards.ts'
import { notFound, Refusal } from './errors.ts'
import { newId } from './ids.ts'
import { int, metadata, read, text } from './input.ts'
import { platform as name } from './knobs.ts'
import { currencies } from './new-charge.ts'
import type { Platform } from './platform.ts'
import type { CustomerRecord, Json } from './records.ts'
import type { Endpoint } from './serve.ts'

const Account = z.strictObject({ webhook_uri: z.union([z.url(), z.literal('')]).optional() })
const Customer = z.strictObject({
  email: text.optional(),
  description: text.optional(),
  card: text.optional(),
  default_card: text.optional(),
  metadata: metadata.optional(),
})
const CardPatch = NewCard.pick({
  name: true,
  expiration_month: true,
  expiration_year: true,
  city: true,
  postal_code: true,
}).partial()
const Search = z.strictObject({
  scope: text,
  query: text.default(''),
  page: int.default(1),
  per_page: int.default(30),
  order: text.default('reverse_chronological'),
  filters: z.record(z.string(), z.unknown()).default({}),
})

/** The account, its customers, and what can be looked up in it. */
export function accountEndpoints(platform: Platform, faults: Faults): Endpoint[] {
  const { store, now, account } = platform
  const get = (path: string, work: Endpoint['work'], key: Endpoint['key'] = 'secret'): Endpoint => ({
    method: 'get',
    path,
    key,
    operation: 'reads',
    work,
  })

  return [
    get('/capability', () => capability(), 'either'),
    get('/account', () => accountBody(account.webhookUrl)),
    {
      method: 'patch',
      path: '/account',
      key: 'secret',
      operation: 'reads',
      work(request) {
        account.webhookUrl = read(Account, request.body).webhook_uri ?? account.webhookUrl
        return accountBody(account.webhookUrl)
      },
    },
    get('/balance', () => balanceBody(platform)),
    get('/events', (request) =>
      list(request, [...store.events.values()], '/events', now(), (event) => eventBody(event)),
    ),
    get('/events/:id', (request) => {
      const event = store.events.get(id(request, 'id'))
      if (!event) throw notFound('event', id(request, 'id'))
      return eventBody(event)
    }),
    get('/search', (request) => search(request, platform, faults.get<number>(name, 'searchLagSeconds'))),
    ...disputes(platform, get),
    ...customers(platform, get),
  ]
}

type Get = (path: string, work: Endpoint['work']) => Endpoint

function disputes({ store, now }: Platform, get: Get): Endpoint[] {
  const some = (request: Request, path: string, status?: string) =>
    list(
      request,
      [...store.disputes.values()].filter((one) => !status || one.status === status),
      path,
      now(),
      (one) => disputeBody(one, now()),
    )
  return [
    get('/disputes', (request) => some(request, '/disputes')),
    get('/disputes/open', (request) => some(request, '/disputes/open', 'open')),
    get('/disputes/pending', (request) => some(request, '/disputes/pending', 'pending')),
    get('/disputes/closed', (request) => some(request, '/disputes/closed', 'lost')),
    get('/disputes/:id', (request) => {
      const dispute = store.disputes.get(id(request, 'id'))
      if (!dispute) throw notFound('dispute', id(request, 'id'))
      return disputeBody(dispute, now())
    }),
  ]
}

function customers(platform: Platform, get: Get): Endpoint[] {
  const { store, now } = platform
  const find = (request: Request): CustomerRecord => {
    const customer = store.customers.get(id(request, 'id'))
    if (!customer || customer.deleted) throw notFound('customer', id(request, 'id'))
    return customer
  }
  const findCard = (request: Request, customer: CustomerRecord) => {
    const card = customer.cards.find((one) => one.id === id(request, 'card'))
    if (!card) throw notFound('card', id(request, 'card'))
    return card
  }
  const write = (customer: CustomerRecord, input: z.output<typeof Customer>, event: string): Json => {
    if (input.card !== undefined) attach(platform, customer, input.card)
    if (input.default_card !== undefined) customer.defaultCard = input.default_card
    if (input.email !== undefined) customer.email = input.email
    if (input.description !== undefined) customer.description = input.description
    if (input.metadata !== undefined) customer.metadata = input.metadata
    store.save('customers', customer)
    const body = customerBody(customer, now())
    platform.hooks.announce(event, body, null)
    return body
  }
  const change = (method: Endpoint['method'], path: string, work: Endpoint['work']): Endpoint => ({
    method,
    path,
    key: 'secret',
    operation: 'charges',
    work,
  })

  return [
    get('/customers', (request) =>
      list(request, [...store.customers.values()], '/customers', now(), (one) => customerBody(one, now())),
    ),
    get('/customers/:id', (request) => customerBody(find(request), now())),
    change('post', '/customers', (request) => {
      const input = read(Customer, request.body)
      return write(newCustomer(now()), input, 'customer.create')
    }),
    change('patch', '/customers/:id', (request) =>
      write(find(request), read(Customer, request.body), 'customer.update'),
    ),
    change('delete', '/customers/:id', (request) => {
      const customer = find(request)
      customer.deleted = true
      customer.cards = []
      customer.defaultCard = null
      return write(customer, {}, 'customer.destroy')
    }),
    get('/customers/:id/cards', (request) => {
      const customer = find(request)
      return list(request, customer.cards, `/customers/${customer.id}/cards`, now(), cardBody)
    }),
    get('/customers/:id/cards/:card', (request) => cardBody(findCard(request, find(request)))),
    change('patch', '/customers/:id/cards/:card', (request) => {
      const customer = find(request)
      const card = findCard(request, customer)
      Object.assign(card.fields, read(CardPatch, request.body))
      store.save('customers', customer)
      platform.hooks.announce('card.update', cardBody(card), null)
      return cardBody(card)
    }),
    change('delete', '/customers/:id/cards/:card', (request) => {
      const customer = find(request)
      const card = findCard(request, customer)
      customer.cards = customer.cards.filter((one) => one !== card)
      if (customer.defaultCard === card.id) customer.defaultCard = customer.cards[0]?.id ?? null
      store.save('customers', customer)
      const body = { ...cardBody(card), deleted: true }
      platform.hooks.announce('card.destroy', body, null)
      return body
    }),
  ]
}

const newCustomer = (createdAt: number): CustomerRecord => ({
  id: newId('cust'),
  email: null,
  description: null,
  metadata: {},
  cards: [],
  defaultCard: null,
  deleted: false,
  createdAt,
})

function attach({ store }: Platform, customer: CustomerRecord, tokenId: string): void {
  const token = store.tokens.get(tokenId)
  if (!token) throw notFound('token', tokenId)
  if (token.used) throw new Refusal(400, 'used_token', 'token was already used')
  token.used = true
  store.save('tokens', token)
  customer.cards.push({ ...token.card, customer: customer.id })
  customer.defaultCard ??= token.card.id
}

/** Finds charges by their ids, descriptions and metadata, but only after a while, as the platform's index does. */
function search(request: Request, platform: Platform, lagSeconds: number): Json {
  const { scope, query, page, per_page, order, filters } = read(Search, request.query)
  if (scope !== 'charge') throw new Refusal(400, 'invalid_scope', `scope ${scope} is not supported here`)
  const { store, now } = platform
  const found = [...store.charges.values()].filter(
    (charge) =>
      charge.createdAt <= now() - lagSeconds * 1000 &&
      `${charge.id} ${charge.description} ${JSON.stringify(charge.metadata)}`.includes(query),
  )
  if (order === 'reverse_chronological') found.reverse()
  const data = found
    .slice((page - 1) * per_page, page * per_page)
    .map((charge) => chargeBody(charge, platform.sourceOf(charge), platform.baseUrl(), now()))
  return {
    object: 'search',
    export: null,
    data,
    page,
    per_page,
    total: found.length,
    total_pages: Math.ceil(found.length / per_page),
    filters,
    location: '/search',
    order,
    query,
    scope,
    aggregate_level: null,
  }
}

const created = '2025-01-13T02:42:11Z'

const accountBody = (webhookUrl: string): Json => ({
  object: 'account',
  id: 'account_test_00000000000000sandb',
  team: 'acct_00000000000000sandb',
  livemode: false,
  location: '/account',
  country: 'TH',
  currency: 'THB',
  email: 'shop@example.com',
  created_at: created,
  supported_currencies: currencies,
  api_version: '2019-05-29',
  auto_activate_recipients: false,
  chain_enabled: false,
  zero_interest_installments: false,
  chain_return_uri: null,
  webhook_uri: webhookUrl || null,
  metadata_export_keys: { charge: [], transfer: [], refund: [], dispute: [] },
  chaining_allowed: true,
  last_updated_api_version: created.slice(0, 10),
})

function balanceBody({ store, body }: Platform): Json {
  let total = 0
  for (const charge of store.charges.values()) {
    if (charge.paidAt === null || charge.currency !== 'THB') continue
    const { net, refunded_amount: refunded } = body(charge) as { net: number; refunded_amount: number }
    total += net - refunded
  }
  return {
    object: 'balance',
    livemode: false,
    location: '/balance',
    currency: 'THB',
    total,
    transferable: total,
    reserve: 0,
    on_hold: 0,
    created_at: time(Date.parse(created)),
  }
}
