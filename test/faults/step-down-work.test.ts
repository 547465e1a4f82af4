import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Conversations, Messages } from '../../models/conversation.ts'
import { Orders } from '../../models/order.ts'
import { Payments } from '../../models/payment.ts'
import { AuditEntries, StaffTasks } from '../../models/shop.ts'
import { chargesOf, payByCard, stockOf } from '../support/checkout.ts'
import { atTheMoment, type Written } from '../support/moments.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { receiptsOf } from '../support/payers.ts'
import { comesTo, insist, type OwnMongod, saysTryAgain, startOwnMongod } from '../support/step-down.ts'
import { aConversation, aProduct, type Buyer, eventually } from '../support/story.ts'

const everything = process.env['FAULTS'] === 'all'
const cuts = everything
  ? [...[5, 15, 40].map((ms) => ({ ms, seconds: 1 })), { ms: 10, seconds: 8 }]
  : [{ ms: 10, seconds: 1 }]

type Look = (written: Written) => boolean
const step =
  (name: string, state: string): Look =>
  ({ collection, document }) =>
    collection === 'sagas' &&
    (document['steps'] as { name: string; state: string }[]).some(
      (one) => one.name === name && one.state === state,
    )
const orderIs =
  (state: string): Look =>
  ({ collection, changed }) =>
    collection === 'orders' && changed['state'] === state

const writes: Record<string, Look> = {
  'the order waits for its payment': orderIs('AWAITING_PAYMENT'),
  'the order is paid': orderIs('PAID'),
  'PAYMENT is asked': step('PAYMENT', 'ASKED'),
  'STORE is asked': step('STORE', 'ASKED'),
  'DELIVERY is asked': step('DELIVERY', 'ASKED'),
  'STORE has confirmed': ({ collection, document }) =>
    collection === 'confirmations' && document['confirmator'] === 'STORE',
  'the order is confirmed': orderIs('CONFIRMED'),
  'the receipt waits to be sent': ({ collection, document }) =>
    collection === 'messages' &&
    String(document['once']).startsWith('receipt') &&
    document['state'] === 'queued',
  'the receipt is being sent': ({ collection, document }) =>
    collection === 'messages' &&
    String(document['once']).startsWith('receipt') &&
    document['state'] === 'sending',
}

const isAbout = ({ collection, document }: Written, { order }: Buyer): boolean =>
  String(collection === 'orders' ? document['_id'] : document['order']) === order.id

