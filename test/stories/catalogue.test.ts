import assert from 'node:assert/strict'
import { Outbox } from '../../models/broker.ts'
import { Messages } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import { Orders, WebviewLinks } from '../../models/order.ts'
import { Categories, type Product, Products, StockMovements, Stocks } from '../../models/store.ts'
import type { CartView, FilledCart, GoodsPage, GoodsView } from '../../server/catalogue/contract.ts'
import { inMs, now } from '../../server/database/index.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import { aShopper } from '../support/catalogue.ts'
import { toldOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { aConversation, aProduct, bangkok, eventually, type Story, startStory } from '../support/story.ts'

describe('the catalogue that customers order from', function () {
  this.timeout(60_000)
  let shop: Story
  let honey: Product & { sku: string }
  let jam: Product & { sku: string }
  before(async () => {
    shop = await startStory()
    honey = await aProduct({ name: 'น้ำผึ้งดอกลำไย เชียงใหม่', price: 15_000, available: 40 })
    jam = await aProduct({ name: 'マンゴージャム', price: 14_500, available: 30 })
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

  it('keeps one cart of a customer, however many links and taps begin it', async () => {
    const conversation = await aConversation()
    const buyers = await Promise.all(Array.from({ length: 6 }, () => aShopper(shop, { conversation })))
    const wish = { productId: String(honey._id), sku: honey.sku, quantity: 1, seen: 0 }
    const answers = await Promise.all(buyers.map((buyer) => buyer.request<CartView>(wish)))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
    const drafts = await Orders.find({ conversation }).lean()
    assert.equal(drafts.length, 1)
    assert.equal(drafts[0]?.lines[0]?.quantity, 1)
  })

  it('loses no line while staff and customer edit one order at the same moment', async () => {
    const buyer = await aShopper(shop)
    const goods = await Promise.all(Array.from({ length: 6 }, (_, n) => aProduct({ name: `ของ ${n}` })))
    await buyer.want(goods[0] as typeof honey, 1)
    const orderId = buyer.cart.orderId ?? ''
    const staff = async () => {
      for (const product of goods.slice(3)) {
        for (;;) {
          const { version, lines, staffLines } = await shop.staffView(orderId)
          const items = [
            ...lines.map(({ number, productId, quantity }) => ({
              number,
              productId,
              sku: staffLines.find((line) => line.number === number)?.sku,
              quantity,
            })),
            { productId: String(product._id), quantity: 3 },
          ]
          const answer = await shop.agent.put(`/api/orders/${orderId}/items`, { version, items })
          if (answer.status === 200) break
          assert.equal(answer.status, 409)
        }
      }
    }
    const customer = async () => {
      for (const product of goods.slice(1, 3)) await buyer.want(product, 2)
      await buyer.want(goods[0] as typeof honey, 4)
    }
    await Promise.all([staff(), customer()])
    const { lines } = await shop.staffView(orderId)
    assert.deepEqual(lines.map(({ quantity }) => quantity).toSorted(), [2, 2, 3, 3, 3, 4])
    await buyer.look()
    assert.equal(buyer.cart.lines.length, 6)
  })

  it('shows whoever was late at the same thing what the other did', async () => {
    const buyer = await aShopper(shop)
    await buyer.want(honey, 2)
    const orderId = buyer.cart.orderId ?? ''
    const { version } = await shop.staffView(orderId)
    const items = [{ number: 1, productId: String(honey._id), sku: honey.sku, quantity: 7 }]
    await expectStatus(200, shop.agent.put(`/api/orders/${orderId}/items`, { version, items }))

    const late = await buyer.tryWant(honey, 3)
    assert.equal(late.status, 409)
    assert.equal(late.body.error.code, 'cart.changed')
    assert.equal(late.body.error.details.cart.lines[0]?.quantity, 7)
    const blind = await buyer.tryConfirm()
    assert.equal(blind.status, 409)
    assert.equal(blind.body.error.code, 'cart.changed')
    const behind = await shop.agent.put<{ error: { details: { order: StaffOrderView } } }>(
      `/api/orders/${orderId}/items`,
      { version, items },
    )
    assert.equal(behind.status, 409)
    assert.equal(behind.body.error.details.order.lines[0]?.quantity, 7)
  })

  it('lets staff open the cart that a customer is still filling', async () => {
    const conversation = await aConversation()
    const buyer = await aShopper(shop, { conversation })
    await buyer.want(honey, 2)
    const opened = await expectStatus(
      200,
      shop.agent.post<StaffOrderView>(`/api/conversations/${conversation}/orders`),
    )
    assert.equal(opened.id, buyer.cart.orderId)
    assert.equal(opened.openedBy, 'staff')
    assert.equal(opened.customer.domain, 'CUSTOMER')
    await buyer.want(jam, 1)
    assert.equal(buyer.cart.orderId, opened.id)
    assert.equal((await shop.staffView(opened.id)).lines.length, 2)
  })

  it('is opened once when customer and staff open it at the same moment', async () => {
    const conversation = await aConversation()
    const buyer = await aShopper(shop, { conversation })
    await buyer.want(honey, 1)
    const open = `/api/conversations/${conversation}/orders`
    const [byStaff, ...confirmed] = await Promise.all([
      shop.agent.post<StaffOrderView>(open),
      buyer.tryConfirm(),
      buyer.tryConfirm(),
    ])
    assert.deepEqual([byStaff.status, ...confirmed.map(({ status }) => status)], [200, 200, 200])
    assert.equal(byStaff.body.id, buyer.cart.orderId)
    assert.equal(await Orders.countDocuments({ conversation }), 1)
    const opened = await Outbox.countDocuments({ type: 'order.opened', 'payload.orderId': byStaff.body.id })
    assert.equal(opened, 1)
  })

  it('takes no more off than staff meant, when the customer then takes things out', async () => {
    const conversation = await aConversation()
    const buyer = await aShopper(shop, { conversation })
    await buyer.want(honey, 10)
    const orderId = buyer.cart.orderId ?? ''
    const items = [
      {
        number: 1,
        productId: String(honey._id),
        sku: honey.sku,
        quantity: 10,
        discount: { amount: 10_000, reason: 'ลูกค้าประจำ' },
      },
    ]
    const { version } = await shop.staffView(orderId)
    await expectStatus(200, shop.agent.put(`/api/orders/${orderId}/items`, { version, items }))
    await buyer.look()
    await buyer.want(honey, 1)
    assert.equal(buyer.cart.lines[0]?.discount, 1000)
    assert.equal(buyer.cart.total, 14_000)
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

  it('finds Thai and Japanese words inside names, by category, and page by page', async () => {
    const drinks = await Categories.create({ name: 'เครื่องดื่ม', position: 1 })
    const { body } = await shop.manager.patch<{ version: number }>(`/api/products/${honey._id}`, {
      version: (await Products.findById(honey._id).lean())?.version,
      categoryId: String(drinks._id),
      name: honey.name,
    })
    assert(body.version >= 0)
    await shop.manager.patch(`/api/products/${jam._id}`, { version: 0, name: `${jam.name}!` })
    const buyer = await aShopper(shop)
    const find = async (query: string) =>
      expectStatus(200, buyer.get<GoodsPage>(`/api/catalogue/${buyer.id}/goods?${query}`))
    const names = async (query: string) => (await find(query)).goods.map(({ name }) => name)
    assert.deepEqual(await names(`q=${encodeURIComponent('ดอกลำไย')}`), [honey.name])
    assert.deepEqual(await names(`q=${encodeURIComponent('ジャム')}`), [`${jam.name}!`])
    assert.deepEqual(await names(`category=${drinks._id}`), [honey.name])
    const page = await find('limit=1')
    assert.equal(page.goods.length, 1)
    const next = await find(`limit=1&cursor=${page.cursor}`)
    assert.notEqual(next.goods[0]?.id, page.goods[0]?.id)
    const view = await expectStatus(
      200,
      buyer.get<GoodsView>(`/api/catalogue/${buyer.id}/goods/${honey._id}`),
    )
    assert.equal(view.variants[0]?.stores[0]?.name, 'Main store')
  })

  it('shows prices in the currency of the order, and only what has one', async () => {
    const conversation = await aConversation()
    const both = await aProduct({ name: 'ผ้าไหม' })
    await Products.updateOne({ _id: both._id }, { $set: { 'prices.JPY': 2500 } })
    const buyer = await aShopper(shop, { conversation, choice: { currency: 'JPY' } })
    const { goods } = await expectStatus(200, buyer.get<GoodsPage>(`/api/catalogue/${buyer.id}/goods`))
    assert.deepEqual(
      goods.map(({ name, price }) => [name, price]),
      [['ผ้าไหม', 2500]],
    )
    await buyer.want(both, 2)
    const url = await buyer.confirm()
    const { order } = await expectStatus(200, buyer.post<{ order: OrderView }>(`${url}/open`))
    assert.equal(order.currency, 'JPY')
    assert.equal(order.totals.total, 5000)
    // The shop's gateways are Omise's: they take no yen, so the page offers no way that would be refused.
    assert(order.methods.every(({ method }) => method !== 'promptpay'))
    const opened = await expectStatus(
      200,
      shop.agent.post<StaffOrderView>(`/api/conversations/${await aConversation()}/orders`, {
        currency: 'JPY',
      }),
    )
    assert.equal(opened.currency, 'JPY')
    const { currencies } = await expectStatus(
      200,
      shop.agent.get<{ currencies: string[] }>('/api/currencies'),
    )
    assert.deepEqual(currencies, ['THB', 'JPY'])
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
