import mongoose from 'mongoose'

const oplog = () => mongoose.connection.getClient().db('local').collection('oplog.rs')

/** A moment of the replica set's log. */
export async function mark(): Promise<mongoose.mongo.Timestamp> {
  const [last] = await oplog().find().sort({ $natural: -1 }).limit(1).toArray()
  return last?.['ts'] as mongoose.mongo.Timestamp
}

/**
 * Durable commits since a moment. The log has one entry for a write, and one for a whole transaction; what MongoDB
 * writes for itself does not count, nor the numbers that are drawn without waiting for the journal.
 */
export function commitsSince(moment: mongoose.mongo.Timestamp): Promise<number> {
  return oplog().countDocuments({
    ts: { $gt: moment },
    op: { $ne: 'n' },
    ns: { $not: /^config\.|\.counters$/ },
  })
}
