import { randomBytes } from 'node:crypto'
import mongoose, { type Types } from 'mongoose'
import { MediaFiles } from '../../models/conversation.ts'
import { now } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { looksLikePhoto, oneUpload } from '../shop/index.ts'
import { readParts, toBuffer } from './media-parts.ts'
import { mediaPath } from './views.ts'

/** What staff may upload; what is kept of it is much smaller. */
export const largestUpload = 15 * 1024 * 1024
/** Long side in pixels: sharp on every phone, and far under the platforms' limits. */
const longestSide = 2048
/** LINE's preview picture may weigh 1 MB; ours serves as both. */
const heaviest = 1_000_000

/**
 * Stores a picture that staff send: turned upright, without its metadata (place, device), as a JPEG that every
 * platform takes. Throws a 400 for what is no picture.
 */
export async function storePicture(bytes: Buffer): Promise<Types.ObjectId> {
  if (!looksLikePhoto(bytes)) throw notAPicture()
  const { data, info } = await oneUpload(() =>
    drawn(bytes).catch((cause: unknown) => {
      throw notAPicture(cause)
    }),
  )
  return keep(data, info)
}

async function drawn(bytes: Buffer) {
  // Loaded when somebody first sends a picture: it is half of the memory of a shop at rest.
  const { default: sharp } = await import('sharp')
  const draw = async (side: number, quality: number) =>
    sharp(bytes, { limitInputPixels: 80_000_000, failOn: 'error', pages: 1 })
      .timeout({ seconds: 15 })
      .rotate()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality, mozjpeg: true })
      .toBuffer({ resolveWithObject: true })
  const picture = await draw(longestSide, 82)
  return picture.data.length > heaviest ? draw(1280, 70) : picture
}

const notAPicture = (cause?: unknown) =>
  new AppError('media.not_a_picture', 'This is not a picture we can read. Send a JPEG, PNG or WebP.', {
    cause,
  })

async function keep(
  bytes: Buffer,
  { width, height }: { width: number; height: number },
): Promise<Types.ObjectId> {
  const _id = new mongoose.Types.ObjectId()
  await MediaFiles.collection.insertOne({
    _id,
    key: randomBytes(24).toString('base64url'),
    type: 'image/jpeg',
    name: '',
    size: bytes.length,
    width,
    height,
    state: 'stored',
    source: null,
    bytes,
    createdAt: now(),
  })
  return _id
}

/** Keeps a picture as it is, where it is one that browsers show; answers where it is read, or null. */
export async function keepPicture({ type, bytes }: { type: string; bytes: Buffer }): Promise<string | null> {
  if (!type.startsWith('image/') || !shown.test(type) || bytes.length > heaviest) return null
  const _id = new mongoose.Types.ObjectId()
  const key = randomBytes(24).toString('base64url')
  await MediaFiles.collection.insertOne({
    _id,
    key,
    type,
    name: '',
    size: bytes.length,
    width: null,
    height: null,
    state: 'stored',
    source: null,
    bytes,
    createdAt: now(),
  })
  return mediaPath({ key })
}

/** A picture or file by its unguessable name. */
export async function readMedia(key: string): Promise<{ type: string; name: string; bytes: Buffer }> {
  const media = await MediaFiles.findOne({ key, state: 'stored' }).lean()
  const bytes = media && (media.bytes ? toBuffer(media.bytes) : await readParts(media._id))
  if (!bytes) throw notFound('The file')
  return { type: media.type, name: media.name, bytes }
}

const shown = /^(image\/(jpeg|png|gif|webp)|video\/(mp4|quicktime)|audio\/[\w.+-]+)$/

/** The headers under which a stranger's file is harmless: it runs nothing, and only pictures and the like are shown. */
export function mediaHeaders({ type, name }: { type: string; name: string }): Record<string, string> {
  const isShown = shown.test(type)
  return {
    'Content-Type': isShown ? type : 'application/octet-stream',
    'Content-Disposition': isShown
      ? 'inline'
      : `attachment; filename*=UTF-8''${encodeURIComponent(name || 'file').replace(/['()*]/g, '_')}`,
    // Not for long: what a customer takes back shall be gone.
    'Cache-Control': 'private, max-age=300',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    // Cards show it inside other sites' pages.
    'Cross-Origin-Resource-Policy': 'cross-origin',
  }
}
