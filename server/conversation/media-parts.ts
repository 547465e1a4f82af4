import mongoose, { type Types } from 'mongoose'
import { MediaFiles, MediaParts } from '../../models/conversation.ts'

/** A document of the database holds 16 MB at most: a larger file lies beside it in pieces. */
const piece = 8 * 1024 * 1024

/** Puts a large file into pieces; answers what is left to store with it, which is nothing then. */
export async function keepBytes(media: Types.ObjectId, bytes: Buffer): Promise<Buffer | null> {
  if (bytes.length <= piece) return bytes
  await MediaParts.deleteMany({ media })
  for (let at = 0; at * piece < bytes.length; at++) {
    const part = bytes.subarray(at * piece, (at + 1) * piece)
    await MediaParts.collection.insertOne({ _id: new mongoose.Types.ObjectId(), media, at, bytes: part })
  }
  return null
}

/** The pieces of a large file, put together again; null when there are none. */
export async function readParts(media: Types.ObjectId): Promise<Buffer | null> {
  const parts = await MediaParts.find({ media }).sort({ at: 1 }).lean()
  return parts.length ? Buffer.concat(parts.map(({ bytes }) => toBuffer(bytes))) : null
}

/** Lean reads give the driver's own Binary. */
export const toBuffer = (bytes: unknown): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from((bytes as mongoose.mongo.Binary).buffer)

/** Forgets a file, wherever its bytes lie. */
export async function dropMedia(media: Types.ObjectId): Promise<void> {
  await MediaFiles.deleteOne({ _id: media })
  await MediaParts.deleteMany({ media })
}
