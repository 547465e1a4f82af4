import mongoose, { type ClientSession } from 'mongoose'
import { AuditEntries } from '../../models/shop.ts'

/** Writes down who did what. Entries are never changed. */
export async function audit(
  entry: { by: string; byName: string; action: string; subject: string; details?: unknown },
  session?: ClientSession,
): Promise<void> {
  const row = { _id: new mongoose.Types.ObjectId(), details: null, ...entry, at: new Date() }
  await AuditEntries.collection.insertOne(row, session ? { session } : {})
}
