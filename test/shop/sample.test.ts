import assert from 'node:assert/strict'
import { Couriers } from '../../models/delivery.ts'
import { Orders } from '../../models/order.ts'
import { Products } from '../../models/store.ts'
import type { GoodsPage } from '../../server/catalogue/contract.ts'
import { verify } from '../../server/database/verify.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import type { ShopSettingsView } from '../../server/shop/contract.ts'
import { type SampleCountry, samples } from '../../server/shop/demo/index.ts'
import { drawPicture } from '../../server/shop/demo-pictures.ts'
import { aShopper } from '../support/catalogue.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import { aConversation, eventually } from '../support/story.ts'

/** Everything that a country brings with it, and an address as it is written there. */
const countries = {
  ID: {
    currency: 'IDR',
    language: 'id',
    zone: 'Asia/Jakarta',
    address: { phone: '0812 3456 7890', city: 'Jakarta Selatan', postalCode: '12730' },
  },
  JP: {
    currency: 'JPY',
    language: 'ja',
    zone: 'Asia/Tokyo',
    address: { phone: '090-1234-5678', province: '東京都', city: '渋谷区', postalCode: '150-0001' },
  },
  TM: {
    currency: 'TMT',
    language: 'tk',
    zone: 'Asia/Ashgabat',
    address: { phone: '+993 65 123456', city: 'Aşgabat', postalCode: '744000' },
  },
  RU: {
    currency: 'RUB',
    language: 'ru',
    zone: 'Europe/Moscow',
    address: { phone: '+7 912 345-67-89', city: 'Москва', postalCode: '115035' },
  },
  TH: {
    currency: 'THB',
    language: 'th',
    zone: 'Asia/Bangkok',
    address: { phone: '081 234 5678', province: 'กรุงเทพมหานคร', postalCode: '10400' },
  },
} as const

describe('the sample shop moves to another country', function () {
  this.timeout(60_000)
  let shop: TestShop
  let admin: StaffMember
  let agent: StaffMember
  before(async () => {
    shop = await startShop()
    admin = await loginAs(shop.url, 'admin')
    agent = await loginAs(shop.url, 'agent')
  })
  after(() => shop.close())

  for (const [country, is] of Object.entries(countries)) {
    it(`${country}, with its money, its language, its goods and its addresses`, async () => {
      const view = await expectStatus(200, admin.post<ShopSettingsView>('/api/shop/sample', { country }))
      assert.deepEqual(
        [view.country, view.currency, view.language, view.zone],
        [country, is.currency, is.language, is.zone],
      )
      assert.deepEqual(view.limits, samples[country as SampleCountry].settings.limits)
      const buyer = await aShopper({ agent, browser: shop.browser })
      const { goods } = await expectStatus(200, buyer.get<GoodsPage>(`/api/catalogue/${buyer.id}/goods`))
      assert(goods.length >= 11)
      for (const { image } of goods)
        assert(drawPicture(/demo-(\w+)\.jpg/.exec(image ?? '')?.[1] ?? ''), image ?? '')

      const product = await Products.findOne({ hidden: false, 'images.0': /tea/ }).lean()
      assert(product)
      await buyer.want({ _id: product._id, sku: product.variants[0]?.sku ?? '' }, 1)
      const { order } = await expectStatus(
        200,
        buyer.post<{ order: OrderView }>(`${await buyer.confirm()}/open`),
      )
      assert.equal(order.currency, is.currency)
      const address = { name: 'Ana', line1: '1', country, ...is.address }
      await expectStatus(
        200,
        buyer.post(`/api/pipeline/${order.id}/UPDATE_DELIVERY_ADDRESS`, { version: order.version, address }),
      )
      const active = (await Couriers.find({ active: true }).lean()).map(({ name }) => name).toSorted()
      // What couriers there are is known for a second.
      await eventually('the couriers of the country', async () => {
        const view = await expectStatus(200, buyer.get<OrderView>(`/api/pipeline/${order.id}`))
        return String(view.couriers.map(({ companyName }) => companyName).toSorted()) === String(active)
      })
    })
  }

  it('closes the carts that were filled in the old money, and keeps its books right', async () => {
    const buyer = await aShopper({ agent, browser: shop.browser })
    const product = await Products.findOne({ hidden: false, 'images.0': /jam/ }).lean()
    assert(product)
    await buyer.want({ _id: product._id, sku: product.variants[0]?.sku ?? '' }, 1)
    await expectStatus(200, admin.post('/api/shop/sample', { country: 'RU' }))
    assert.equal((await Orders.findById(buyer.cart.orderId).lean())?.state, 'CANCELED')
    assert.deepEqual(await verify(), [])
  })

  it('where somebody may decide it', async () => {
    const answer = await agent.post('/api/shop/sample', { country: 'TH' })
    assert.equal(answer.status, 403)
    assert.equal((await admin.post('/api/shop/sample', { country: 'XX' })).status, 400)
    const conversation = await aConversation()
    assert.equal(
      (await agent.post(`/api/conversations/${conversation}/catalog`, { productIds: ['0'.repeat(24)] }))
        .status,
      409,
    )
  })
})
