import { type Store, Stores } from '../../models/store.ts'
import { shopSettings } from '../shop/index.ts'

const keptFor = 1000
let kept: { stores: Store[]; version: number; until: number } = { stores: [], version: -1, until: 0 }

/**
 * The stores that goods are sold from, by their numbers; as they were a second ago at most. A sample shop that moves to
 * another country has others at once: that changes the version of its settings.
 */
export async function openStores(): Promise<Store[]> {
  const { version } = await shopSettings()
  if (kept.until < performance.now() || kept.version !== version) {
    const stores = await Stores.find({ active: true }).sort({ number: 1 }).lean()
    kept = { stores, version, until: performance.now() + keptFor }
  }
  return kept.stores
}

/** After an edit in this process: the next order sees it at once. */
export function forgetStores(): void {
  kept = { stores: [], version: -1, until: 0 }
}
