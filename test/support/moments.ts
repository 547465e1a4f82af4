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

interface Operation {
  kind: string
  state: string
}

/**
 * Whether a write has just turned an operation of a payment to a state. Told by what was written: the document itself
 * may have moved on before it was read.
 */
export function turnsOperation(
  { collection, changed, document }: Written,
  state: string,
  kind?: string,
): boolean {
  if (collection !== 'payments') return false
  const all = (document['operations'] as Operation[] | undefined) ?? []
  return Object.entries(changed).some(([field, value]) => {
    const [, index, rest] = /^operations(?:\.(\d+))?(\.state)?$/.exec(field) ?? []
    if (rest) return value === state && (!kind || all[Number(index)]?.kind === kind)
    const written = index ? [value] : field === 'operations' ? value : []
    return (written as Operation[]).some((one) => one.state === state && (!kind || one.kind === kind))
  })
}
