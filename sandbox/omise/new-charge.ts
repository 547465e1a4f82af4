import { z } from 'zod'
import { authorize, fail } from './charges.ts'
import { badRequest, notFound, Refusal } from './errors.ts'
import { newId, newSecret } from './ids.ts'
import { flag, instant, int, metadata, text } from './input.ts'
import type { CardRecord, ChargeRecord, SourceRecord } from './records.ts'
import { checkSource, NewSource } from './source-types.ts'
import type { Store } from './store.ts'

const url = z.url({ protocol: /^https?$/, error: 'must be an address' })

export const NewCharge = z.strictObject({
  amount: int,
  currency: text,
  card: text.optional(),
  customer: text.optional(),
  source: z.union([text, NewSource]).optional(),
  capture: flag.default(true),
  return_uri: url.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  expires_at: instant.optional(),
  ip: text.optional(),
  authorization_type: z.enum(['pre_auth', 'final_auth']).optional(),
  authentication: z.enum(['3DS', 'PASSKEY']).optional(),
  zero_interest_installments: flag.optional(),
  platform_fee: z.strictObject({ fixed: int.optional(), percentage: z.number().optional() }).optional(),
  recurring_reason: text.optional(),
  linked_account: text.optional(),
  first_charge: text.optional(),
  transaction_indicator: z.enum(['MIT', 'CIT']).optional(),
  webhook_endpoints: z.array(url).max(2).optional(),
})
type Input = z.output<typeof NewCharge>

export const currencies = 'THB JPY USD EUR GBP SGD AUD CHF CNY DKK HKD MYR'.split(' ')
export const chargeLimits = { min: 2000, max: 500_000_000_000 }

const minute = 60_000
const day = 24 * 60 * minute
const tokenLife = 30 * minute

interface World {
  store: Store
  now: number
  threeDs: string
  qrFormat: 'svg' | 'png'
  /** Types of source that the account may not take. */
  lacks: string[]
}

/** Checks a new charge as the platform does, uses up its token or source, and lets it succeed, fail or wait. */
export function createCharge(input: Input, world: World): ChargeRecord {
  const currency = input.currency.toUpperCase()
  checkMoney(input.amount, currency)
  if (input.expires_at && Date.parse(input.expires_at) <= world.now) {
    throw badRequest('expires_at must be in the future')
  }
  if (input.source !== undefined && (input.card !== undefined || input.customer !== undefined)) {
    throw badRequest('source cannot be used together with card or customer')
  }
  return input.source === undefined
    ? chargeCard(input, currency, world)
    : chargeSource(input, currency, world)
}

function checkMoney(amount: number, currency: string): void {
  if (!currencies.includes(currency)) {
    throw new Refusal(400, 'invalid_charge', 'currency is currently not supported')
  }
  if (amount <= 0) throw new Refusal(400, 'invalid_amount', 'amount must be greater than 0')
  if (currency !== 'THB') return
  if (amount < chargeLimits.min) {
    throw new Refusal(400, 'invalid_amount', `amount must be greater than or equal to ${chargeLimits.min}`)
  }
  if (amount > chargeLimits.max) {
    throw new Refusal(400, 'invalid_amount', `amount must be less than or equal to ${chargeLimits.max}`)
  }
}

function chargeCard(input: Input, currency: string, world: World): ChargeRecord {
  const { card, use } = findCard(input, world)
  const asked = mustAsk(card, input, world)
  if (asked && !input.return_uri) throw badRequest('return_uri is required for 3-D Secure')
  const charge = blank(input, currency, world)
  charge.card = card
  charge.customer = card.customer
  if (asked && card.trial.threeDs === 'enrolment_fails') fail(charge, 'failed_processing')
  else if (!asked && card.trial.failure) fail(charge, card.trial.failure)
  else if (!asked) authorize(charge, world.now)
  use(charge)
  return charge
}

function mustAsk(card: CardRecord, input: Input, { threeDs }: World): boolean {
  if (threeDs !== 'listed') return threeDs === 'always'
  return card.trial.threeDs !== 'none' || input.authentication === '3DS'
}

