import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { Stocks } from '../../models/store.ts'

describe('the database', () => {
  const store = new mongoose.Types.ObjectId()

  it('keeps a stock of zero and refuses one below it', async () => {
    const { _id } = await Stocks.create({ sku: `never-${store}`, store, available: 1 })
    const take = () => Stocks.collection.updateOne({ _id }, { $inc: { available: -1 } })
    await take()
    await assert.rejects(take, /failed validation/)
    await Stocks.deleteOne({ _id })
  })
})
