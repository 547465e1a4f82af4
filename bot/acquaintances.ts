import type { Types } from 'mongoose'
import { openConversation } from '../server/conversation/index.ts'
import { setReachable, upsertCustomer } from '../server/customer/index.ts'
import { shopSettings } from '../server/shop/index.ts'
import { guessLanguage } from './language.ts'

interface Person {
  channel: string
  externalId: string
}

/** The customer and the one conversation behind a platform's id. */
export interface Acquaintance {
  _id: Types.ObjectId
  channel: string
  customer: Types.ObjectId
}

/** Which is which never changes, so it is not looked up for every message of a lively chat. */
const known = new Map<string, Acquaintance & { until: number }>()
const keptMs = 60_000
const mostKept = 5000

/** Whoever writes: a customer, made when they are new, with a conversation, and within reach. */
export async function meet(person: Person, text: string): Promise<Acquaintance> {
  const key = `${person.channel}:${person.externalId}`
  const found = known.get(key)
  if (found && found.until > performance.now()) return found

  const { channel, externalId } = person
  const { customer } = await upsertCustomer({
    ...person,
    language: guessLanguage(text, await shopSettings()),
  })
  const { _id } = await openConversation({ ...person, customer: customer._id })
  const identity = customer.identities.find((one) => one.channel === channel && one.externalId === externalId)
  if (identity?.reachable === false) await setReachable(channel, externalId, true)

  if (known.size >= mostKept) known.clear()
  const acquaintance = { _id, channel, customer: customer._id, until: performance.now() + keptMs }
  known.set(key, acquaintance)
  return acquaintance
}

/** They have blocked us: the next word from them is looked at anew. */
export function lose({ channel, externalId }: Person): void {
  known.delete(`${channel}:${externalId}`)
}

/** A new start may be one on another database. */
export const forgetAcquaintances = (): void => known.clear()