/** The card of a fresh token, or a customer's; `use` burns the token. */
function findCard(input: Input, { store, now }: World) {
  if (input.customer !== undefined) {
    const customer = store.customers.get(input.customer)
    if (!customer || customer.deleted) throw notFound('customer', input.customer)
    const id = input.card ?? customer.defaultCard
    const card = customer.cards.find((one) => one.id === id)
    if (!card) throw id ? notFound('card', id) : new Refusal(400, 'missing_card', 'customer has no card')
    return { card, use: () => {} }
  }
  if (input.card === undefined) {
    throw new Refusal(400, 'missing_card', 'request contains no card parameters')
  }
  const token = store.tokens.get(input.card)
  if (!token) throw notFound('token', input.card)
  if (token.used) throw new Refusal(400, 'used_token', 'token was already used')
  if (now - token.createdAt > tokenLife) throw new Refusal(400, 'invalid_card_token', 'token has expired')
  const use = (charge: ChargeRecord) => {
    token.used = true
    token.chargeStatus = charge.status
    store.save('tokens', token)
  }
  return { card: token.card, use }
}

function chargeSource(input: Input, currency: string, world: World): ChargeRecord {
  const source = findSource(input, currency, world)
  const type = checkSource({ type: source.type, ...source.fields }, input.amount, currency)
  if (world.lacks.includes(source.type)) throw badRequest(`type is not supported: ${source.type}`)
  if (type.flow !== 'offline' && !input.return_uri) throw badRequest('return_uri is required for this source')
  if (!input.capture) throw badRequest('capture must be true for this source')
  const charge = blank(input, currency, world)
  charge.source = source.id
  if (!input.expires_at) charge.expiresAt = world.now + type.lives
  if (type.flow === 'offline' && !type.page) {
    charge.document = { id: newId('docu'), secret: newSecret(), format: world.qrFormat }
  }
  source.used = true
  world.store.save('sources', source)
  return charge
}

function findSource(input: Input, currency: string, { store, now }: World): SourceRecord {
  if (typeof input.source === 'string') {
    const source = store.sources.get(input.source)
    if (!source) throw notFound('source', input.source)
    if (source.used) throw new Refusal(400, 'invalid_charge', 'source was already used')
    if (source.amount !== input.amount || source.currency !== currency) {
      throw new Refusal(400, 'invalid_charge', 'amount and currency must be those of the source')
    }
    return source
  }
  const inline = { amount: input.amount, currency, ...input.source } as z.output<typeof NewSource>
  return newSource(inline, now)
}

/** A source that nobody has charged yet. */
export function newSource(input: z.output<typeof NewSource>, now: number): SourceRecord {
  const { type, amount, currency, ...fields } = input
  if (amount === undefined) throw badRequest('amount is required')
  if (currency === undefined) throw badRequest('currency is required')
  const upper = currency.toUpperCase()
  const { flow } = checkSource(input, amount, upper)
  return { id: newId('src'), type, flow, amount, currency: upper, fields, used: false, createdAt: now }
}

const blank = (input: Input, currency: string, { now }: World): ChargeRecord => ({
  id: newId('chrg'),
  amount: input.amount,
  currency,
  status: 'pending',
  capture: input.capture,
  authorizationType: input.authorization_type ?? null,
  authorizedAmount: 0,
  capturedAmount: 0,
  description: input.description ?? null,
  metadata: input.metadata ?? {},
  card: null,
  customer: null,
  source: null,
  returnUri: input.return_uri ?? null,
  payment: newId('paym'),
  document: null,
  transaction: null,
  failure: null,
  ip: input.ip ?? null,
  webhookEndpoints: input.webhook_endpoints ?? [],
  zeroInterest: input.zero_interest_installments ?? false,
  dispute: null,
  refunds: [],
  voided: false,
  createdAt: now,
  authorizedAt: null,
  paidAt: null,
  // Cards: an authorisation that nobody captures lapses after seven days.
  expiresAt: input.expires_at ? Date.parse(input.expires_at) : now + 7 * day,
  expiredAt: null,
  reversedAt: null,
})
