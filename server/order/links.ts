import { createHash, randomBytes } from 'node:crypto'
import mongoose, { type ClientSession, type Types } from 'mongoose'
import { type WebviewLink, WebviewLinks } from '../../models/order.ts'
import { now } from '../database/index.ts'
import { shopSettings } from '../shop/index.ts'

const hash = (token: string): string => createHash('sha256').update(token).digest('base64url')

/**
 * Makes a link that opens one order for one customer. 192 random bits; only their hash is stored, so the link can be
 * made but never read back.
 */
export async function makeLink(
  order: { _id: Types.ObjectId; customer: Types.ObjectId },
  session?: ClientSession,
): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  const { linkDays } = await shopSettings()
  const at = now()
  const link: WebviewLink = {
    _id: new mongoose.Types.ObjectId(),
    tokenHash: hash(token),
    order: order._id,
    customer: order.customer,
    expiresAt: new Date(at.getTime() + linkDays * 86_400_000),
    revokedAt: null,
    createdAt: at,
  }
  await WebviewLinks.collection.insertOne(link, session ? { session } : {})
  return token
}

export type FoundLink =
  | { link: WebviewLink; reason: null }
  | { link: WebviewLink | null; reason: 'link.unknown' | 'link.expired' | 'link.revoked' }

/** What a link opens, or why it does not. Reads only: crawlers follow links. */
export async function findLink(token: string): Promise<FoundLink> {
  if (!/^[\w-]{20,64}$/.test(token)) return { link: null, reason: 'link.unknown' }
  const link = await WebviewLinks.collection.findOne<WebviewLink>({ tokenHash: hash(token) })
  if (!link) return { link: null, reason: 'link.unknown' }
  if (link.revokedAt) return { link, reason: 'link.revoked' }
  if (link.expiresAt <= now()) return { link, reason: 'link.expired' }
  return { link, reason: null }
}

/** Closes every link to an order: the next card or copied link brings a new one. */
export async function revokeLinks(order: Types.ObjectId): Promise<void> {
  await WebviewLinks.updateMany({ order, revokedAt: null }, { $set: { revokedAt: now() } })
}
