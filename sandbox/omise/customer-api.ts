import type { Request } from 'express'
import { z } from 'zod'
import { id, list } from './api.ts'
import { cardBody, customerBody } from './bodies.ts'
import { NewCard } from './cards.ts'
import { notFound, Refusal } from './errors.ts'
import { newId } from './ids.ts'
import { metadata, read, text } from './input.ts'
import type { Platform } from './platform.ts'
import type { CustomerRecord, Json } from './records.ts'
import type { Endpoint } from './serve.ts'

/** Puts together an endpoint that reads, for the secret key. */
export type Get = (path: string, work: Endpoint['work']) => Endpoint

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
/** Customers and their saved cards. */
export function customerEndpoints(platform: Platform, get: Get): Endpoint[] {
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
