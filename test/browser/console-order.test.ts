import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import { Stocks } from '../../models/store.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import { expectStatus } from '../support/client.ts'
import { axeProblems } from '../support/customer-page.ts'
import { type ConsoleWindow, type Desk, startDesk } from '../support/desk.ts'
import { bangkok, eventually } from '../support/story.ts'

const panel = (page: Page): Locator => page.locator('.side-pane')

/** Opens a conversation and an order in it. */
async function openOrder({ page }: ConsoleWindow, name: string): Promise<void> {
  await page.locator('.list-pane a', { hasText: name }).first().click()
  await panel(page).getByRole('button', { name: 'Open order' }).click()
  await panel(page).getByText('Empty so far').waitFor()
}

/** Puts the first product that the words find on the order, as fast as one types. */
async function add(page: Page, words: string): Promise<void> {
  await panel(page).getByRole('combobox').fill(words)
  await page.keyboard.press('Enter')
}

describe('the order panel of the console', () => {
  let desk: Desk
  before(async function () {
    this.timeout(60_000)
    desk = await startDesk()
  })
  after(() => desk?.close())

  async function orderOf({ staff }: ConsoleWindow): Promise<StaffOrderView> {
    const { rows } = await expectStatus(200, staff.get<{ rows: { id: string }[] }>('/api/orders'))
    return expectStatus(200, staff.get<StaffOrderView>(`/api/orders/${rows[0]?.id}`))
  }

  it('builds an order by words inside names, and sends it as a card that can go out of date', async () => {
    const user = await desk.writes('ขอสั่งน้ำผึ้งค่ะ', 'สมหญิง ใจดี')
    const window = await desk.sits()
    const { page, complaints } = window
    await openOrder(window, 'สมหญิง ใจดี')
    await add(page, 'ผึ้ง')
    await panel(page)
      .getByRole('button', { name: /^One more of/ })
      .first()
      .click()

    await panel(page).getByRole('button', { name: 'Give one' }).click()
    await page.getByLabel('Taken off').fill('10')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Say why.').waitFor()
    assert.deepEqual(await axeProblems(page), [])
    await page.getByLabel('Reason').fill('regular customer')
    await page.getByRole('button', { name: 'Save' }).click()
    await panel(page).getByText('regular customer').waitFor()

    await panel(page).getByRole('button', { name: 'Add a free-text line' }).click()
    await page.getByLabel('What it is').fill('Gift wrapping')
    await page.getByLabel('Price of one').fill('35.50')
    await page.getByLabel('Reason').fill('asked in the chat')
    await page.getByRole('button', { name: 'Add the line' }).click()
    await panel(page).getByText('Gift wrapping', { exact: true }).waitFor()

    const order = await orderOf(window)
    assert.equal(order.lines.length, 2)
    assert.equal(order.lines[0]?.quantity, 2)
    assert.equal(order.lines[1]?.unitPrice, 3550)
    assert.deepEqual(order.orderDiscount, { amount: 1000, reason: 'regular customer' })
    assert.equal(order.customer.domain, 'CUSTOMER')

    await panel(page).getByRole('button', { name: 'Send the card' }).click()
    await page.locator('.message .card-view', { hasText: order.regNo }).waitFor()
    await desk.sandbox.line.waitFor(user.userId, ({ message }) => message.type === 'flex')
    assert.equal(await panel(page).getByText('Out of date.').count(), 0)
    await panel(page).getByRole('button', { name: 'Remove Gift wrapping' }).click()
    await panel(page).getByText('Out of date.').waitFor()
    await panel(page).getByRole('button', { name: 'Send it again' }).click()
    await panel(page).getByText('Out of date.').waitFor({ state: 'detached' })
    assert.deepEqual(await axeProblems(page), [])
    assert.deepEqual(complaints, [])
    await window.context.close()
  })

  it('warns of pieces that the shop has not, before the customer meets it', async () => {
    await desk.writes('มีน้ำผึ้งไหมคะ', 'Malee Dee')
    const window = await desk.sits()
    const { page, complaints } = window
    await openOrder(window, 'Malee Dee')
    await add(page, 'ผึ้ง')
    const quantity = panel(page).getByLabel(/^Quantity of/)
    await quantity.waitFor()
    const [line] = (await orderOf(window)).staffLines
    assert.ok(line?.sku && line.available)
    await Stocks.updateMany({ sku: line.sku }, { $set: { available: 0 } })
    await quantity.fill('2')
    await quantity.press('Enter')
    await panel(page).getByRole('status').getByText('Sold out').waitFor()
    await Stocks.updateOne({ sku: line.sku }, { $set: { available: 2 } })
    await quantity.fill('3')
    await quantity.press('Enter')
    await panel(page).getByRole('status').getByText('Only 2 left').waitFor()
    assert.deepEqual(await axeProblems(page), [])
    await quantity.fill('2')
    await quantity.press('Enter')
    await panel(page).getByText('Only 2 left').waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])
    await window.context.close()
  })

  it('shows two staff what the other one does, and lets nobody overwrite', async () => {
    await desk.writes('hello', 'Anan Jaidee')
    const nok = await desk.sits({ name: 'Nok Agent' })
    const ploy = await desk.sits({ name: 'Ploy Manager' })
    await openOrder(nok, 'Anan Jaidee')
    await add(nok.page, 'ผึ้ง')
    await panel(nok.page)
      .getByLabel(/^Quantity of/)
      .waitFor()
    await ploy.page.locator('.list-pane a', { hasText: 'Anan Jaidee' }).first().click()
    await panel(ploy.page)
      .getByLabel(/^Quantity of/)
      .waitFor()

    // Ploy's window does not hear of Nok's change in time.
    await ploy.page.route('**/api/orders/*', (route) =>
      route.request().method() === 'GET' ? undefined : route.continue(),
    )
    const more = (page: Page) => panel(page).getByRole('button', { name: /^One more of/ })
    await more(nok.page).click()
    await eventually('the first change', async () => (await orderOf(nok)).lines[0]?.quantity === 2)
    await more(ploy.page).click()
    const conflict = panel(ploy.page).getByRole('alert')
    await conflict.getByText('Nok Agent changed this order at the same time').waitFor()
    assert.equal((await orderOf(nok)).lines[0]?.quantity, 2)
    assert.deepEqual(await axeProblems(ploy.page), [])

    await conflict.getByRole('button', { name: 'Do my change too' }).click()
    await eventually('both changes', async () => (await orderOf(nok)).lines[0]?.quantity === 3)
    await eventually(
      'the other screen',
      async () =>
        (await panel(nok.page)
          .getByLabel(/^Quantity of/)
          .inputValue()) === '3',
    )
    await nok.context.close()
    await ploy.context.close()
  })

  it('follows the customer to the payment, and the parcel to the door', async () => {
    await desk.writes('สวัสดี', 'Marina Petrova')
    const window = await desk.sits()
    const { page, staff } = window
    await openOrder(window, 'Marina Petrova')
    await add(page, 'ส้มโอขาว')
    await panel(page)
      .getByLabel(/^Quantity of/)
      .waitFor()
    const { id, regNo } = await orderOf(window)

    const { url } = await expectStatus(200, staff.post<{ url: string }>(`/api/orders/${id}/link`))
    const customer = desk.browser()
    const opened = await expectStatus(
      200,
      customer.post<{ order: OrderView }>(`${new URL(url).pathname}/open`),
    )
    await panel(page).getByText('Opened the page').waitFor()

    let order = opened.order
    const act = async (action: string, data: object = {}) => {
      const body = { version: order.version, ...data }
      const answered = await expectStatus(
        200,
        customer.post<OrderView & { order?: OrderView }>(`/api/pipeline/${id}/${action}`, body),
      )
      order = answered.order ?? answered
    }
    await act('UPDATE_DELIVERY_ADDRESS', { address: bangkok })
    await act('SELECT_LOGISTIC_METHOD', {
      type: 'courier',
      companyName: order.couriers.find(({ slots }) => !slots.length)?.companyName,
      costConfirmed: true,
    })
    await act('SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'promptpay' })
    await panel(page).getByText('Pays by PromptPay').waitFor()
    await act('CHECK_PRODUCT_SUFFICIENT')
    await act('CONFIRM_PAYMENT_SELECTION')
    await panel(page).locator('header', { hasText: 'Awaiting payment' }).waitFor()
    assert.deepEqual(await axeProblems(page), [])

    const { payments } = await orderOf(window)
    const charge = payments[0]?.refs.find(({ kind }) => kind === 'charge')?.value
    await fetch(`${desk.sandbox.url}/__sim/charges/${charge}/mark_as_paid`, { method: 'POST' })
    await desk.idle()
    await panel(page).locator('header', { hasText: 'Confirmed' }).waitFor()

    await page.goto(`${desk.settings.publicUrl}/console/pack`)
    const row = page.locator('tr', { hasText: regNo })
    await row.getByRole('button', { name: 'Packed' }).click()
    await row.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'To send' }).click()
    await row.getByRole('link', { name: 'Send it' }).click()
    await page.getByRole('button', { name: 'Send it' }).click()
    await page.getByRole('button', { name: 'Send it' }).last().click()
    await page.getByText('Fill in the tracking number.').waitFor()
    await page.getByLabel('Tracking number').fill('TH0123456789')
    await page.getByRole('button', { name: 'Send it' }).last().click()
    await page.getByText('TH0123456789').waitFor()
    await page.getByRole('button', { name: 'Delivered' }).click()
    await page.locator('.order header', { hasText: 'Delivered' }).waitFor()

    await page.getByRole('button', { name: 'Refund' }).click()
    await page.getByLabel('Amount').fill('20')
    await page.getByLabel('Reason').fill('a bruised one')
    await page.getByRole('button', { name: 'Refund ฿20' }).click()
    await page.locator('.refunds', { hasText: 'a bruised one' }).waitFor()
    await eventually('the refund', async () => (await orderOf(window)).refunded === 2000)
    assert.deepEqual(await axeProblems(page), [])
    assert.deepEqual(window.complaints, [])
    await window.context.close()
  })
})
