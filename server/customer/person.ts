import type mongoose from 'mongoose'
import type { ClientSession } from 'mongoose'
import { type Customer, Customers } from '../../models/customer.ts'
import { now, transaction } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { audit } from '../shop/index.ts'

type Id = mongoose.Types.ObjectId

/** Who says that two customers are one person: a member of staff, or the person by two logins. */
export interface MergedBy {
  by: string
  byName: string
}

/**
 * Customers that are one person: theirs first. Each keeps what is theirs, orders, conversation and identities, so
 * that parting them again loses nothing, and what is said about an order is said where it was opened.
 */
export async function personOf(customerId: Id | string, session?: ClientSession): Promise<Customer[]> {
  const options = session ? { session } : {}
  const customer = await Customers.findById(customerId, null, options).lean()
  if (!customer) return []
  const first = customer.mergedInto ?? customer._id
  const all = await Customers.find({ $or: [{ _id: first }, { mergedInto: first }] }, null, options)
    .sort({ number: 1 })
    .lean()
  return [...all.filter(({ _id }) => _id.equals(first)), ...all.filter(({ _id }) => !_id.equals(first))]
}

/** The ids of all customers that are this person. */
export const idsOfPerson = async (customerId: Id | string): Promise<Id[]> =>
  (await personOf(customerId)).map(({ _id }) => _id)

/** Two customers are one person. Whoever was one with the second is so with the first, too. */
export async function mergeCustomers(firstId: string, secondId: string, by: MergedBy): Promise<void> {
  await transaction(async (session) => {
    const [first, second] = [await personOf(firstId, session), await personOf(secondId, session)]
    const leader = first[0]
    if (!leader || !second[0]) throw notFound('The customer')
    if (second[0]._id.equals(leader._id)) {
      throw new AppError('customer.merged', 'These two are one person already.', {
        status: 409,
        reload: true,
      })
    }
    // The leader is written, too: of two that merge each other at once, one has to look again.
    await Customers.updateOne({ _id: leader._id }, { $set: { updatedAt: now() } }, { session })
    await Customers.updateMany(
      { _id: { $in: second.map(({ _id }) => _id) } },
      { $set: { mergedInto: leader._id } },
      { session },
    )
    const subject = String(leader._id)
    const details = { with: second.map(({ _id }) => String(_id)) }
    await audit({ ...by, action: 'customer.merged', subject, details }, session)
  })
}

/** This customer is somebody else after all. When it was the first, the others stay together. */
export async function unmergeCustomer(customerId: string, by: MergedBy): Promise<void> {
  await transaction(async (session) => {
    const person = await personOf(customerId, session)
    const others = person.filter(({ _id }) => String(_id) !== customerId)
    if (!person.length) throw notFound('The customer')
    if (!others.length) {
      throw new AppError('customer.notMerged', 'This customer is not merged with anybody.', {
        status: 409,
        reload: true,
      })
    }
    const next = others[0]?._id as Id
    await Customers.updateOne({ _id: customerId }, { $set: { mergedInto: null } }, { session })
    if (String(person[0]?._id) === customerId) {
      await Customers.updateOne({ _id: next }, { $set: { mergedInto: null } }, { session })
      const rest = others.slice(1).map(({ _id }) => _id)
      await Customers.updateMany({ _id: { $in: rest } }, { $set: { mergedInto: next } }, { session })
    } else
      await Customers.updateOne({ _id: person[0]?._id as Id }, { $set: { updatedAt: now() } }, { session })
    const details = { from: others.map(({ _id }) => String(_id)) }
    await audit({ ...by, action: 'customer.unmerged', subject: customerId, details }, session)
  })
}

/** Whether a platform's id belongs to this person, in whichever channel. */
export async function isPersons(
  customerId: Id | string,
  identity: { channel: string; externalId: string },
): Promise<boolean> {
  const person = await personOf(customerId)
  return person.some(({ identities }) =>
    identities.some(
      ({ channel, externalId }) => channel === identity.channel && externalId === identity.externalId,
    ),
  )
}
