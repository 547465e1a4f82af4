import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Products } from '../../models/store.ts'
import { decide } from '../support/checkout.ts'
import { axeProblems, type PageShop, startPageShop } from '../support/customer-page.ts'
import { eventually } from '../support/story.ts'

/** Screenshots for people to look at, where somebody asks for them. */
const pictures = process.env['PICTURES']

describe("the pages of a customer's orders, in a browser,", function () {
  this.timeout(60_000)
  let shop: PageShop
  before(async () => {
    if (pictures) mkdirSync(pictures, { recursive: true })
    shop = await startPageShop()
    await Products.updateMany({}, { $set: { 'prices.IDR': 2_500_000 } })
    await decide({ currency: 'IDR', country: 'ID', language: 'en', languages: ['en', 'th'] })
  })
  after(() => shop.close())

  /** A browser that has opened the link of an order's card, as the customer's own session. */
  async function arrive(link: string) {
    const visit = await shop.visit(link)
    await eventually('opened', async () => (await visit.context.cookies(shop.settings.publicUrl)).length > 0)
    await visit.context.addCookies([{ name: 'language', value: 'en', url: shop.settings.publicUrl }])
    return visit
  }

  async function typeAddress(page: Page): Promise<void> {
    await page.getByLabel('Full name').fill('Budi Santoso')
    await page.getByLabel('Mobile number').fill('0812 3456 7890')
    await page.getByLabel(/^E-mail/).fill('budi@example.com')
    await page.getByLabel(/^(House number|Street)/).fill('Jl. Sudirman 1')
    await page.getByLabel('District').fill('Karet Tengsin')
    await page.getByLabel('City or regency').fill('Jakarta Pusat')
    await page.getByLabel('Province').fill('DKI Jakarta')
    await page.getByLabel('Postcode').fill('10220')
  }

  /** Nothing for axe, nothing beyond the edge of a small phone. */
  async function expectGood(page: Page, name: string): Promise<void> {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
    assert.deepEqual(await axeProblems(page), [], name)
    await page.setViewportSize({ width: 320, height: 640 })
    const [wide = 0, screen = 0] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      window.innerWidth,
    ])
    assert.ok(wide <= screen, `${name}: ${wide} wide on a screen of ${screen}`)
    await page.setViewportSize({ width: 390, height: 844 })
  }

  it('lead from the list over a new order to the page of iPaymu and back to a paid order', async () => {
    const { link } = await shop.order({ 0: 1 })
    const { page, complaints } = await arrive(link)
    await page.goto(`${shop.settings.publicUrl}/my/orders`)
    await expectGood(page, 'list')

    await page.getByRole('link', { name: 'New order' }).click()
    await expectGood(page, 'create')
    await typeAddress(page)
    await page.getByRole('button', { name: 'Place the order' }).click()

    await page.getByText('Payment summary').waitFor()
    await expectGood(page, 'order')
    await page.getByRole('button', { name: 'Pay now' }).click()

    await page.getByRole('button', { name: 'BCA Virtual Account' }).click()
    await page.getByRole('button', { name: 'Pay', exact: true }).click()
    await page.getByText('This order is paid').waitFor()
    assert.match(page.url(), /\/my\/orders\/[0-9a-f]{24}$/)
    await expectGood(page, 'paid')
    assert.deepEqual(complaints, [])
  })

  it('show a number to pay to, and go on by themselves when it was paid', async () => {
    const { order, link } = await shop.order({ 0: 1 })
    const { page, complaints } = await arrive(link)
    await page.goto(`${shop.settings.publicUrl}/my/orders/${order.id}`)
    await typeAddress(page)
    await page.getByText('Choose another way to pay').click()
    await page.locator('input[value="ipaymu qris"]').check()
    await page.getByRole('button', { name: 'Pay now' }).click()
    await page.getByRole('img', { name: /QR/ }).waitFor()
    await expectGood(page, 'qr')
    const [transaction] = shop.sandbox.ipaymu.transactions().slice(-1)
    await shop.sandbox.ipaymu.pay(transaction?.id ?? '')
    await page.getByText('This order is paid').waitFor()
    assert.deepEqual(complaints, [])
  })

  it('test the connection for managers', async () => {
    const { page, context } = await shop.visit('/console')
    const cookies = [...shop.manager.cookies].map(([name, value]) => ({
      name,
      value,
      url: shop.settings.publicUrl,
    }))
    await context.addCookies([...cookies, { name: 'language', value: 'en', url: shop.settings.publicUrl }])
    await page.goto(`${shop.settings.publicUrl}/admin/settings/payment/test`)
    const row = page.getByRole('region', { name: 'iPaymu' })
    await row.getByRole('button', { name: 'Test the connection' }).click()
    await page.getByText('balance Rp 51125').waitFor()
    await expectGood(page, 'connection-test')
  })
})
