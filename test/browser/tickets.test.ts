import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { decide } from '../support/checkout.ts'
import { axeProblems, type PageShop, startPageShop } from '../support/customer-page.ts'
import { loginAs } from '../support/people.ts'
import { anEvent, inJapan } from '../support/tickets.ts'

describe('tickets in a browser', function () {
  this.timeout(90_000)
  let shop: PageShop
  before(async () => {
    shop = await startPageShop()
    await decide(inJapan)
  })
  after(() => shop.close())

  /** A window of the console. */
  async function atTheDesk(path: string, width = 1280): Promise<Page> {
    const { publicUrl } = shop.settings
    const staff = await loginAs(publicUrl, 'manager', 'Keiko Sato')
    const context = await shop.chrome.newContext({ viewport: { width, height: 844 }, locale: 'en-GB' })
    await context.addCookies([...staff.cookies].map(([name, value]) => ({ name, value, url: publicUrl })))
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    await page.goto(`${publicUrl}/console${path}`)
    return page
  }

  it('are put on sale with date, place and seats', async () => {
    const page = await atTheDesk('/products/new')
    await page.getByLabel('What it is').selectOption('TICKET')
    assert.equal(await page.locator('.variants').count(), 0, 'a ticket has one kind of seat')
    await page.getByLabel('Name', { exact: true }).fill('Rakugo night')
    await page.getByLabel('Price', { exact: true }).fill('2500')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByLabel('Begins').fill('2031-04-05T18:30')
    await page.getByLabel('Seats').fill('40')
    await page.getByLabel('Place').fill('Hall 2, Osaka')
    assert.deepEqual(await axeProblems(page), [])
    await page.getByRole('button', { name: 'Save' }).last().click()
    await page.getByText('40 free, 0 held, 0 sold, 0 checked in').waitFor()
    await page.reload()
    await page.getByText('40 free').waitFor()
    assert.equal(await page.getByLabel('Begins').inputValue(), '2031-04-05T18:30')
    await page.context().close()
  })

  it('are bought at a convenience store, shown with a QR, and used once at the door', async () => {
    shop.products.push(await anEvent(shop, { name: 'Taiko evening' }))
    const { link } = await shop.order({ [shop.products.length - 1]: 1 })
    const { page, complaints } = await shop.visit(link, { locale: 'en-GB' })
    page.setDefaultTimeout(20_000)
    assert.equal(await page.locator('#address-line1').count(), 0, 'no address is asked')
    await page.locator('input[value="komoju:konbini"]').check()
    await page.locator('#pay').click()
    await page.getByText('Enter your name.').waitFor()
    assert.deepEqual(await axeProblems(page), [])
    await page.locator('#contact-name').fill('山田花子')
    await page.locator('#contact-email').fill('hanako@example.com')
    await page.locator('#pay').click()

    await page.waitForURL(/\/komoju\/sessions\//)
    await page.getByLabel('Store').selectOption('lawson')
    assert.equal(await page.getByLabel('E-mail').inputValue(), 'hanako@example.com')
    await page.getByRole('button', { name: 'Get the code' }).click()
    await page.getByRole('heading', { name: 'Pay with this code at Lawson' }).waitFor()
    await page.getByText('Pay until').waitFor()

    const [payment] = shop.sandbox.komoju.payments()
    shop.sandbox.komoju.payAtCounter(String(payment?.['id']))
    await page.getByRole('heading', { name: 'Your tickets are here' }).waitFor({ timeout: 20_000 })
    await page.locator('.tickets img').waitFor()
    assert.deepEqual(await axeProblems(page), [])
    const office = await atTheDesk('/orders')
    await office.getByRole('link', { name: /P-/ }).first().click()
    await office.getByText('Taiko evening · seat 1').waitFor()
    assert.deepEqual(await axeProblems(office), [])
    await office.context().close()
    const code = (await page.locator('.ticket-code').textContent())?.trim() ?? ''
    assert.match(code, /^\w{4}(-\w{4}){3}$/)
    assert.deepEqual(complaints, [])

    const door = await atTheDesk('/check-in', 390)
    await door.getByLabel('Code of the ticket').fill(code.toLowerCase())
    await door.keyboard.press('Enter')
    await door.getByRole('heading', { name: 'Welcome' }).waitFor()
    assert.deepEqual(await axeProblems(door), [])
    // A scanner types on at once: the field has kept the focus.
    await door.keyboard.type(code)
    await door.keyboard.press('Enter')
    await door.getByRole('heading', { name: 'Used already' }).waitFor()
    await door.getByText(/Let in .* by Keiko Sato/).waitFor()
    assert.deepEqual(await axeProblems(door), [])
    assert.ok((await door.evaluate(() => document.documentElement.scrollWidth)) <= 390)
    await door.context().close()
  })
})
