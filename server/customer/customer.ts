import { randomUUID } from 'node:crypto'
import mongoose, { type ClientSession } from 'mongoose'
import { type Customer, Customers } from '../../models/customer.ts'
import type { Address } from '../../models/order.ts'
import type { CustomerStatus, Language } from '../../models/states.ts'
import { publish } from '../broker/index.ts'
import { isDuplicate, now } from '../database/index.ts'
import { nextNumber } from '../shop/index.ts'

type Id = mongoose.Types.ObjectId | string

/** Addresses that are offered again; older ones make room. */
const keptAddresses = 5

/** Whoever a platform knows by this id, or null. */
export async function findCustomerByIdentity(channel: string, externalId: string): Promise<Customer | null> {
  return Customers.findOne({ identities: { $elemMatch: { channel, externalId } } }).lean()
}

/**
 * The customer behind a platform's id; made as a LEAD when the person is new. Safe for two first messages that
 * arrive at once: the unique identity lets one win, and both get that one.
 */
export async function upsertCustomer(person: {
  channel: string
  externalId: string
  language: Language
  name?: string
}): Promise<{ customer: Customer; isNew: boolean }> {
  const { channel, externalId, language, name = '' } = person
  const found = await findCustomerByIdentity(channel, externalId)
  if (found) return { customer: found, isNew: false }

  const number = await nextNumber('customer')
  const at = now()
  const customer: Customer = {
    _id: new mongoose.Types.ObjectId(),
    number,
    guid: randomUUID(),
    username: `c-${number}`,
    domain: 'LEAD',
    status: 'FOLLOW',
    name,
    picture: null,
    email: null,
    phone: null,
    language,
    identities: [{ channel, externalId, reachable: true }],
    addresses: [],
    notes: '',
    labels: [],
    createdAt: at,
    updatedAt: at,
  }
  try {
    await Customers.collection.insertOne(customer)
    return { customer, isNew: true }
  } catch (error) {
    if (!isDuplicate(error)) throw error
    const winner = await findCustomerByIdentity(channel, externalId)
    if (!winner) throw error
    return { customer: winner, isNew: false }
  }
}

/** What opening an order makes of anybody. */
export const asCustomer = { domain: 'CUSTOMER', status: 'FOLLOW' } as const

/**
 * An order is opened for somebody: status FOLLOW, and a lead becomes a customer, for good. The first time, other
 * services hear of it (format 1), under a username that never changes.
 */
export async function becomeCustomer(session: ClientSession, customer: Customer): Promise<void> {
  const write = async (known: { domain?: 'LEAD' }) => {
    const set = { ...asCustomer, updatedAt: now() }
    const written = await Customers.collection.updateOne(
      { _id: customer._id, ...known },
      { $set: set },
      { session },
    )
    return written.matchedCount > 0
  }
  const isFirst = customer.domain === 'LEAD' && (await write({ domain: 'LEAD' }))
  if (isFirst) await register(session, customer)
  else await write({})
}

async function register(session: ClientSession, customer: Customer): Promise<void> {
  const [firstName, lastName] = splitName(customer.name)
  await publish(session, 'customer.registered', String(customer._id), {
    username: customer.username,
    firstName,
    lastName,
    email: customer.email ?? '',
    phone: customer.phone ?? '',
  })
}

/**
 * FOLLOW, or WAITING_FOR_PAYMENT while a page of theirs waits to be paid. Written even where it is so already: of two
 * who have looked at the orders at the same moment, the second must look again.
 */
export async function setCustomerStatus(
  session: ClientSession,
  customers: mongoose.Types.ObjectId[],
  status: CustomerStatus,
): Promise<void> {
  await Customers.collection.updateMany(
    { _id: { $in: customers } },
    { $set: { status, updatedAt: now() } },
    { session },
  )
}

/** Puts an address first among those offered again; the same one is not kept twice. */
export async function rememberAddress(
  session: ClientSession,
  customerId: Id,
  address: Address,
): Promise<void> {
  const first = { $literal: address }
  const known = { $ifNull: ['$addresses', []] }
  const others = { $filter: { input: known, cond: { $ne: ['$$this', first] } } }
  const addresses = { $slice: [{ $concatArrays: [[first], others] }, keptAddresses] }
  await Customers.collection.updateOne(
    { _id: new mongoose.Types.ObjectId(customerId) },
    [{ $set: { addresses, updatedAt: now() } }],
    { session },
  )
}

/** They blocked us on a channel, or came back. */
export async function setReachable(channel: string, externalId: string, reachable: boolean): Promise<void> {
  await Customers.updateOne(
    { identities: { $elemMatch: { channel, externalId, reachable: !reachable } } },
    { $set: { 'identities.$.reachable': reachable } },
  )
}

/** What a person is called on screens: their name, or their number while no platform has told one. */
export const publicName = (customer: Pick<Customer, 'name' | 'username'>): string =>
  customer.name || customer.username

/** "Somchai Jai Dee" → ["Somchai Jai", "Dee"]. */
function splitName(name: string): [first: string, last: string] {
  const at = name.trim().lastIndexOf(' ')
  return at < 0 ? [name.trim(), ''] : [name.trim().slice(0, at), name.trim().slice(at + 1)]
}
