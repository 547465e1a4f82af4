import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { Products } from '../../models/store.ts'
import { decide, paymentsOf } from '../support/checkout.ts'
import { axeProblems, type PageShop, startPageShop, type Visit } from '../support/customer-page.ts'
import { eventually } from '../support/story.ts'

describe('the window of the bank', function () {
  this.timeout(60_000)
  let shop: PageShop
  before(async () => {
    shop = await startPageShop()
    await decide({ currency: 'TMT', logistics: false })
    await Products.updateMany({}, { $set: { 'prices.TMT': 30_050 } })
  })
  after(() => shop.close())

  /** A customer who is about to tap "pay". */
  async function ready(options?: Parameters<PageShop['visit']>[1]): Promise<Visit & { orderId: string }> {
    const { order, link } = await shop.order({ 0: 1 })
    const visit = await shop.visit(link, options)
    await visit.page.locator('input[value="halkbank:halkbank"]').check()
    return { ...visit, orderId: order.id }
  }
  const pay = (page: Page) => page.locator('.pay-bar button').click()
  const openBank = (page: Page) => page.locator('.pay-actions button').first()
  const checks = (page: Page) => {
    const seen: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/CHECK_PAYMENT')) seen.push(request.url())
    })
    return seen
  }

  it('opens beside the page, closes by itself after paying, and the order goes on', async () => {
    const { page, context, complaints } = await ready()
    const [bank] = await Promise.all([context.waitForEvent('page'), pay(page)])
    const { width, height } = await bank.evaluate(() => ({ width: innerWidth, height: innerHeight }))
    assert.deepEqual([width, height], [600, 400])
    assert.match(bank.url(), /payment_(en|ru|tm)\.html\?mdOrder=/)
    assert.deepEqual(await axeProblems(page), [])
    await Promise.all([bank.waitForEvent('close'), bank.getByRole('button', { name: 'Pay' }).click()])
    await page.locator('.timeline').waitFor()
    assert.deepEqual(complaints, [])
    await context.close()
  })

  it('that is closed by hand asks the bank once, and can be opened again', async () => {
    const { page, context, orderId } = await ready()
    const asking = checks(page)
    const [bank] = await Promise.all([context.waitForEvent('page'), pay(page)])
    await bank.waitForLoadState()
    await bank.close()
    await eventually('the bank is asked', async () => asking.length > 0)
    assert.equal((await paymentsOf({ id: orderId }))[0]?.state, 'PENDING')
    const [again] = await Promise.all([context.waitForEvent('page'), openBank(page).click()])
    assert.equal(asking.length, 1)
    await again.getByRole('button', { name: 'Pay' }).click()
    await page.locator('.timeline').waitFor()
    await context.close()
  })

  it('waits for a tap of its own on a page that was opened anew', async () => {
    const { page, context } = await ready()
    const [bank] = await Promise.all([context.waitForEvent('page'), pay(page)])
    await bank.close()
    await page.reload()
    await openBank(page).waitFor()
    assert.deepEqual(await axeProblems(page), [])
    const [again] = await Promise.all([context.waitForEvent('page'), openBank(page).click()])
    await again.waitForLoadState()
    assert.match(again.url(), /mdOrder=/)
    await context.close()
  })

  it('takes the place of the page in an app that has no windows, and comes back', async () => {
    const userAgent =
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Line/14.0.0'
    const { page, context } = await ready({ userAgent })
    await pay(page)
    await page.waitForURL(/mdOrder=/)
    assert.equal(context.pages().length, 1)
    await page.getByRole('button', { name: 'Pay' }).click()
    await page.waitForURL(/\/r\//)
    await page.locator('.timeline').waitFor()
    await context.close()
  })

  it('of an app opens with a button, where the QR is on the phone that has the app', async () => {
    await decide({ currency: 'RUB', logistics: false })
    await Products.updateMany({}, { $set: { 'prices.RUB': 30_000 } })
    const { link } = await shop.order({ 0: 1 })
    const { page, context } = await shop.visit(link)
    await page.locator('input[value="sbp:sbp"]').check()
    await pay(page)
    await page.locator('.qr-picture img').waitFor()
    assert.deepEqual(await axeProblems(page), [])
    const [bank] = await Promise.all([
      context.waitForEvent('page'),
      page.locator('.qr-actions button').first().click(),
    ])
    await bank.getByRole('button', { name: 'Pay' }).click()
    await page.locator('.timeline').waitFor()
    await context.close()
  })
})
