import { Connections } from '../../models/shop.ts'
import { type Settings, settings } from '../settings.ts'

const EVERY_MS = 10_000
/** When each shop of this process last wrote that a webhook came. */
const noted = new WeakMap<Settings, Map<string, number>>()

/**
 * Notes that a webhook of `line`, `omise` … has arrived, for the *ready to go live* page: at most one write in ten seconds
 * for each of them.
 */
export async function sawWebhook(source: string): Promise<void> {
  const at = Date.now()
  const times = noted.get(settings()) ?? new Map<string, number>()
  noted.set(settings(), times)
  if (at - (times.get(source) ?? 0) < EVERY_MS) return
  times.set(source, at)
  await Connections.updateOne({ _id: source }, { $set: { lastWebhookAt: new Date(at) } }, { upsert: true })
}
