import mongoose from 'mongoose'

/** Something that was just written: which collection, and the document as it then is. */
export interface Written {
  collection: string
  document: Record<string, unknown>
  /** The fields that were written; all of them for a new document. */
  changed: Record<string, unknown>
}

/**
 * Calls back once, the moment the database has made a write that is looked for. Watching has begun when this
 * resolves. The promise inside tells that it was seen.
 */
export async function atTheMoment(
  isIt: (written: Written) => boolean,
  act: () => Promise<void>,
): Promise<{ seen: Promise<void>; stop(): Promise<void> }> {
  const stream = mongoose.connection.getClient().db(mongoose.connection.name).watch([], {
    fullDocument: 'updateLookup',
  })
  // The stream begins where it is opened on the server, which the first look makes it do.
  await stream.tryNext()
  const seen = (async () => {
    for await (const change of stream) {
      if (!('fullDocument' in change) || !change.fullDocument) continue
      const changed =
        change.operationType === 'update'
          ? (change.updateDescription.updatedFields ?? {})
          : change.fullDocument
      if (!isIt({ collection: change.ns.coll, document: change.fullDocument, changed })) continue
      await act()
      return
    }
  })()
  seen.catch(() => undefined)
  return { seen, stop: () => stream.close() }
}
