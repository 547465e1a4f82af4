import type mongoose from 'mongoose'
import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { readUsernames } from '../customer/index.ts'
import { inGroups, transaction } from '../database/index.ts'
import { announceOrder, changeTogether, findOrders } from '../order/index.ts'
import { findPayments } from './attempts.ts'
import { afterSettling } from './effects.ts'
import type { Found } from './gateway.ts'
import { isNews, merge } from './merge.ts'

interface News {
  /** The attempt as it was when the gateway was asked. */
  seen: Payment
  found: Found
  source: string
}

interface Applied {
  payment: Payment
  /** As this has left it; null where it was not touched. */
  order: Order | null
}

/**
 * Applies what a gateway said: the state rises by rank and never falls, amounts are taken over and never added up,
 * and what follows for the order happens in the same transaction. Twenty at once end as one. `seen` is the attempt as
 * it was when the gateway was asked: it tells cheaply that nothing is new, and decides nothing else.
 */
export const applyFound = async (seen: Payment, found: Found, source: string): Promise<Payment> =>
  (await applyAndFollow(seen, found, source)).payment

/** The same, and answers the order too. */
export async function applyAndFollow(seen: Payment, found: Found, source: string): Promise<Applied> {
  const same = merge(seen, found, source)
  if (!isNews(seen, same)) {
    const { checkAt, checks } = same
    // Who has stored an operation meanwhile wants it looked after sooner.
    await Payments.collection.updateOne(
      { _id: seen._id, checkAt: seen.checkAt },
      { $set: { checkAt, checks } },
    )
    return { payment: seen, order: null }
  }
  const applied = await write({ seen, found, source })
  if (applied.order) announceOrder(applied.order)
  return applied
}

/** So often others may come between: some fifty milliseconds. Longer waits only who must. */
const triesTogether = 5

/**
 * News that come at the same time share a transaction, for most of what one costs is its commit. Never two of the same
 * order: what the first has made of it, the second reads.
 */
const write = inGroups(
  (news: News[], alone) =>
    transaction((session) => writeAll(session, news), alone ? {} : { tries: triesTogether }),
  { lanes: 2, most: 16, keyOf: ({ seen }) => String(seen.order) },
)

async function writeAll(session: ClientSession, news: News[]): Promise<Applied[]> {
  const ids = news.map(({ seen }) => seen._id)
  const payments = await findPayments(ids, session)
  const changes = news.map(({ found, source }, index) => {
    const before = payments[index] as Payment
    return { before, after: merge(before, found, source) }
  })
  const changed = changes.filter(({ before, after }) => isNews(before, after))
  const followed = await follow(session, changed)
  await writePayments(session, changed)
  return changes.map(({ before, after }) => {
    const order = followed.get(after)
    return order === undefined ? { payment: before, order: null } : { payment: after, order }
  })
}

interface Change {
  before: Payment
  after: Payment
}

/** What each change means for its order: the order as it is then, null where it has stayed as it was. */
async function follow(session: ClientSession, changes: Change[]): Promise<Map<Payment, Order | null>> {
  const orders = await findOrders(
    changes.map(({ after }) => after.order),
    session,
  )
  await readUsernames(
    session,
    orders.map(({ customer }) => customer),
  )
  const followed = new Map<Payment, Order | null>()
  await changeTogether(session, async () => {
    for (const [index, { before, after }] of changes.entries()) {
      followed.set(after, await afterSettling(session, orders[index] as Order, before, after))
    }
  })
  return followed
}

async function writePayments(session: ClientSession, changes: Change[]): Promise<void> {
  if (!changes.length) return
  const updates = changes.map(({ before, after }) => ({
    updateOne: { filter: { _id: after._id }, update: { $set: changesOf(before, after) } },
  }))
  await Payments.collection.bulkWrite(updates, { session })
}

/** What was not made anew need not be written again. */
const changesOf = (before: Payment, after: Payment): mongoose.AnyObject =>
  Object.fromEntries(
    Object.entries(after).filter(([field, value]) => value !== before[field as keyof Payment]),
  )
