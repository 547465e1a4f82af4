import { type ShopSettings, ShopSettingsStore } from '../../models/shop.ts'

const keptFor = 1000
let kept: { settings: ShopSettings; until: number } | null = null

/** What the shop decides, at most a second old: every request reads it. */
export async function shopSettings(): Promise<ShopSettings> {
  if (kept && kept.until > Date.now()) return kept.settings
  const settings =
    (await ShopSettingsStore.findById('shop').lean()) ??
    (await ShopSettingsStore.findOneAndUpdate(
      { _id: 'shop' },
      { $setOnInsert: { name: 'My shop' } },
      { upsert: true, returnDocument: 'after', setDefaultsOnInsert: true },
    ).lean())
  kept = { settings: settings as ShopSettings, until: Date.now() + keptFor }
  return kept.settings
}

/** After an edit in this process: the next reader sees it at once. */
export function forgetShopSettings(): void {
  kept = null
}
