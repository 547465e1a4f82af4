import { randomBytes } from 'node:crypto'
import type { Sharp, SharpOptions } from 'sharp'
import { type Picture, Pictures } from '../../models/store.ts'
import { isDuplicate } from '../database/index.ts'
import { AppError } from '../http/index.ts'
import { drawPicture } from './demo-pictures.ts'
import { onePicture, oneUpload } from './one-picture.ts'

/** The largest upload, bytes. */
export const largestUpload = 12 * 1024 * 1024
const longestSide = 1024
/** 50 million: a bomb unpacks to more, no camera's photograph does. */
const mostPixels = 50_000_000

/**
 * Keeps an uploaded photograph as a JPEG: upright, at most 1024 pixels a side, without place and camera. Answers its
 * address below the shop's own. Refuses what is no photograph.
 */
export async function storePicture(upload: Buffer): Promise<string> {
  const made = await toPhoto(upload)
  const key = `${randomBytes(16).toString('base64url')}.jpg`
  await Pictures.create({ key, type: 'image/jpeg', ...made })
  return addressOf(key)
}

/** An uploaded photograph as it is kept, for those who keep it elsewhere. Refuses what is no photograph. */
export async function toPhoto(upload: Buffer): Promise<Pick<Picture, 'bytes' | 'width' | 'height'>> {
  if (!looksLikePhoto(upload)) throw notAPhoto()
  return oneUpload(() =>
    toJpeg(upload).catch((cause: unknown) => {
      throw notAPhoto(cause)
    }),
  )
}

/** A stored picture, or one of the sample shop, which is drawn the first time somebody asks. */
export async function findPicture(key: string): Promise<Pick<Picture, 'type' | 'bytes'> | null> {
  const stored = await Pictures.collection.findOne({ key })
  if (stored) return { type: stored['type'], bytes: Buffer.from(stored['bytes'].buffer) }
  const name = /^demo-([a-z]+)\.jpg$/.exec(key)?.[1]
  const svg = name && drawPicture(name)
  if (!svg) return null
  const made = await onePicture(() => toJpeg(Buffer.from(svg)))
  await Pictures.create({ key, type: 'image/jpeg', ...made }).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error
  })
  return { type: 'image/jpeg', bytes: made.bytes }
}

const addressOf = (key: string): string => `/images/${key}`

async function toJpeg(bytes: Buffer): Promise<Pick<Picture, 'bytes' | 'width' | 'height'>> {
  const open = await loadSharp()
  const { data, info } = await open(bytes, { limitInputPixels: mostPixels, failOn: 'error', pages: 1 })
    .timeout({ seconds: 15 })
    .rotate()
    .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .jpeg({ quality: 84, progressive: true })
    .toBuffer({ resolveWithObject: true })
  return { bytes: data, width: info.width, height: info.height }
}

let sharp: ((input: Buffer, options: SharpOptions) => Sharp) | undefined

/** Loaded with the first picture: most of the time nobody needs it, and it is large. */
async function loadSharp() {
  if (sharp) return sharp
  const loaded = (await import('sharp')).default
  loaded.cache(false)
  loaded.concurrency(1)
  sharp = loaded
  return loaded
}

/** By the first bytes, so that nothing but photographs reaches a decoder: no SVG, no PDF, no scripts. */
export function looksLikePhoto(bytes: Buffer): boolean {
  const hex = bytes.subarray(0, 4).toString('hex')
  const text = (from: number, to: number) => bytes.subarray(from, to).toString('latin1')
  return (
    hex.startsWith('ffd8ff') ||
    hex === '89504e47' ||
    text(0, 4) === 'GIF8' ||
    (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') ||
    (text(4, 8) === 'ftyp' && /^(avif|heic|mif1|heix)$/.test(text(8, 12)))
  )
}

const notAPhoto = (cause?: unknown) =>
  new AppError(
    'picture.unreadable',
    'This file is not a photograph that we can read. Send a JPEG, PNG, WebP or GIF of at most 12 MB.',
    { status: 415, cause },
  )
