import assert from 'node:assert/strict'
import { Messages } from '../../models/conversation.ts'
import { Orders } from '../../models/order.ts'
import { Products } from '../../models/store.ts'
import { forgetShopSettings, shopSettings } from '../../server/shop/index.ts'
import { aShopper } from '../support/catalogue.ts'
import { client } from '../support/client.ts'
import { axeProblems } from '../support/customer-page.ts'
import { type Desk, startDesk } from '../support/desk.ts'
import { aProduct, eventually } from '../support/story.ts'

describe('the console and the catalogue', function () {
  this.timeout(60_000)
  let desk: Desk
  before(async () => {
    desk = await startDesk()
  })
  after(() => desk?.close())

  it('sends products that staff have picked, as a card into the chat', async () => {
    const { page, context, complaints } = await desk.sits()
    const user = await desk.writes('มีน้ำผึ้งไหมคะ', 'สมหญิง ใจดี')
    await page.locator('.list-pane a', { hasText: 'สมหญิง ใจดี' }).click()
    await page.locator('.composer').getByRole('button', { name: 'Send the catalogue' }).click()
    await page.getByLabel('Picked products').check()
    await page.getByLabel('Pick products').fill('ดอกลำไย')
    await page.getByLabel(/น้ำผึ้งดอกลำไย/).check()
    await page.getByText('1 picked').waitFor()
    assert.deepEqual(await axeProblems(page), [])
    await page.getByRole('button', { name: 'Send it now' }).click()
    await page.getByText('on its way into the chat').waitFor()
    await eventually('the card', async () => {
      const cards = await Messages.find({ kind: 'card', direction: 'out' }).lean()
      return cards.some(({ text }) => text.includes('น้ำผึ้งดอกลำไย'))
    })
    assert(user)
    assert.deepEqual(complaints, [])
    await context.close()
  })

  it('shows what a customer puts into the cart while they do, and opens the order with it', async () => {
    await desk.writes('ขอดูสินค้าค่ะ', 'ช่อฟ้า')
    const { page, context, complaints, staff } = await desk.sits()
    await page.locator('.list-pane a', { hasText: 'ช่อฟ้า' }).click()
    await page.getByText('No order yet').waitFor()
    const conversation = page.url().split('/').pop() ?? ''
    const buyer = await aShopper({ agent: staff, browser: () => client(desk.url) }, { conversation })
    const goods = await aProduct({ name: 'ตะกร้าหวาย', price: 25_000 })
    const cart = page.getByRole('region', { name: 'In the cart now' })
    await buyer.want(goods, 2)
    await cart.getByText('2 × ตะกร้าหวาย').waitFor()
    await buyer.want(goods, 3)
    await cart.getByText('฿750').first().waitFor()
    assert.deepEqual(await axeProblems(page), [])
    await page.getByRole('button', { name: 'Open order', exact: true }).click()
    await cart.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Remove ตะกร้าหวาย' }).waitFor()
    assert.deepEqual(complaints, [])
    await context.close()
  })

  it('opens an order in another currency, where something on sale has a price in it', async () => {
    const goods = await aProduct({ name: 'Silk scarf' })
    await Products.updateOne({ _id: goods._id }, { $set: { 'prices.USD': 2000 } })
    await desk.writes('Do you ship abroad?', 'Abroad')
    const { page, context } = await desk.sits()
    await page.locator('.list-pane a', { hasText: 'Abroad' }).click()
    await page.getByLabel('Currency of the order').selectOption('USD')
    await page.getByRole('button', { name: 'Open order', exact: true }).click()
    await eventually('the order', async () => Orders.exists({ currency: 'USD', openedAt: { $ne: null } }))
    await context.close()
  })

  it('keeps a price in every currency that is given one', async () => {
    const tea = await Products.findOne({ 'images.0': /soap/ }).lean()
    const { page, context, complaints } = await desk.sits({ path: `/products/${tea?._id}` })
    await page.getByLabel('Add a price in another currency').selectOption('JPY')
    await page.getByLabel('Price in JPY').fill('220')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    const saved = await Products.findById(tea?._id).lean()
    assert.deepEqual(saved?.prices, { THB: 4500, JPY: 220 })
    assert.deepEqual(await axeProblems(page), [])
    assert.deepEqual(complaints, [])
    await context.close()
  })

  it('moves the sample shop to another country', async () => {
    const { page, context } = await desk.sits({ role: 'admin', path: '/settings' })
    await page.getByRole('button', { name: 'Japan' }).click()
    await page.getByText('The sample shop has moved').waitFor()
    forgetShopSettings()
    assert.equal((await shopSettings()).currency, 'JPY')
    await context.close()
  })
})
