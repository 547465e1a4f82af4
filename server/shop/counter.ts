import { Counters } from '../../models/shop.ts'

/**
 * The next integer of a sequence. Outside any transaction on purpose: a sequence that every order writes would make
 * all of them wait for one another. A number is lost when what it was for fails; none is given twice.
 * It waits for no journal: whatever keeps the number is written after it, and is durable no sooner than it.
 */
export async function nextNumber(name: string): Promise<number> {
  const counter = await Counters.findOneAndUpdate(
    { _id: name },
    { $inc: { value: 1 } },
    { upsert: true, returnDocument: 'after', writeConcern: { w: 1, j: false } },
  ).lean()
  return counter.value
}