describe('a primary that steps down while people write and staff work', function () {
  this.timeout(180_000)
  let mongod: OwnMongod
  let shop: OtherProcess
  before(async () => {
    mongod = await startOwnMongod()
    shop = await startElsewhere()
    shop.sandbox.faults.set('line', 'webhookRedelivery', true)
    shop.sandbox.faults.set('line', 'webhookRedeliveryMs', 500)
  })
  after(async () => {
    await shop?.close()
    await mongod?.close()
  })

  for (const { ms, seconds } of cuts) {
    const when = `${ms} ms on, for ${seconds} s`

    it(`${when}: every word that people write on LINE arrives once`, async () => {
      const { line } = shop.sandbox
      const people = Array.from({ length: 12 }, () => line.createUser({}))
      const writeAll = () =>
        Promise.all(
          people.map(async ({ userId }) => {
            for (const text of ['one', 'two', 'three']) await line.say(userId, text)
          }),
        )
      await mongod.during(writeAll, ms, seconds)
      for (const { userId } of people) {
        const conversation = await eventually(
          'a conversation',
          () => Conversations.findOne({ externalId: userId }).lean(),
          60_000,
        )
        const heard = async () => {
          const all = await Messages.find({ conversation: conversation._id, direction: 'in' }).lean()
          return all.map(({ text }) => text).sort()
        }
        await eventually('all three', async () => (await heard()).length >= 3, 60_000)
        assert.deepEqual(await heard(), ['one', 'three', 'two'])
        assert.equal(await Conversations.countDocuments({ externalId: userId }), 1)
      }
      await shop.clean()
      for (const { userId } of people) {
        const greetings = line.received(userId)
        assert.equal(greetings.length, 1, JSON.stringify(greetings))
      }
    })

    if (!everything) continue

    it(`${when}: staff open an order, change it and send its card, each once`, async () => {
      const conversation = await aConversation()
      const product = await aProduct()
      const clientId = randomUUID()
      const work = async () => {
        const opened = await insist(() =>
          shop.agent.post<{ id: string; version: number }>(`/api/conversations/${conversation}/orders`, {
            clientId,
          }),
        )
        assert.equal(opened.status, 200, opened.text)
        const { id, version } = opened.body
        const items = [{ productId: String(product._id), quantity: 2 }]
        const changed = await insist(() => shop.agent.put(`/api/orders/${id}/items`, { version, items }))
        // Told to try again, and it had been done: the desk shows the order as it is.
        assert([200, 409].includes(changed.status), changed.text)
        const sent = await insist(() => shop.agent.post(`/api/orders/${id}/card`))
        assert.equal(sent.status, 200, sent.text)
        return id
      }
      const id = await mongod.during(work, ms, seconds)
      await shop.clean()
      const order = await Orders.findById(id).lean()
      assert.deepEqual(
        order?.lines.map(({ quantity }) => quantity),
        [2],
      )
      assert.equal(order?.version, 1)
      assert.equal(await AuditEntries.countDocuments({ subject: order?.regNo, action: 'order.items' }), 1)
      assert.equal(await Orders.countDocuments({ conversation }), 1)
    })

    it(`${when}: what staff write is heard once`, async () => {
      const { userId } = shop.sandbox.line.createUser({})
      await shop.sandbox.line.say(userId, 'สวัสดี')
      const conversation = await eventually('greeted', () =>
        Conversations.findOne({ externalId: userId, greetedAt: { $ne: null } }).lean(),
      )
      await shop.clean()
      const before = shop.sandbox.line.received(userId).length
      const text = `พร้อมส่ง ${randomUUID()}`
      const body = { kind: 'text', text, clientId: randomUUID() }
      const { status, text: told } = await mongod.during(
        () => insist(() => shop.agent.post(`/api/conversations/${conversation._id}/messages`, body)),
        ms,
        seconds,
      )
      assert([200, 201].includes(status), told)
      await shop.clean()
      const [message, ...more] = await Messages.find({ conversation: conversation._id, text }).lean()
      assert.equal(more.length, 0)
      const heard = shop.sandbox.line.received(userId).length - before
      // Of a reply whose outcome could not be written down, staff are told that nobody knows.
      assert(
        message?.state === 'sent' ? heard === 1 : message?.state === 'unknown',
        `${message?.state} ${heard}`,
      )
    })

    it(`${when}: a part that staff give back is given back once`, async () => {
      const buyer = await shop.buyer('card', { product: await aProduct() })
      await payByCard(shop, buyer)
      await comesTo(buyer, 'CONFIRMED')
      await shop.clean()
      const [payment] = await Payments.find({ order: buyer.order.id }).lean()
      const wish = { paymentId: String(payment?._id), amount: 5000, reason: 'bruised', opId: randomUUID() }
      const { status, text } = await mongod.during(
        () => insist(() => shop.manager.post(`/api/orders/${buyer.order.id}/refunds`, wish)),
        ms,
        seconds,
      )
      assert.equal(status, 200, text)
      await eventually(
        'given back',
        async () => (await Orders.findById(buyer.order.id).lean())?.refunded === 5000,
        60_000,
      )
      await shop.clean()
      assert.deepEqual(
        chargesOf(shop, buyer.order).map(({ refunded_amount: refunded }) => refunded),
        [5000],
      )
      assert.equal(await StaffTasks.countDocuments({ order: buyer.order.id, state: 'open' }), 0)
    })
  }

  const tells = async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    await mongod.stepDown(7)
    const answer = await buyer.try('CHECK_PRODUCT_SUFFICIENT')
    assert(saysTryAgain(answer), answer.text)
    assert.equal(answer.headers.get('retry-after'), '2')
    await eventually('primary again', () => mongod.isPrimary(), 20_000)
    assert.equal((await insist(() => buyer.try('CHECK_PRODUCT_SUFFICIENT'))).status, 200)
    await shop.clean()
  }
  if (everything) it('tells whoever asks meanwhile to try again, and keeps nobody waiting', tells)

  for (const [what, isIt] of Object.entries(writes)) {
    if (!everything && what !== 'STORE is asked') continue
    it(`when ${what}: the order is confirmed, and told once`, async () => {
      const product = await aProduct({ available: 3 })
      const buyer = await shop.buyer('card', { product })
      const { seen, stop } = await atTheMoment(
        (written) => isAbout(written, buyer) && isIt(written),
        () => mongod.stepDown(1),
      )
      const data = { cardToken: await shop.cardToken() }
      const headers = { 'idempotency-key': randomUUID() }
      const { status, text } = await insist(() => buyer.try('CONFIRM_PAYMENT_SELECTION', data, headers))
      assert.equal(status, 200, text)
      await seen
      await stop()
      await comesTo(buyer, 'CONFIRMED')
      await shop.clean()
      assert.equal(chargesOf(shop, buyer.order).length, 1)
      assert.equal((await receiptsOf(buyer)).length, 1)
      assert.deepEqual(await stockOf(product.sku), { available: 2, reserved: 1, shipped: 0 })
    })
  }
})
