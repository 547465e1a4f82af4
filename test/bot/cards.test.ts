import assert from 'node:assert/strict'
import { Messages } from '../../models/conversation.ts'
import { DeliveryCases } from '../../models/delivery.ts'
import type { Order } from '../../models/order.ts'
import type { ChatEntry, LineUser } from '../../sandbox/line/types.ts'
import { brokerIdle } from '../../server/broker/index.ts'
import { type ChatShop, openShop, shopSays, until } from '../support/chat.ts'
import { line, orderOf, tell } from '../support/orders-in-chat.ts'

describe('what the chat says about an order', () => {
  let shop: ChatShop
  let user: LineUser
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())
  beforeEach(async () => {
    user = await shop.meet()
  })

  const id = (order: Order) => String(order._id)
  const cards = () => shop.line.received(user.userId).filter(({ message }) => message['type'] === 'flex')
  const says = (text: string) => shop.line.waitFor(user.userId, shopSays(text))
  const nothingMore = async (count: number) => {
    await brokerIdle()
    await until(async () => !(await Messages.exists({ state: { $in: ['queued', 'sending'] } })))
    assert.equal(cards().length, count)
  }
  const linkIn = ({ message }: ChatEntry) => /"uri":"([^"]+)"/.exec(JSON.stringify(message))?.[1] ?? ''

  it('is a card that leads to its page, sent once, however often the word comes', async () => {
    const order = await orderOf(user)
    const card = { orderId: id(order), linkToken: 'a'.repeat(32), digest: 'd1', by: 'bot' }
    await Promise.all([tell('order.card', card), tell('order.card', card)])
    await tell('order.card', card)
    const entry = await says(order.regNo)
    assert(linkIn(entry).endsWith(`/${'a'.repeat(32)}`))
    assert(linkIn(entry).includes(shop.sandbox.channel.liffId))
    await nothingMore(1)
    await tell('order.card', { ...card, digest: 'd2' })
    await until(async () => cards().length === 2)
    const stored = await Messages.findOne({ order: order._id }).lean()
    assert.deepEqual(stored?.card, entry.message['contents'], 'what staff see is what was sent')
  })

  const names = [
    'Quotes " and \\ backslash',
    'line\nbreak\tand\u0000control',
    "{{constructor.constructor('return process')()}}",
    '{{#each this}}{{{lookup . "x"}}}{{/each}}',
    '"},{"type":"button","action":{"type":"uri","label":"Pay","uri":"https://evil.example"}}',
    '</script><b>bold</b> & more',
    '👩‍👩‍👧‍👦'.repeat(60),
    'ก็'.repeat(200),
    '\u202Eright to left\u202C',
    '\u200B\u200B',
    '   ',
    '\ud800 half an emoji',
    '__proto__',
  ]
  for (const name of names) {
    it(`takes the name ${JSON.stringify(name.slice(0, 30))} as data`, async () => {
      const order = await orderOf(user, { lines: [{ ...line(1, name), variant: name }] })
      await tell('order.card', { orderId: id(order), linkToken: 'b'.repeat(32), digest: name, by: 'bot' })
      const message = await until(async () =>
        Messages.findOne({ order: order._id, state: { $in: ['sent', 'failed'] } } as never).lean(),
      )
      assert.equal(message.state, 'sent', message.failure ?? '')
      assert(!JSON.stringify(message.card).includes('"uri":"https://evil.example"'))
      assert.doesNotMatch(JSON.stringify([message.card, message.text]), /[\u202a-\u202e\u2066-\u2069]/)
    })
  }

  it('names the first ten goods of a long order, and counts the rest', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => line(index + 1, `สินค้า ${index + 1}`))
    const order = await orderOf(user, { lines, language: 'en' })
    await tell('order.card', { orderId: id(order), linkToken: 'c'.repeat(32), digest: 'x', by: 'bot' })
    await says('and 30 more items')
  })

  it('is one receipt for a paid order', async () => {
    const order = await orderOf(user, {
      state: 'PAID',
      paidAt: new Date('2026-11-21T05:30:00Z'),
      parts: [{ part: 1, gateway: 'omise', method: 'promptpay', amount: 25000 }],
    })
    await tell('order.paid', { orderId: id(order) })
    await tell('order.paid', { orderId: id(order) })
    await tell('order.confirmed', { orderId: id(order) })
    const entry = await says('ได้รับชำระเงินแล้ว')
    const text = JSON.stringify(entry.message)
    assert(text.includes('พร้อมเพย์'))
    assert(text.includes('฿250'))
    assert(text.includes('2569'), 'the year as Thai readers count it')
    await nothingMore(1)
  })

  it('follows the parcel', async () => {
    const order = await orderOf(user, { state: 'FULFILLING', language: 'en', paidAt: new Date() })
    await DeliveryCases.create({
      order: order._id,
      state: 'IN_TRANSIT',
      courierName: 'Thai Post',
      tracking: 'TH123456789',
      trackingUrl: 'https://track.example/TH123456789',
    })
    await tell('order.sent', { orderId: id(order) })
    const entry = await says('TH123456789')
    assert.equal(linkIn(entry), 'https://track.example/TH123456789')
    await tell('order.delivered', { orderId: id(order) })
    await says('Delivered')
  })

  it('tells the truth about money', async () => {
    const order = await orderOf(user, {
      language: 'en',
      card: { sentAt: new Date(), digest: '', message: null },
    })
    const orderId = id(order)
    await tell('payment.failed', { orderId, paymentId: 'p1', code: 'insufficient_fund' })
    await says('not enough money')
    await tell('payment.failed', { orderId, paymentId: 'p2', code: 'constructor' })
    await until(async () => cards().length === 2)
    await tell('payment.late', { orderId, paymentId: 'p3', outcome: 'refunded' })
    await says('The whole amount is on its way back')
    await tell('payment.late', { orderId, paymentId: 'p4', outcome: 'accepted' })
    await says('your order goes ahead')
    await tell('payment.refunded', { orderId, paymentId: 'p1', opId: 'op1', amount: 12345, currency: 'THB' })
    await says('฿123.45')
    await tell('order.canceled', { orderId, reason: 'stock', refunded: true })
    await says('your money is on its way back')
  })

  it('reminds once, and offers to take up again what has lapsed', async () => {
    const order = await orderOf(user, {
      language: 'en',
      card: { sentAt: new Date(), digest: '', message: null },
    })
    await tell('order.reminder', { orderId: id(order) })
    await says('We hold the goods for you until')
    await tell('order.expired', { orderId: id(order) })
    const entry = await says('has expired')
    assert(linkIn(entry))
  })

  it('is silent about a draft that the customer never saw', async () => {
    const order = await orderOf(user)
    await tell('order.expired', { orderId: id(order) })
    await tell('order.canceled', { orderId: id(order), reason: 'mistake', refunded: false })
    await nothingMore(0)
  })
})
