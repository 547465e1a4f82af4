import type { Request } from 'express'
import { z } from 'zod'
import type { Faults } from '../faults.ts'
import { id, list } from './api.ts'
import { disputeBody, eventBody, time } from './bodies.ts'
import { capability } from './capability.ts'
import { chargeBody } from './charge-body.ts'
import { customerEndpoints, type Get } from './customer-api.ts'
import { notFound, Refusal } from './errors.ts'
import { int, read, text } from './input.ts'
import { lacking, platform as name } from './knobs.ts'
import { currencies } from './new-charge.ts'
import type { Platform } from './platform.ts'
import type { Json } from './records.ts'
import type { Endpoint } from './serve.ts'

const Account = z.strictObject({ webhook_uri: z.union([z.url(), z.literal('')]).optional() })
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
    get('/capability', () => capability(lacking(faults)), 'either'),
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
    ...customerEndpoints(platform, get),
  ]
}

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
