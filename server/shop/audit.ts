import type { ClientSession } from 'mongoose'
import { AuditEntries } from '../../models/shop.ts'

/** Writes down who did what. Entries are never changed. */
export async function audit(
  entry: { by: string; byName: string; action: string; subject: string; details?: unknown },
  session?: ClientSession,
): Promise<void> {
  await AuditEntries.create([{ ...entry, at: new Date() }], session ? { session } : {})
}
