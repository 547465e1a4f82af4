import { Counters } from '../../models/shop.ts'
import { isDuplicate, now } from '../database/index.ts'
import { type Gateway, Unanswered } from './gateway.ts'
import { gatewaysInUse } from './gateways.ts'
import { storeNotice } from './webhooks.ts'

const minute = 60_000
const everyMs = 5 * minute
/** Looked at twice, for events that were under way when it was looked last, and for a process that died looking. */
const overlapMs = 60 * minute
const firstMs = 24 * 60 * minute

/**
 * Fetches the events that a gateway keeps and whose webhooks never arrived. Whatever came already is known by its id.
 * Of several processes one does it, every few minutes.
 */
export async function fetchMissed(): Promise<void> {
  for (const [name, gateway] of gatewaysInUse()) {
    if (gateway.missed) await fetchFrom(name, gateway.missed)
  }
}

async function fetchFrom(name: string, missed: NonNullable<Gateway['missed']>): Promise<void> {
  const at = now().getTime()
  const before = await claim(name, at)
  if (before === null) return
  try {
    for await (const notice of missed(new Date(before - overlapMs))) await storeNotice(name, notice)
  } catch (error) {
    await Counters.updateOne({ _id: counterOf(name), value: at }, { $set: { value: before } })
    if (!(error instanceof Unanswered)) throw error
  }
}

/** Until when events have been fetched; null when that is not long ago, or when somebody else is at it. */
async function claim(name: string, at: number): Promise<number | null> {
  const known = await Counters.findById(counterOf(name)).lean()
  if (known && known.value > at - everyMs) return null
  if (!known) return begin(name, at)
  const { modifiedCount } = await Counters.updateOne(
    { _id: known._id, value: known.value },
    { $set: { value: at } },
  )
  return modifiedCount ? known.value : null
}

async function begin(name: string, at: number): Promise<number | null> {
  try {
    await Counters.create({ _id: counterOf(name), value: at })
    return at - firstMs
  } catch (error) {
    if (isDuplicate(error)) return null
    throw error
  }
}

const counterOf = (gateway: string): string => `events of ${gateway}`
