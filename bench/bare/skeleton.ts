// The same requests with nothing but Express and MongoDB: no schemas, no rules, no events. The limit, not a shop.
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import express, { type Request, type Response } from 'express'
import { type ClientSession, MongoClient, ObjectId } from 'mongodb'

const client = new MongoClient(process.env['DATABASE'] ?? '', {
  writeConcern: { w: 'majority', journal: true },
  readConcernLevel: 'majority',
})
const db = client.db('skeleton')
const orders = db.collection('orders')
const links = db.collection('links')
const sessions = db.collection('sessions')
const payments = db.collection('payments')
const stocks = db.collection('stocks')
const outbox = db.collection('outbox')

const app = express()
app.use(express.json())

app.post('/api/conversations/:id/orders', async (request, response) => {
  const order = {
    _id: new ObjectId(),
    conversation: request.params.id,
    version: 0,
    state: 'DRAFT',
    lines: [],
    createdAt: new Date(),
  }
  await transaction(async (session) => {
    await orders.insertOne(order, { session })
    await outbox.insertOne({ type: 'order.opened', order: order._id }, { session })
  })
  response.json(view(order))
})

app.put('/api/orders/:id/items', async (request, response) => {
  const lines = request.body.items.map((item: object) => ({ ...item, unitPrice: 18_900 }))
  response.json(await change(request, { lines, totals: { total: 37_800 } }))
})

app.post('/api/orders/:id/link', async (request, response) => {
  const token = randomBytes(24).toString('base64url')
  await links.insertOne({ token, order: new ObjectId(request.params.id) })
  response.json({ url: `http://127.0.0.1/w/${token}` })
})

app.post('/w/:token/open', async (request, response) => {
  const link = await links.findOne({ token: request.params.token })
  const token = randomBytes(24).toString('base64url')
  await sessions.insertOne({ token, order: link?.['order'] })
  const order = await orders.findOneAndUpdate({ _id: link?.['order'] }, { $set: { page: new Date() } })
  response.setHeader('set-cookie', `session=${token}`)
  response.json({ order: view(order) })
})

app.use('/api/pipeline', async (request, response, next) => {
  const token = request.headers.cookie?.split('=')[1]
  if (await sessions.findOne({ token })) next()
  else response.sendStatus(401)
})

app.post('/api/pipeline/:id/UPDATE_DELIVERY_ADDRESS', async (request, response) => {
  response.json(await change(request, { address: request.body.address }))
})

app.post('/api/pipeline/:id/SELECT_LOGISTIC_METHOD', async (request, response) => {
  const delivery = { companyName: request.body.companyName, cost: 4900 }
  response.json(await change(request, { delivery, totals: { total: 42_700 } }))
})

app.post('/api/pipeline/:id/SELECT_PAYMENT_METHOD', async (request, response) => {
  response.json(await change(request, { payment: request.body.method }))
})

app.post('/api/pipeline/:id/VERIFY_ORDER_CONTEXT', async (request, response) => {
  response.json(view(await orders.findOne({ _id: new ObjectId(request.params.id) })))
})

app.post('/api/pipeline/:id/CHECK_PRODUCT_SUFFICIENT', async (request, response) => {
  const order = await orders.findOne({ _id: new ObjectId(request.params.id) })
  await transaction(async (session) => {
    for (const { productId } of order?.['lines'] ?? []) {
      await stocks.updateOne({ product: productId }, { $inc: { available: -1 } }, { session })
    }
    await change(request, { holdsUntil: new Date() }, session)
  })
  await send(request, response)
})

app.post('/api/pipeline/:id/CONFIRM_PAYMENT_SELECTION', async (request, response) => {
  const order = new ObjectId(request.params.id)
  const payment = { _id: new ObjectId(), order, state: 'CREATED', amount: 42_700 }
  await transaction(async (session) => {
    await payments.insertOne(payment, { session })
    await change(request, { state: 'AWAITING_PAYMENT' }, session)
  })
  const charge = await fetch(`${process.env['PLATFORMS']}/charges`, {
    method: 'POST',
    body: JSON.stringify({ amount: 42_700, currency: 'THB', metadata: {} }),
  }).then((answer) => answer.json())
  await transaction(async (session) => {
    await payments.updateOne(
      { _id: payment._id },
      { $set: { state: 'CAPTURED', charge: charge.id } },
      { session },
    )
    await orders.updateOne({ _id: order }, { $set: { state: 'PAID' }, $inc: { version: 1 } }, { session })
    await outbox.insertOne({ type: 'order.paid', order }, { session })
  })
  await send(request, response)
})

async function change(request: Request<{ id: string }>, set: object, session?: ClientSession) {
  const changed = await orders.findOneAndUpdate(
    { _id: new ObjectId(request.params.id), version: request.body.version },
    { $set: set, $inc: { version: 1 } },
    { returnDocument: 'after', ...(session && { session }) },
  )
  return view(changed)
}

async function send(request: Request<{ id: string }>, response: Response): Promise<void> {
  response.json(view(await orders.findOne({ _id: new ObjectId(request.params.id) })))
}

const view = (order: Record<string, unknown> | null) => ({ ...order, id: order?.['_id'] })

const transaction = (work: (session: ClientSession) => Promise<void>) =>
  client.withSession((session) => session.withTransaction(() => work(session)))

await client.connect()
await Promise.all([
  links.createIndex({ token: 1 }, { unique: true }),
  sessions.createIndex({ token: 1 }, { unique: true }),
  stocks.createIndex({ product: 1 }, { unique: true }),
])
const server = app.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
