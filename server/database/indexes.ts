import { createHash } from 'node:crypto'
import mongoose from 'mongoose'

interface Mark {
  _id: string
  hash: string
}

/** What must never be below zero, whatever a mistake of ours would write: MongoDB itself refuses it. */
const neverNegative: Record<string, string[]> = {
  stocks: ['available', 'reserved', 'shipped'],
  deliveryslots: ['taken', 'capacity'],
  payments: ['captured', 'refunded', 'amount'],
}

/**
 * Creates every collection and index that the models declare: one command a collection, and none at all when
 * nothing has changed since the last start. A unique index must be there before the first write counts on it.
 */
export async function prepareIndexes(): Promise<void> {
  const models = Object.values(mongoose.models)
  const declared = models.map((model) => ({
    model,
    indexes: model.schema
      .indexes()
      .map(([key, { background: _, ...options }]) => ({ key, ...options })) as Parameters<
      typeof model.collection.createIndexes
    >[0],
  }))
  const hash = createHash('sha256')
    .update(JSON.stringify([neverNegative, declared.map(({ model, indexes }) => [model.modelName, indexes])]))
    .digest('hex')
  const marks = mongoose.connection.collection<Mark>('schema_marks')
  if ((await marks.findOne({ _id: 'indexes' }))?.hash === hash) return

  await Promise.all(
    declared.map(async ({ model, indexes }) => {
      if (indexes.length) await model.collection.createIndexes(indexes)
      else await model.createCollection()
    }),
  )
  for (const { model } of declared) {
    const fields = neverNegative[model.collection.collectionName]
    if (fields) await refuseNegatives(model.collection.collectionName, fields)
  }
  await marks.updateOne({ _id: 'indexes' }, { $set: { hash } }, { upsert: true })
}

async function refuseNegatives(collection: string, fields: string[]): Promise<void> {
  const properties = Object.fromEntries(fields.map((field) => [field, { bsonType: 'number', minimum: 0 }]))
  const validator = { $jsonSchema: { properties } }
  // Saying it anew would wait for every transaction, also that of a process that has just died.
  const [known] =
    (await mongoose.connection.db?.listCollections({ name: collection }, { nameOnly: false }).toArray()) ?? []
  if (JSON.stringify(known?.options?.['validator']) === JSON.stringify(validator)) return
  await mongoose.connection.db?.command({ collMod: collection, validator })
}
