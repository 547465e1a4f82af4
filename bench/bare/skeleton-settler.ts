// What must be done for a gateway's webhook with nothing but Express and MongoDB: kept, answered, read back, written,
// done with. No signatures, no ranks, no order's rules, no saga. The limit, not a shop.
import type { AddressInfo } from 'node:net'
import express from 'express'
import { MongoClient, ObjectId } from 'mongodb'

const client = new MongoClient(process.env['DATABASE'] ?? '', {
  writeConcern: { w: 'majority', journal: true },
  readConcernLevel: 'majority',
})
const db = client.db('skeleton')
const inbox = db.collection('inbox')
const payments = db.collection('payments')
const orders = db.collection('orders')
const outbox = db.collection('outbox')

const app = express()
app.use(express.json())
app.post('/webhooks/payments/omise', async (request, response) => {
  const { id, data } = request.body
  const event = { _id: new ObjectId(), eventId: id, charge: data.id, state: 'NEW' }
  await inbox.insertOne(event)
  response.json({ ok: true })
  await settle(data.metadata.attempt, data.id)
  await inbox.updateOne({ _id: event._id }, { $set: { state: 'DONE' } })
})

async function settle(attempt: string, name: string): Promise<void> {
  const charge = await fetch(`${process.env['PLATFORMS']}/charges/${name}`).then((answer) => answer.json())
  const payment = await payments.findOne({ _id: new ObjectId(attempt) })
  if (!charge.paid || !payment) return
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await payments.updateOne(
        { _id: payment._id, state: 'PENDING' },
        { $set: { state: 'CAPTURED', captured: charge.captured_amount } },
        { session },
      )
      await orders.updateOne(
        { _id: payment['order'], state: 'AWAITING_PAYMENT' },
        { $set: { state: 'PAID' }, $inc: { version: 1 } },
        { session },
      )
      await outbox.insertOne({ type: 'order.paid', order: payment['order'] }, { session })
    }),
  )
}

await client.connect()
await inbox.createIndex({ eventId: 1 }, { unique: true })
const server = app.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
