import { createHash, randomBytes } from 'node:crypto'
import mongoose, { type ClientSession, type Types } from 'mongoose'
import { type CatalogueSelection, type WebviewLink, WebviewLinks } from '../../models/order.ts'
import { now } from '../database/index.ts'
import { shopSettings } from '../shop/index.ts'

const hash = (token: string): string => createHash('sha256').update(token).digest('base64url')

/**
 * Makes a link that opens one order for one customer. 192 random bits; only their hash is stored, so the link can be
 * made but never read back.
 */
export const makeLink = (
  order: { _id: Types.ObjectId; customer: Types.ObjectId },
  session?: ClientSession,
): Promise<string> => insertLink({ order: order._id, catalogue: null, customer: order.customer }, session)

/** Makes a link that opens the catalogue for one customer, beginning with what was selected for them. */
export const makeCatalogueLink = (
  customer: Types.ObjectId,
  catalogue: CatalogueSelection,
  session?: ClientSession,
): Promise<string> => insertLink({ order: null, catalogue, customer }, session)

async function insertLink(
  opens: Pick<WebviewLink, 'order' | 'catalogue' | 'customer'>,
  session?: ClientSession,
): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  const { linkDays } = await shopSettings()
  const at = now()
  const link: WebviewLink = {
    _id: new mongoose.Types.ObjectId(),
    tokenHash: hash(token),
    ...opens,
    expiresAt: new Date(at.getTime() + linkDays * 86_400_000),
    revokedAt: null,
    createdAt: at,
  }
  await WebviewLinks.collection.insertOne(link, session ? { session } : {})
  return token
}

/** A link to an order. */
export type OrderLink = WebviewLink & { order: Types.ObjectId }
/** A link to the catalogue. */
export type CatalogueLink = WebviewLink & { catalogue: CatalogueSelection }

export type FoundLink =
  | { link: OrderLink; reason: null }
  | { link: WebviewLink | null; reason: 'link.unknown' | 'link.expired' | 'link.revoked' }

/** What a link opens, or why it does not. Reads only: crawlers follow links. */
export async function findLink(token: string): Promise<FoundLink> {
  const link = await readLink(token)
  if (!link) return { link: null, reason: 'link.unknown' }
  if (link.revokedAt) return { link, reason: 'link.revoked' }
  if (link.expiresAt <= now()) return { link, reason: 'link.expired' }
  return link.order ? { link: link as OrderLink, reason: null } : { link, reason: 'link.unknown' }
}

/** The link to the catalogue behind a token; null when it is none, or none any more. */
export async function findCatalogueLink(token: string): Promise<CatalogueLink | null> {
  return asCatalogue(await readLink(token))
}

/** The link to the catalogue that a browser has opened, while it opens anything. */
export async function catalogueLinkById(id: string): Promise<CatalogueLink | null> {
  if (!mongoose.isValidObjectId(id)) return null
  const _id = new mongoose.Types.ObjectId(id)
  return asCatalogue(await WebviewLinks.collection.findOne<WebviewLink>({ _id }))
}

async function readLink(token: string): Promise<WebviewLink | null> {
  if (!/^[\w-]{20,64}$/.test(token)) return null
  return WebviewLinks.collection.findOne<WebviewLink>({ tokenHash: hash(token) })
}

const asCatalogue = (link: WebviewLink | null): CatalogueLink | null =>
  link?.catalogue && !link.revokedAt && link.expiresAt > now() ? (link as CatalogueLink) : null

/** Closes every link to an order: the next card or copied link brings a new one. */
export async function revokeLinks(session: ClientSession, order: Types.ObjectId): Promise<void> {
  await WebviewLinks.updateMany({ order, revokedAt: null }, { $set: { revokedAt: now() } }, { session })
}
