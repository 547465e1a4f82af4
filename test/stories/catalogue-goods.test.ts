import assert from 'node:assert/strict'
import { Categories, type Product, Products } from '../../models/store.ts'
import type { GoodsPage, GoodsView } from '../../server/catalogue/contract.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import { aShopper, startCatalogueShop } from '../support/catalogue.ts'
import { expectStatus } from '../support/client.ts'
import { aConversation, aProduct, type Story } from '../support/story.ts'

describe('the goods in the catalogue', function () {
  this.timeout(60_000)
  let shop: Story
  let honey: Product & { sku: string }
  let jam: Product & { sku: string }
  before(async () => {
    ;({ shop, honey, jam } = await startCatalogueShop())
  })
  after(() => shop.close())
  afterEach(() => shop.clean())

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
})
