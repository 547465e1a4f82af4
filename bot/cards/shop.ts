import type { ShopSettings } from '../../models/shop.ts'
import { isLoopback, settings } from '../../server/settings.ts'

/** What every card says of the shop. */
export const cardShop = ({ name, colour, logo }: ShopSettings) => ({
  name,
  colour,
  logo: pictureAddress(logo),
})

/**
 * A picture's whole address, where the platforms will fetch it: over https only, but for a simulated platform on
 * this machine. Null otherwise, and the card does without.
 */
export function pictureAddress(path: string | null | undefined): string | null {
  if (!path) return null
  const address = new URL(path, settings().publicUrl).href
  return address.startsWith('https:') || (settings().sandbox && isLoopback(address)) ? address : null
}
