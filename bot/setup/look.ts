import { createHash } from 'node:crypto'
import { Connections, type ShopSettings } from '../../models/shop.ts'

/** What of the shop customers see in a channel's menu and greeting, as a word to compare. */
export const lookOf = ({ name, colour, language, languages }: ShopSettings): string =>
  createHash('sha256')
    .update(JSON.stringify([name, colour, language, languages]))
    .digest('base64url')

/** A channel shows the shop as it is: until it changes, nothing has to be set there. */
export async function rememberLook(channel: string, shop: ShopSettings): Promise<void> {
  await Connections.updateOne({ _id: channel }, { $set: { look: lookOf(shop) } }, { upsert: true })
}
