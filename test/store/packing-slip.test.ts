import assert from 'node:assert/strict'
import { Types } from 'mongoose'
import { Orders } from '../../models/order.ts'
import { StockHolds, Stores } from '../../models/store.ts'
import { loginAs } from '../support/people.ts'
import { startServer, type TestServer } from '../support/server.ts'

describe('a packing slip', () => {
  let shop: TestServer
  before(async () => {
    shop = await startServer({ demo: true })
  })
  after(() => shop.close())

  it('says what to take from where and where it goes, and runs nothing that people wrote', async () => {
    const order = new Types.ObjectId()
    const store = (await Stores.findOne({ number: 2 }).lean())?._id ?? new Types.ObjectId()
    await Orders.create({
      _id: order,
      number: 1,
      regNo: 'P-1',
      customer: new Types.ObjectId(),
      channel: 'line',
      language: 'en',
      openedBy: 'staff',
      state: 'CONFIRMED',
      version: 1,
      currency: 'THB',
      lines: [
        {
          number: 1,
          kind: 'GOODS',
          name: 'Honey <script>alert(1)</script>',
          variant: 'HON-250',
          unitPrice: 1,
          quantity: 3,
        },
        { number: 2, kind: 'GIFT_CARD', name: 'Card', unitPrice: 1, quantity: 1 },
      ],
      address: { name: 'สมชาย', phone: '0812345678', line1: '1 สุขุมวิท', postalCode: '10110', country: 'TH' },
      delivery: {
        type: 'courier',
        companyName: 'EMS',
        cost: 0,
        costConfirmed: true,
        estimatedDate: '2026-11-23',
      },
      totals: { items: 4, discount: 0, delivery: 0, total: 4, vat: 0 },
    })
    await StockHolds.create({
      order,
      line: 1,
      store,
      sku: 'HON-250',
      quantity: 3,
      state: 'COMMITTED',
      expiresAt: new Date(),
    })
    const agent = await loginAs(shop.url, 'agent')
    const { status, text, headers } = await agent.get(`/api/orders/${order}/packing-slip`)
    assert.equal(status, 200)
    assert.match(headers.get('content-type') ?? '', /text\/html/)
    assert.match(text, /บ้านส้มโอ/)
    assert.match(text, /P-1/)
    assert.match(text, /HON-250/)
    assert.match(text, /คลังนนทบุรี × 3/)
    assert.match(text, /0812345678/)
    assert.match(text, /<svg/)
    assert.match(text, /Honey &lt;script&gt;/)
    assert.doesNotMatch(text, /<script|>Card</)
    assert.match(text, /รวม 3 ชิ้น/)
    assert.equal((await agent.get(`/api/orders/${new Types.ObjectId()}/packing-slip`)).status, 404)
    assert.equal((await shop.browser().get(`/api/orders/${order}/packing-slip`)).status, 401)
  })
})
