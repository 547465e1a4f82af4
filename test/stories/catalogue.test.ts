import assert from 'node:assert/strict'
import { Messages } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import { Orders, WebviewLinks } from '../../models/order.ts'
import { type Product, Products, StockMovements, Stocks } from '../../models/store.ts'
import type { CartView, FilledCart } from '../../server/catalogue/contract.ts'
import { inMs, now } from '../../server/database/index.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import { aShopper, startCatalogueShop } from '../support/catalogue.ts'
import { toldOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { aConversation, aProduct, bangkok, eventually, type Story } from '../support/story.ts'

describe('the catalogue that customers order from', function () {
  this.timeout(60_000)
  let shop: Story
  let honey: Product & { sku: string }
  let jam: Product & { sku: string }
  before(async () => {
    ;({ shop, honey, jam } = await startCatalogueShop())
  })
  after(() => shop.close())
  afterEach(() => shop.clean())

  it('makes a draft with the first thing that is put in, which staff may look at and nobody else hears of', async () => {
    const conversation = await aConversation()
    const buyer = await aShopper(shop, { conversation })
    const seen = async () =>
      (
        await expectStatus(
          200,
          shop.agent.get<{ cart: FilledCart | null }>(`/api/conversations/${conversation}/cart`),
        )
      ).cart
    assert.equal(await seen(), null)
    assert.equal(buyer.cart.orderId, null)
    await buyer.want(honey, 2)
    const order = await Orders.findById(buyer.cart.orderId).lean()
    assert.equal(order?.state, 'DRAFT')
    assert.equal(order?.openedAt, null)
    assert.equal(order?.openedBy, 'customer')
    assert.equal(order?.totals.total, 30_000)
    const customer = await Customers.findById(order?.customer).lean()
    assert.equal(customer?.domain, 'LEAD')
    const { rows } = await expectStatus(200, shop.agent.get<{ rows: { id: string }[] }>('/api/orders'))
    assert(!rows.some(({ id }) => id === buyer.cart.orderId))
    const { lines, total, currency } = (await seen()) ?? assert.fail('staff see no cart')
    assert.deepEqual([lines.map(({ quantity }) => quantity), total, currency], [[2], 30_000, 'THB'])
    await buyer.want(honey, 0)
    assert.equal(await seen(), null)
    await buyer.want(honey, 1)
    await buyer.confirm()
    assert.equal(await seen(), null)
  })

  it('opens the order when the cart is confirmed, just as staff do, and goes on to step 1', async () => {
    const buyer = await aShopper(shop)
    await buyer.want(honey, 1)
    await buyer.want(jam, 2)
    const url = await buyer.confirm()
    const view = await shop.staffView(buyer.cart.orderId ?? '')
    assert.equal(view.customer.domain, 'CUSTOMER')
    assert.equal(view.customer.status, 'FOLLOW')
    assert(view.openedAt && view.sent)
    const order = await Orders.findById(view.id).lean()
    assert(order?.deadline)

    const { order: page } = await expectStatus(200, buyer.post<{ order: OrderView }>(`${url}/open`))
    assert.equal(page.id, view.id)
    assert.equal((await shop.staffView(view.id)).customer.status, 'WAITING_FOR_PAYMENT')
    const changed = await expectStatus(
      200,
      buyer.post<OrderView>(`/api/pipeline/${page.id}/UPDATE_DELIVERY_ADDRESS`, {
        version: page.version,
        address: bangkok,
      }),
    )
    assert.equal(changed.couriers[0]?.companyName, 'Kerry')
    // Confirming again opens nothing again: it leads to the same order.
    const again = await buyer.confirm()
    const repeated = await expectStatus(200, buyer.post<{ order: OrderView }>(`${again}/open`))
    assert.equal(repeated.order.id, view.id)
    await eventually('a note for staff', async () => {
      const notes = await Messages.find({ conversation: order.conversation, direction: 'note' }).lean()
      return notes.some(({ text }) => text.includes(view.regNo))
    })
    await eventually('the card in the chat', async () => (await toldOf(view)).includes('card'))
  })

  it('adds up, changes and takes out, and a repeated request changes nothing', async () => {
    const buyer = await aShopper(shop)
    await buyer.want(honey, 2)
    await buyer.want(jam, 1)
    const { version } = buyer.cart
    const twice = { productId: String(honey._id), sku: honey.sku, quantity: 2, seen: 0 }
    const same = await expectStatus(200, buyer.request<CartView>(twice))
    assert.equal(same.version, version)
    await buyer.want(honey, 5)
    assert.deepEqual(
      buyer.cart.lines.map(({ quantity, total }) => [quantity, total]),
      [
        [5, 75_000],
        [1, 14_500],
      ],
    )
    assert.equal(buyer.cart.total, 89_500)
    await buyer.want(honey, 0)
    assert.deepEqual(
      buyer.cart.lines.map(({ sku }) => sku),
      [jam.sku],
    )
  })

  it('says in its place what was sold out, hidden, or has a new price meanwhile', async () => {
    const cheap = await aProduct({ name: 'ถ้วย', price: 5000, available: 3 })
    const gone = await aProduct({ name: 'หมวก', price: 7000 })
    const buyer = await aShopper(shop)
    await buyer.want(cheap, 3)
    await buyer.want(gone, 1)
    const more = await buyer.tryWant(cheap, 4)
    assert.equal(more.status, 409)
    assert.equal(more.body.error.code, 'cart.short')
    assert.equal(more.body.error.details.available, 3)

    await Products.updateOne({ _id: cheap._id }, { $set: { 'prices.THB': 6000 }, $inc: { priceVersion: 1 } })
    await Products.updateOne({ _id: gone._id }, { $set: { hidden: true } })
    const held = await Stocks.findOne({ sku: cheap.sku }).lean()
    await expectStatus(
      200,
      shop.manager.put(`/api/products/${cheap._id}/stock`, {
        sku: cheap.sku,
        storeId: String(held?.store),
        counted: 1,
        reason: 'counted',
      }),
    )
    await buyer.look()
    const [first, second] = buyer.cart.lines
    assert.deepEqual([first?.priceNow, first?.available, second?.priceNow], [6000, 1, null])

    const refused = await buyer.tryConfirm()
    assert.equal(refused.status, 409)
    assert.deepEqual(
      refused.body.error.details.changes.map(({ field, from, to }) => [field, from, to]),
      [
        ['price', 5000, 6000],
        ['line_removed', 1, 0],
        ['total', 22_000, 18_000],
        ['stock', 3, 1],
      ],
    )
    await buyer.look()
    assert.equal(buyer.cart.opened, false)
    await buyer.want(cheap, 1)
    await buyer.confirm()
    // What is hidden is not found, and cannot be put in by whoever still has its page open.
    const missing = await buyer.get(`/api/catalogue/${buyer.id}/goods/${gone._id}`)
    assert.equal(missing.status, 404)
    assert.equal((await buyer.tryWant(gone, 1)).body.error.code, 'product.gone')
  })

  it('holds a cart of 200 lines, and says so at the next', async () => {
    const conversation = await aConversation()
    const store = (await Stocks.findOne({ sku: honey.sku }).lean())?.store
    const skus = Array.from({ length: 201 }, (_, n) => `MANY-${n}`)
    const many = await Products.create({
      number: 5000,
      name: 'ชุดใหญ่',
      prices: { THB: 1000 },
      variants: skus.map((sku, n) => ({ sku, name: `แบบ ${n}` })),
    })
    await Stocks.insertMany(skus.map((sku) => ({ sku, store, available: 9 })))
    const movement = { store, change: 9, reason: 'first', by: 'test', at: now() }
    await StockMovements.insertMany(skus.map((sku) => ({ ...movement, sku })))
    const buyer = await aShopper(shop, { conversation })
    await buyer.want({ _id: many._id, sku: 'MANY-0' }, 1)
    const orderId = buyer.cart.orderId ?? ''
    const items = skus.slice(0, 200).map((sku) => ({ productId: String(many._id), sku, quantity: 1 }))
    const { version } = await shop.staffView(orderId)
    await expectStatus(200, shop.agent.put(`/api/orders/${orderId}/items`, { version, items }))

    await buyer.look()
    assert.equal(buyer.cart.lines.length, 200)
    await buyer.want({ _id: many._id, sku: 'MANY-150' }, 3)
    assert.equal(buyer.cart.total, 202_000)
    const next = await buyer.tryWant({ _id: many._id, sku: 'MANY-200' }, 1)
    assert.deepEqual([next.status, next.body.error.code], [400, 'order.too_long'])
    const url = await buyer.confirm()
    const { order } = await expectStatus(200, buyer.post<{ order: OrderView }>(`${url}/open`))
    assert.equal(order.lines.length, 200)
    // It takes part in no later search.
    await Products.updateOne({ _id: many._id }, { $set: { hidden: true } })
  })

  it('is nobody else’s, and ends with its link', async () => {
    const [buyer, other] = [await aShopper(shop), await aShopper(shop)]
    assert.equal((await other.get(`/api/catalogue/${buyer.id}/cart`)).status, 404)
    await WebviewLinks.updateOne({ _id: buyer.id }, { $set: { expiresAt: inMs(-1000) } })
    assert.equal((await buyer.get(`/api/catalogue/${buyer.id}/cart`)).status, 410)
    assert.equal((await shop.browser().post(`${buyer.link}/browse`)).status, 404)
    // A link to the catalogue opens no order, and one to an order no catalogue.
    assert.equal((await shop.browser().post(`${other.link}/open`)).status, 404)
    const { link } = await shop.order({ product: honey })
    assert.equal((await shop.browser().post(`${link}/browse`)).status, 404)
  })
})
