import { type Store, Stores } from '../../models/store.ts'

const keptFor = 1000
let kept: { stores: Store[]; until: number } = { stores: [], until: 0 }

/** The stores that goods are sold from, by their numbers; as they were a second ago at most. */
export async function openStores(): Promise<Store[]> {
  if (kept.until < performance.now()) {
    const stores = await Stores.find({ active: true }).sort({ number: 1 }).lean()
    kept = { stores, until: performance.now() + keptFor }
  }
  return kept.stores
}

/** After an edit in this process: the next order sees it at once. */
export function forgetStores(): void {
  kept = { stores: [], until: 0 }
}
