import type { Order } from '../models/order.ts'
import { makeLink } from '../server/order/index.ts'
import { settings } from '../server/settings.ts'

/**
 * The address of an order's page. On LINE it goes through LIFF, where there is one, so that the page learns who
 * opens it: LIFF appends the path to the app's endpoint, which is our `/w`. The token is in the path, because LIFF
 * carries paths faithfully, and queries less so.
 */
export function pageAddress(token: string, channel: string): string {
  const { line, publicUrl } = settings()
  if (channel !== 'line' || !line?.liffId) return `${publicUrl}/w/${token}`
  const base =
    new URL(line.apiUrl).hostname === 'api.line.me' ? 'https://liff.line.me' : `${line.apiUrl}/liff`
  return `${base}/${line.liffId}/${token}`
}

/** A new link to an order, for its customer. */
export const linkTo = async (order: Pick<Order, '_id' | 'customer' | 'channel'>): Promise<string> =>
  pageAddress(await makeLink(order), order.channel)
