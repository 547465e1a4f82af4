import type mongoose from 'mongoose'
import type { ClientSession, Types } from 'mongoose'

/** Reads many documents at once: one for each id, in their order, null for one that is not there. */
export async function findByIds<T extends { _id: Types.ObjectId }>(
  collection: mongoose.Collection,
  ids: Types.ObjectId[],
  session?: ClientSession,
): Promise<(T | null)[]> {
  if (!ids.length) return []
  const found = await collection.find<T>({ _id: { $in: ids } }, session ? { session } : {}).toArray()
  const byId = new Map(found.map((one) => [String(one._id), one]))
  return ids.map((id) => byId.get(String(id)) ?? null)
}
