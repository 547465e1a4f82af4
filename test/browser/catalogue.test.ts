import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Orders, WebviewLinks } from '../../models/order.ts'
import { Products } from '../../models/store.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import { expectStatus } from '../support/client.ts'
import { axeProblems, type PageShop, startPageShop } from '../support/customer-page.ts'
import { loginAs } from '../support/people.ts'
import { aConversation, eventually } from '../support/story.ts'

/** Screenshots for people to look at, where somebody asks for them. */
const pictures = process.env['PICTURES']

describe('the catalogue in a browser', function () {
  this.timeout(90_000)
  let shop: PageShop
  before(async () => {
    if (pictures) mkdirSync(pictures, { recursive: true })
    shop = await startPageShop()
  })
  after(() => shop.close())

  async function link(conversation?: string, choice: object = {}): Promise<string> {
    const path = `/api/conversations/${conversation ?? (await aConversation())}/catalog/link`
    const { url } = await expectStatus(200, shop.agent.post<{ url: string }>(path, choice))
    return new URL(url).pathname
  }

  /** Nothing for axe, and nothing beyond the edge of a small phone. */
  async function expectGood(page: Page, state: string): Promise<void> {
    assert.deepEqual(await axeProblems(page), [], state)
    if (pictures) await page.screenshot({ path: join(pictures, `catalogue-${state}.png`), fullPage: true })
    await page.setViewportSize({ width: 320, height: 640 })
    const [wide = 0, screen = 0] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      window.innerWidth,
    ])
    assert.ok(wide <= screen, `${state}: ${wide} wide on a screen of ${screen}`)
    await page.setViewportSize({ width: 390, height: 844 })
  }

  const nameOf = (key: string) => shop.products.find(({ images }) => images[0]?.includes(key))?.name ?? ''

  it('leads from a search to a cart, a removal that is confirmed, and the checkout', async () => {
    const { page, complaints } = await shop.visit(await link())
    await expectGood(page, 'list')
    await page.getByRole('searchbox').fill('ดอกลำไย')
    await page.waitForURL(/[?&]q=/)
    await page.getByRole('link', { name: nameOf('honey') }).click()
    await page.getByRole('heading', { name: nameOf('honey') }).waitFor()
    await page.locator('input[name="variant"][value="HON-500"]').check()
    await page.locator('.product-price').getByText('฿280').waitFor()
    await page.getByRole('button', { name: 'เพิ่มหนึ่งชิ้น' }).click()
    await page.locator('#add').click()
    await page.locator('.cart-bar').getByText('฿560').waitFor()
    await expectGood(page, 'product')

    // Back is the list that was searched.
    await page.goBack()
    assert.equal(await page.getByRole('searchbox').inputValue(), 'ดอกลำไย')
    await page.getByRole('link', { name: 'ทั้งหมด', exact: true }).click()
    await page.getByRole('link', { name: nameOf('jam') }).click()
    await page.locator('#add').click()
    await page.locator('.cart-bar a').click()
    await page.getByText('฿705').waitFor()
    await expectGood(page, 'cart')

    const jam = page.locator('.cart-line').filter({ hasText: nameOf('jam') })
    await jam.getByRole('button', { name: /นำออก/ }).click()
    await expectGood(page, 'removal')
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('.cart-line').count(), 2)
    await jam.getByRole('button', { name: /นำออก/ }).click()
    await page.locator('#remove').click()
    await page.locator('.cart-total').getByText('฿560').waitFor()

    await page.locator('#confirm').click()
    await page.locator('#pay').waitFor()
    await page.locator('#address-name').waitFor()
    assert.deepEqual(complaints, [])
  })

  it('shows at once what staff do to the same order', async () => {
    const conversation = await aConversation()
    const { page } = await shop.visit(await link(conversation))
    await page.getByRole('link', { name: nameOf('soap') }).click()
    await page.locator('#add').click()
    await page.locator('.cart-bar a').click()
    const order = await expectStatus(
      200,
      shop.agent.post<StaffOrderView>(`/api/conversations/${conversation}/orders`),
    )
    const jam = shop.products.findIndex(({ images }) => images[0]?.includes('jam'))
    const soap = shop.products.findIndex(({ images }) => images[0]?.includes('soap'))
    await shop.setItems(order.id, { [soap]: 1, [jam]: 2 })
    await page.locator('#confirm').click()
    await page
      .locator('.news')
      .getByText(`ร้านเพิ่ม ${nameOf('jam')}`)
      .waitFor()
    assert.equal(await page.locator('.cart-line').count(), 2)
    await expectGood(page, 'changed')
    await page.locator('#confirm').click()
    await page.locator('#pay').waitFor()
  })

  it('says at the product that it is sold out, or not sold any more', async () => {
    const mango = shop.products.find(({ images }) => images[0]?.includes('mango'))
    assert(mango)
    const path = await link()
    const { page } = await shop.visit(`${path}/p/${mango._id}`)
    await page.locator('.product-out').waitFor()
    await expectGood(page, 'sold-out')
    await Products.updateOne({ _id: mango._id }, { $set: { hidden: true } })
    await page.reload()
    await page.getByRole('heading', { name: 'สินค้านี้เลิกขายแล้ว' }).waitFor()
    await expectGood(page, 'gone')
    await Products.updateOne({ _id: mango._id }, { $set: { hidden: false } })
  })

  it('begins with what staff picked, and can be read before any script', async () => {
    const picked = shop.products.slice(0, 2)
    const path = await link(undefined, { productIds: picked.map(({ _id }) => String(_id)) })
    const { page } = await shop.visit(path, { javaScriptEnabled: false })
    assert.equal(await page.locator('.goods > li').count(), 2)
    await page.getByRole('link', { name: picked[0]?.name ?? '' }).click()
    await page.getByRole('heading', { name: picked[0]?.name ?? '' }).waitFor()
  })

  it('shows a crawler the goods, and neither makes nor tells anything of the customer', async () => {
    const conversation = await aConversation()
    const path = await link(conversation)
    const { page } = await shop.visit(path)
    await page.getByRole('link', { name: nameOf('jam') }).click()
    await page.locator('#add').click()
    await page.locator('.cart-bar').waitFor()
    const before = await Orders.find({ conversation }).lean()
    const crawler = shop.browser()
    for (const address of [path, `${path}/cart`, `${path}?q=<script>alert(1)</script>`]) {
      const { status, text, headers } = await crawler.get(address)
      assert.equal(status, 200)
      assert(text.includes('"cart":null') && !text.includes('<script>alert'))
      assert.equal(headers.get('x-robots-tag'), 'noindex')
    }
    assert.match((await crawler.get(path)).text, new RegExp(nameOf('jam')))
    assert.deepEqual(await Orders.find({ conversation }).lean(), before)
    await WebviewLinks.updateMany({ customer: before[0]?.customer ?? null }, { expiresAt: new Date(0) })
    const gone = await crawler.get(`${path}/cart`)
    assert.equal(gone.status, 404)
    assert.match(gone.text, /ลิงก์นี้หมดอายุแล้ว|หมดอายุ/)
  })

  it('has the cart on every device, also when it was filled on another', async () => {
    const conversation = await aConversation()
    const [one, other] = [await link(conversation), await link(conversation)]
    const { page } = await shop.visit(one)
    await page.getByRole('link', { name: nameOf('jam') }).click()
    await page.locator('#add').click()
    await page.locator('.cart-bar').waitFor()
    const second = await shop.visit(other)
    await eventually('the cart', async () => (await second.page.locator('.cart-bar').count()) === 1)
  })

  it('asks in Japan for a Japanese address, in yen', async () => {
    const admin = await loginAs(shop.url, 'admin')
    await expectStatus(200, admin.post('/api/shop/sample', { country: 'JP' }))
    const { page, complaints } = await shop.visit(await link())
    await page.getByRole('link', { name: '宇治抹茶入り玄米茶' }).click()
    await page.locator('#add').click()
    await page.locator('.cart-bar a').click()
    await page.locator('.cart-total').getByText('¥1,080').waitFor()
    await page.locator('#confirm').click()
    await page.locator('#address-name').fill('山田花子')
    await page.locator('#address-phone').fill('090-1234-5678')
    await page.locator('#address-postalCode').fill('1500001')
    await page.locator('#address-province').fill('東京都')
    await page.locator('#address-city').fill('渋谷区')
    await page.locator('#address-line1').fill('神宮前1-2-3')
    assert.equal(await page.locator('#address-postalCode').inputValue(), '150-0001')
    assert.deepEqual(await axeProblems(page), [])
    await page.locator('.address-save').click()
    await page.locator('.address-text').getByText('〒150-0001').waitFor()
    await page.locator('input[value="courier:ヤマト運輸 宅急便"]').waitFor()
    assert.deepEqual(complaints, [])
  })
})
