import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { Messages } from '../../models/conversation.ts'
import type { Order } from '../../models/order.ts'
import type { Person } from '../../sandbox/messenger/types.ts'
import { until } from '../support/chat.ts'
import { type MessengerShop, openMessenger, pageSays } from '../support/messenger.ts'
import { line, orderIn, tell } from '../support/orders-in-chat.ts'

describe('what Messenger says about an order', () => {
  let shop: MessengerShop
  let person: Person
  before(async () => {
    shop = await openMessenger()
  })
  after(() => shop.close())
  beforeEach(async () => {
    person = await shop.meetOn()
  })

  const id = (order: Order) => String(order._id)
  const order = async (about: Partial<Order> = {}) => orderIn(await shop.conversation(person), about)
  const settled = (of: Order) =>
    until(async () => Messages.findOne({ order: of._id, state: { $in: ['sent', 'failed'] } } as never).lean())
  const card = (of: Order) => ({ orderId: id(of), linkToken: 'a'.repeat(32), digest: 'd1', by: 'bot' })
  const says = (text: string) => shop.messenger.waitFor(person.psid, pageSays(text))

  for (const name of [
    'Quotes " and \\ backslash',
    'line\nbreak\tand\u0000control',
    "{{constructor.constructor('return process')()}}",
    '"}]},"buttons":[{"type":"web_url","title":"Pay","url":"https://evil.example"}]',
    '</script><b>bold</b> & more',
    '👩‍👩‍👧‍👦'.repeat(60),
    'ก็'.repeat(200),
    '\u202Eright to left\u202C',
    '\u200B\u200B',
    '\ud800 half an emoji',
  ]) {
    it(`takes the name ${JSON.stringify(name.slice(0, 30))} as data`, async () => {
      const goods = Array.from({ length: 12 }, (_, number) => line(number + 1, name))
      const of = await order({ lines: goods })
      await tell('order.card', card(of))
      const message = await settled(of)
      assert.equal(message.state, 'sent', message.failure ?? '')
      assert(!JSON.stringify(message.card).includes('"url":"https://evil.example"'))
      assert.doesNotMatch(JSON.stringify([message.card, message.text]), /[\u202a-\u202e\u2066-\u2069]/)
    })
  }

  it('keeps the sum of a long order in sight, and counts what it leaves out', async () => {
    const goods = Array.from({ length: 200 }, (_, number) =>
      line(number + 1, `สินค้าชิ้นที่ ${number + 1} ที่มีชื่อยาวมาก`),
    )
    const of = await order({
      lines: goods,
      totals: { items: 5_000_000, discount: 0, delivery: 0, total: 5_000_000, vat: 0 },
    })
    await tell('order.card', card(of))
    const entry = await says(of.regNo)
    const { payload } = (entry.message as { attachment: { payload: { text: string } } }).attachment
    assert(payload.text.length <= 640)
    assert.match(payload.text, /฿50,000/)
    assert.match(payload.text, /และอีก \d+|อีก \d+/)
  })

  it('is a receipt within its limits, once, for an order of 200 lines in a currency without hundredths', async () => {
    const of = await order({
      currency: 'JPY',
      lines: Array.from({ length: 200 }, (_, number) => line(number + 1, `品物 ${number}`)),
      totals: { items: 5000, discount: 500, delivery: 300, total: 4800, vat: 0 },
      parts: [{ gateway: 'omise', method: 'card', tokenId: null, amount: 4800 }] as never,
      paidAt: new Date(),
      state: 'PAID',
    })
    await tell('order.paid', { orderId: id(of) } as never)
    await tell('order.confirmed', { orderId: id(of) } as never)
    const message = await settled(of)
    assert.equal(message.state, 'sent', message.failure ?? '')
    const { payload } = (message.card as { attachment: { payload: Record<string, unknown> } }).attachment
    assert.deepEqual(payload['summary'], { subtotal: 5000, shipping_cost: 300, total_cost: 4800 })
    assert.deepEqual((payload['adjustments'] as { amount: number }[])[0]?.amount, 500)
    assert.equal((payload['elements'] as unknown[]).length, 100)
  })

  it('tells what becomes of it, with and without buttons', async () => {
    const of = await order({ page: { openedAt: new Date() } as never })
    const orderId = id(of)
    await tell('order.delivered', { orderId } as never)
    await tell('order.expired', { orderId } as never)
    await tell('payment.failed', {
      orderId,
      paymentId: String(new mongoose.Types.ObjectId()),
      code: 'insufficient_fund',
    } as never)
    const sent = await until(async () => {
      const found = await Messages.find({ order: of._id, state: 'sent' }).lean()
      return found.length === 3 && found
    })
    const kinds = sent.map(({ card: shown }) => ('attachment' in (shown as object) ? 'buttons' : 'words'))
    assert.deepEqual(kinds.sort(), ['buttons', 'buttons', 'words'])
  })

  it('shows their orders side by side', async () => {
    for (let count = 0; count < 3; count++) await order()
    await shop.messenger.postback(person.psid, 'my_orders', 'My orders')
    const entry = await shop.messenger.waitFor(person.psid, ({ message }) =>
      JSON.stringify(message).includes('"template_type":"generic"'),
    )
    const { payload } = (entry.message as { attachment: { payload: { elements: unknown[] } } }).attachment
    assert.equal(payload.elements.length, 3)
  })
})
