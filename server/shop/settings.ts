import type { ClientSession } from 'mongoose'
import { type ShopSettings, ShopSettingsStore } from '../../models/shop.ts'
import { transaction } from '../database/index.ts'

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

/** What the shop calls itself now. */
export const shopName = async (): Promise<string> => (await shopSettings()).name

/** After an edit in this process: the next reader sees it at once. */
export function forgetShopSettings(): void {
  kept = null
}

type Tell = (session: ClientSession, version: number) => Promise<void>
let tell: Tell = async () => undefined

/** Gives the way to tell everybody of a change, in its transaction: the shop itself sends no messages. */
export function setShopTeller(given: Tell): void {
  tell = given
}

/**
 * Writes what the shop decides, and tells everybody. With a version: only while it is still
 * that one, else false.
 */
export async function writeShopSettings(change: object, version?: number): Promise<boolean> {
  const written = await transaction(async (session) => {
    const after = await ShopSettingsStore.findOneAndUpdate(
      { _id: 'shop', ...(version !== undefined && { version }) },
      { $set: change, $inc: { version: 1 } },
      { session, returnDocument: 'after' },
    ).lean()
    if (after) await tell(session, after.version)
    return after !== null
  })
  forgetShopSettings()
  return written
}
