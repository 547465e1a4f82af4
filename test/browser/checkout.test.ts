import assert from 'node:assert/strict'
import { expectStatus } from '../support/client.ts'
import { fillIn, type PageShop, startPageShop, typeAddress, typeCard } from '../support/customer-page.ts'
import { loginAs } from '../support/people.ts'
import { eventually } from '../support/story.ts'

describe('the checkout in a browser', function () {
  this.timeout(90_000)
  let shop: PageShop
  before(async () => {
    shop = await startPageShop()
  })
  after(() => shop.close())

  const stateOf = async (id: string) => (await shop.staffView(id)).state

  it('takes a card, and its number never comes near the shop', async () => {
    const { order, link } = await shop.order()
    const { page, requests, complaints } = await shop.visit(link)
    await fillIn(page, 'card')
    await typeCard(page)
    await page.locator('#card-code').fill('739')
    await page.locator('#pay').click()
    await page.getByRole('heading', { name: 'ยืนยันคำสั่งซื้อแล้ว' }).waitFor()

    assert.equal(await stateOf(order.id), 'CONFIRMED')
    const ours = requests.filter(({ url }) => url.startsWith(shop.settings.publicUrl))
    const told = ours.map(({ url, body }) => `${url} ${body}`).join('\n')
    assert.doesNotMatch(told, /4242\s?4242|739|SOMCHAI JAIDEE/)
    assert.equal(requests.filter(({ url }) => url.endsWith('/tokens')).length, 1)
    assert.equal(await page.locator('[id^="card-"][name]').count(), 0)
    assert.deepEqual(complaints, [])
  })

  it('runs the four steps of the confirmation in their order', async () => {
    const { link } = await shop.order()
    const { page, requests } = await shop.visit(link)
    await fillIn(page, 'promptpay')
    requests.length = 0
    await page.locator('#pay').click()
    await page.locator('.qr').waitFor()
    const steps = requests
      .map(({ url }) => url.split('/').pop())
      .filter((step) => /^[A-Z_]+$/.test(step ?? ''))
    assert.deepEqual(steps, [
      'SELECT_PAYMENT_METHOD',
      'UPDATE_DELIVERY_ADDRESS',
      'VERIFY_ORDER_CONTEXT',
      'CHECK_PRODUCT_SUFFICIENT',
      'CONFIRM_PAYMENT_SELECTION',
    ])
  })

  it('shows a PromptPay QR that can be saved, and follows when it is paid elsewhere', async () => {
    const { order, link } = await shop.order()
    const { page } = await shop.visit(link)
    await fillIn(page, 'promptpay')
    await page.locator('#pay').click()
    const picture = page.locator('.qr img')
    await picture.and(page.locator('[src^="data:image/png"]')).waitFor()
    const box = await picture.boundingBox()
    assert.ok(box && box.width >= 240 && box.height >= 240)
    assert.match((await page.locator('.qr').textContent()) ?? '', /14:5\d|15:00/)

    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'บันทึกรูป QR' }).click()
    const file = await saving
    assert.equal(file.suggestedFilename(), `${order.regNo}.png`)

    await shop.mark(order.id, 'mark_as_paid')
    await page.getByRole('heading', { name: /ได้รับเงินแล้ว|ยืนยันคำสั่งซื้อแล้ว/ }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'สถานะคำสั่งซื้อ' }).waitFor()
    assert.equal(await page.locator('form').count(), 0)
  })

  it('gives a new QR in one tap when the first has run out', async () => {
    const { order, link } = await shop.order()
    const { page } = await shop.visit(link)
    await fillIn(page, 'promptpay')
    await page.locator('#pay').click()
    await page.locator('.qr').waitFor()
    await shop.mark(order.id, 'expire')
    await page.getByRole('heading', { name: 'QR หมดเวลาแล้ว' }).waitFor()
    await page.getByRole('button', { name: 'ขอ QR ใหม่' }).click()
    await page.locator('.qr img').waitFor()
    const { payments } = await shop.staffView(order.id)
    assert.deepEqual(
      payments.map(({ state }) => state),
      ['EXPIRED', 'PENDING'],
    )
  })

  it('says plainly why a card was declined, keeps the order, and takes another way', async () => {
    const { order, link } = await shop.order()
    const { page } = await shop.visit(link)
    await fillIn(page, 'card')
    await typeCard(page, '4111111111140011')
    await page.locator('#pay').click()
    await page.getByText('วงเงินหรือยอดเงินในบัตรไม่พอ').waitFor()
    // Far above the button that was pressed.
    await page.locator('.decline:focus').waitFor()
    const height = page.viewportSize()?.height ?? 0
    const box = await page.locator('.decline').boundingBox()
    assert(box && box.y > 0 && box.y + box.height < height)
    assert.equal(await page.locator('#card-number').inputValue(), '')
    assert.match((await page.locator('.address-text').textContent()) ?? '', /สมชาย ใจดี/)
    await page.locator('input[value="omise:promptpay"]').check()
    await page.locator('#pay').click()
    await page.locator('.qr').waitFor()
    await page.getByRole('button', { name: 'เปลี่ยนวิธีชำระเงิน' }).click()
    await page.locator('#pay').waitFor()
    assert.equal(await stateOf(order.id), 'DRAFT')
  })

  it('goes through 3-D Secure and back, and tells another browser nothing of the person', async () => {
    const { order, link } = await shop.order()
    const { page } = await shop.visit(link)
    await fillIn(page, 'card')
    await typeCard(page, '5454545454545454')
    await page.locator('#pay').click()
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.waitForURL(/\/r\//)
    await page.getByRole('heading', { name: 'ชำระเงินไม่สำเร็จ' }).waitFor()

    const other = await shop.visit(new URL(page.url()).pathname)
    await other.page.getByRole('heading', { name: 'ชำระเงินไม่สำเร็จ' }).waitFor()
    assert.doesNotMatch(await other.page.content(), /สมชาย|089 765|อารีย์สัมพันธ์/)
    assert.equal(await other.page.getByRole('button', { name: 'ลองอีกครั้ง' }).count(), 0)

    await page.getByRole('button', { name: 'ลองอีกครั้ง' }).click()
    await typeCard(page, '5454545454545454')
    await page.locator('#pay').click()
    await page.getByRole('button', { name: 'Pay', exact: true }).click()
    await page.getByRole('heading', { name: /ได้รับเงินแล้ว|ยืนยันคำสั่งซื้อแล้ว/ }).waitFor()
    await eventually('confirmed', async () => (await stateOf(order.id)) === 'CONFIRMED')
  })

  it('opens one payment, however often "pay" is tapped', async () => {
    const { order, link } = await shop.order()
    const { page } = await shop.visit(link)
    await fillIn(page, 'promptpay')
    await page.locator('#pay').dblclick()
    await page
      .locator('#pay')
      .click({ timeout: 500 })
      .catch(() => {})
    await page.locator('.qr').waitFor()
    assert.equal((await shop.staffView(order.id)).payments.length, 1)
  })

  it('goes back a step without losing or sending anything', async () => {
    const { link } = await shop.order()
    const { page, requests } = await shop.visit(link)
    await fillIn(page, 'promptpay')
    await page.getByRole('button', { name: 'แก้ไข ที่อยู่จัดส่ง' }).click()
    await page.locator('#address-line1').fill('7/7 ถนนใหม่')
    await page.goBack()
    await page.locator('.address-text').waitFor()
    await page.getByRole('button', { name: 'แก้ไข ที่อยู่จัดส่ง' }).click()
    assert.equal(await page.locator('#address-line1').inputValue(), '7/7 ถนนใหม่')
    await page.locator('#pay').click()
    await page.locator('.qr').waitFor()
    requests.length = 0
    await page.goBack()
    await page.getByText('กำลังรอการชำระเงินของรายการนี้').waitFor()
    assert.equal(requests.filter(({ method }) => method === 'POST').length, 0)
    await page.getByRole('button', { name: 'กลับไปชำระเงิน' }).click()
    await page.locator('.qr').waitFor()
  })

  it('fills in a Thai address from its postcode, and takes one that it does not know', async () => {
    const { link } = await shop.order()
    const { page } = await shop.visit(link)
    await page.locator('#address-postalCode').fill('50200')
    await page.locator('.suggestions').waitFor()
    assert.equal(await page.locator('#address-province').inputValue(), 'เชียงใหม่')
    await typeAddress(page)
    await page.locator('#address-postalCode').fill('99999')
    await page.locator('#address-subdistrict').fill('ตำบลของเรา')
    await page.locator('.address-save').click()
    await page.locator('.address-text').waitFor()
    assert.match((await page.locator('.address-text').textContent()) ?? '', /ตำบลของเรา .*99999/)
    // On to what comes next, both the first time and after a change, which takes back its step.
    await page.locator('#delivery:focus').waitFor()
    await page.getByRole('button', { name: 'แก้ไข ที่อยู่จัดส่ง' }).click()
    await page.locator('#address-name:focus').waitFor()
    await page.locator('.address-save').click()
    await page.locator('#delivery:focus').waitFor()
    assert.deepEqual(await page.evaluate(() => history.state), { step: 'checkout' })
  })

  it('asks for nothing that the shop does not need while its logistics are off', async () => {
    const admin = await loginAs(shop.url, 'admin')
    const set = async (logistics: boolean) => {
      const { version } = await expectStatus(200, admin.get<{ version: number }>('/api/shop'))
      await expectStatus(200, admin.put('/api/shop', { version, logistics }))
    }
    await set(false)
    const { link } = await shop.order()
    const { page } = await shop.visit(link)
    await page.getByText('รายการนี้ไม่ต้องเลือกวิธีจัดส่งในหน้านี้').waitFor()
    assert.equal(await page.locator('#address-name').count(), 0)
    await page.locator('input[value="omise:promptpay"]').check()
    await page.locator('#pay').click()
    await page.locator('.qr').waitFor()
    await set(true)
  })
})
