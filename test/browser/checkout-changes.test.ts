import assert from 'node:assert/strict'
import { type Product, Products, Stocks } from '../../models/store.ts'
import { fillIn, type PageShop, startPageShop, typeAddress } from '../support/customer-page.ts'

describe('an order that changes under the checkout', function () {
  this.timeout(90_000)
  let shop: PageShop
  before(async () => {
    shop = await startPageShop()
  })
  after(() => shop.close())

  it('alerts line by line when staff edited it, keeps what was typed, and can then be paid', async () => {
    const { order, link } = await shop.order({ 0: 2, 2: 1 })
    const { page } = await shop.visit(link)
    await fillIn(page, 'promptpay')
    await shop.setItems(order.id, { 0: 1, 3: 1 })
    await page.locator('#pay').click()
    const alert = page.getByRole('dialog')
    await alert.waitFor()
    const said = await alert.getByRole('listitem').allInnerTexts()
    assert.equal(said.length, 4, said.join('\n'))
    assert.match(said[0] ?? '', /ส้มโอ.*จำนวนเปลี่ยนจาก 2 เป็น 1/)
    assert.match(said.at(-1) ?? '', /ยอดรวมเปลี่ยนจาก ฿430 เป็น ฿415/)

    await page.keyboard.press('Escape')
    await alert.waitFor({ state: 'detached' })
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'pay')
    assert.match((await page.locator('.address-text').textContent()) ?? '', /อารีย์สัมพันธ์/)
    await page.locator('#pay').click()
    await page.locator('.qr').waitFor()
    assert.equal((await shop.staffView(order.id)).payments[0]?.amount, 41_500)
  })

  it('alerts when a price has changed since the card was sent', async () => {
    const { link } = await shop.order({ 4: 1 })
    const { page } = await shop.visit(link)
    await fillIn(page, 'promptpay')
    const product = shop.products[4] as Product
    await Products.updateOne({ _id: product._id }, { $inc: { 'prices.THB': 1000, priceVersion: 1 } })
    await page.locator('#pay').click()
    await page.getByRole('dialog').getByText('ราคาเปลี่ยนจาก').waitFor()
    await page.getByRole('button', { name: 'ดูคำสั่งซื้อล่าสุด' }).click()
    await page.locator('#pay').click()
    await page.locator('.qr').waitFor()
  })

  it('names what is sold out, and nothing is charged', async () => {
    const { order, link } = await shop.order({ 0: 3 })
    const { page } = await shop.visit(link)
    await fillIn(page, 'promptpay')
    const [{ sku } = { sku: '' }] = (shop.products[0] as Product).variants
    await Stocks.updateMany({ sku }, { $set: { available: 0 } })
    await page.locator('#pay').click()
    await page.getByRole('dialog').getByText('ของหมดแล้ว').waitFor()
    assert.equal((await shop.staffView(order.id)).payments.length, 0)
  })

  it('takes a tap on pay that came while a choice was being taken over', async () => {
    const { order, link } = await shop.order({ 2: 1 })
    const { page } = await shop.visit(link)
    await typeAddress(page)
    await page.locator('.address-save').click()
    await page.locator('input[value="courier:Flash Express"]').check()
    await page.locator('input[value="omise:promptpay"]').check()
    const tapped = Promise.withResolvers<void>()
    await page.route('**/SELECT_LOGISTIC_METHOD', async (route) => {
      await tapped.promise
      await route.continue()
    })
    await page.locator('#cost-accepted').check()
    await page.locator('#pay').click()
    tapped.resolve()
    await page.locator('.qr').waitFor()
    assert.equal((await shop.staffView(order.id)).payments.length, 1)
  })

  it('pays nothing behind an alert, though a later choice was taken over', async () => {
    const { order, link } = await shop.order({ 2: 1 })
    const { page } = await shop.visit(link)
    await typeAddress(page)
    await page.locator('.address-save').click()
    await page.locator('input[value="omise:promptpay"]').check()
    const tapped = Promise.withResolvers<void>()
    await page.route('**/SELECT_LOGISTIC_METHOD', async (route) => {
      await tapped.promise
      await route.continue()
    })
    await page.locator('input[value="courier:Flash Express"]').check()
    await page.locator('#cost-accepted').check()
    await page.locator('#pay').click()
    await shop.setItems(order.id, { 2: 2 })
    const taken = page.waitForResponse((one) => one.url().endsWith('SELECT_LOGISTIC_METHOD') && one.ok())
    tapped.resolve()
    await page.getByRole('dialog').waitFor()
    await taken
    await page.locator('#pay:not([aria-disabled])').waitFor()
    assert.equal(await page.getByRole('dialog').count(), 1)
    assert.equal((await shop.staffView(order.id)).payments.length, 0)
  })

  it('takes no other choice and no second tap while it pays', async () => {
    const { order, link } = await shop.order({ 2: 1 })
    const { page } = await shop.visit(link)
    await fillIn(page, 'promptpay')
    const tapped = Promise.withResolvers<void>()
    await page.route('**/VERIFY_ORDER_CONTEXT', async (route) => {
      await tapped.promise
      await route.continue()
    })
    const confirmations: string[] = []
    page.on('request', (one) => {
      if (/SELECT_LOGISTIC_METHOD|CONFIRM_PAYMENT_SELECTION/.test(one.url())) confirmations.push(one.url())
    })
    const verifying = page.waitForRequest('**/VERIFY_ORDER_CONTEXT')
    await page.locator('#pay').click()
    await verifying
    await page.locator('input[name="delivery"]:not(:checked)').first().check()
    assert.equal(await page.locator('#pay').getAttribute('aria-disabled'), 'true')
    await page.locator('#pay').click({ force: true })
    tapped.resolve()
    await page.locator('.qr').waitFor()
    assert.equal((await shop.staffView(order.id)).payments.length, 1)
    assert.equal(confirmations.length, 1, confirmations.join('\n'))
  })

  it('keeps what was typed and ticked before its script arrived', async () => {
    const { link } = await shop.order({ 2: 1 })
    const { page, context, complaints } = await shop.visit('/health')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await context.route('**/assets/entry-client*.js', async (route) => {
      await held
      await route.continue()
    })
    await page.goto(shop.settings.publicUrl + link, { waitUntil: 'commit' })
    await page.locator('#address-name').fill('สมหญิง เร็วมาก')
    await page.locator('input[value="omise:promptpay"]').check()
    release()
    await page.waitForRequest(/\/open$/)
    await page.locator('#address-postalCode').fill('10110')
    await page.locator('.suggestions').waitFor()
    assert.equal(await page.locator('#address-name').inputValue(), 'สมหญิง เร็วมาก')
    assert.equal(await page.locator('input[value="omise:promptpay"]').isChecked(), true)
    assert.deepEqual(complaints, [])
  })

  it('changes its language in place, and loses nothing', async () => {
    const { link } = await shop.order({ 2: 1 })
    const { page } = await shop.visit(link)
    await typeAddress(page)
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Your items' }).waitFor()
    assert.equal(await page.locator('#address-line1').inputValue(), '99/12 ซ.อารีย์สัมพันธ์ 9')
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
    await page.reload()
    await page.getByRole('heading', { name: 'Your items' }).waitFor()
  })

  it('says that it is offline, and goes on by itself when it is not', async () => {
    const { order, link } = await shop.order({ 2: 1 })
    const { page, context } = await shop.visit(link)
    await fillIn(page, 'promptpay')
    await page.locator('#pay').click()
    await page.locator('.qr').waitFor()
    await context.setOffline(true)
    await page.getByText('อินเทอร์เน็ตขาดหาย').waitFor()
    await shop.mark(order.id, 'mark_as_paid')
    await context.setOffline(false)
    await page.getByRole('heading', { name: /ได้รับเงินแล้ว|ยืนยันคำสั่งซื้อแล้ว/ }).waitFor()
    await page.getByText('อินเทอร์เน็ตขาดหาย').waitFor({ state: 'detached' })
  })

  it('takes the customer to the first field that is wrong, and clears it as soon as it is right', async () => {
    const { link } = await shop.order({ 2: 1 })
    const { page } = await shop.visit(link)
    await page.locator('#pay').click()
    await page.locator('#address-name-error').waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'address-name')
    await page.locator('#address-name').fill('สมชาย')
    await page.locator('#address-name-error').waitFor({ state: 'detached' })
    await page.locator('#address-phone').fill('12')
    assert.equal(await page.locator('#address-phone-error').count(), 1)
  })
})
