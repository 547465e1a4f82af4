import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Outbox } from '../../models/broker.ts'
import { Orders } from '../../models/order.ts'
import type { Product } from '../../models/store.ts'
import type { CartView } from '../../server/catalogue/contract.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import { aShopper, startCatalogueShop } from '../support/catalogue.ts'
import { expectStatus } from '../support/client.ts'
import { aConversation, aProduct, type Story } from '../support/story.ts'

describe('a cart that several change at once', function () {
  this.timeout(60_000)
  let shop: Story
  let honey: Product & { sku: string }
  let jam: Product & { sku: string }
  before(async () => {
    ;({ shop, honey, jam } = await startCatalogueShop())
  })
  after(() => shop.close())
  afterEach(() => shop.clean())

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

  for (const [what, pieces] of [
    ['a cart', 1],
    ['no cart', 0],
  ] as const) {
    it(`is one order, however often staff ask for the same, where there is ${what}`, async () => {
      const conversation = await aConversation()
      const buyer = await aShopper(shop, { conversation })
      if (pieces) await buyer.want(honey, pieces)
      const clientId = randomUUID()
      const ask = () =>
        expectStatus(
          200,
          shop.agent.post<StaffOrderView>(`/api/conversations/${conversation}/orders`, { clientId }),
        )
      const opened = [...(await Promise.all([ask(), ask(), ask()])), await ask()]
      assert.equal(new Set(opened.map(({ id }) => id)).size, 1)
      assert.equal(await Orders.countDocuments({ conversation }), 1)
      const told = { type: 'order.opened', 'payload.orderId': opened[0]?.id }
      assert.equal(await Outbox.countDocuments(told), 1)
    })
  }

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
})
