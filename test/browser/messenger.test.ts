import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { Conversations } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import { Sessions } from '../../models/user.ts'
import { say } from '../../server/conversation/index.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import { until } from '../support/chat.ts'
import { expectStatus } from '../support/client.ts'
import { axeProblems } from '../support/customer-page.ts'
import { type Desk, startDesk } from '../support/desk.ts'
import { aProduct, bangkok } from '../support/story.ts'

describe('Messenger, from both sides of the chat', function () {
  this.timeout(90_000)
  let desk: Desk
  before(async () => {
    desk = await startDesk()
    desk.sandbox.messenger.webhook.endpoint.url = `${desk.url}/webhooks/messenger`
    desk.sandbox.messenger.whitelist(desk.settings.publicUrl)
  })
  after(() => desk?.close())

  async function somebody(firstName: string) {
    const { messenger } = desk.sandbox
    const person = messenger.createPerson({ firstName, locale: 'en_US' })
    await messenger.say(person.psid, 'Do you have pomelos?')
    await messenger.waitFor(person.psid, ({ from }) => from === 'page')
    const conversation = await until(() =>
      Conversations.findOne({ channel: 'messenger', externalId: person.psid }).lean(),
    )
    return { person, conversation }
  }
  const open = (page: Page, name: string) => page.locator('.list-pane a', { hasText: name }).first().click()
  const said = (page: Page, text: string) => page.locator('.message', { hasText: text })

  it('opens the checkout inside the chat, and fills in the address of whom Messenger has signed', async () => {
    const { person, conversation } = await somebody('Malee')
    await Customers.updateOne({ _id: conversation.customer }, { $set: { addresses: [bangkok] } })
    const { staff, context } = await desk.sits()
    const opened = await expectStatus(
      200,
      staff.post<StaffOrderView>(`/api/conversations/${conversation._id}/orders`),
    )
    const items = [{ productId: String((await aProduct())._id), quantity: 1 }]
    await expectStatus(200, staff.put(`/api/orders/${opened.id}/items`, { version: opened.version, items }))
    await expectStatus(200, staff.post(`/api/orders/${opened.id}/card`))
    await context.close()

    const page = await desk.chrome.newPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${desk.sandbox.url}/phone/messenger#${person.psid}`)
    await page.getByRole('button', { name: 'Check out' }).click()
    const sheet = page.frameLocator('#sheet iframe')
    await sheet.locator('#address-name').waitFor()
    await until(async () => (await sheet.locator('#address-name').inputValue()) === bangkok.name)
    assert.equal(await sheet.locator('#address-line1').inputValue(), bangkok.line1)
    await page.close()
  })

  it('knows who looks at the catalogue inside the chat', async () => {
    const { person, conversation } = await somebody('Ploy')
    await aProduct()
    await desk.sandbox.messenger.postback(person.psid, 'catalogue', 'Products')
    const page = await desk.chrome.newPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${desk.sandbox.url}/phone/messenger#${person.psid}`)
    await page.getByRole('button', { name: 'Open the catalogue' }).click()
    await page.frameLocator('#sheet iframe').getByRole('searchbox').waitFor()
    await until(() => Sessions.exists({ customer: conversation.customer, proven: true }))
    await page.close()
  })

  it('shows staff what arrived and was read, what a colleague wrote elsewhere, and the cards as they are', async () => {
    const { messenger } = desk.sandbox
    const { person } = await somebody('Ticks')
    const { page, context, complaints } = await desk.sits()
    await open(page, 'Ticks')
    await page.getByRole('textbox', { name: 'Reply', exact: true }).fill('Yes, we have')
    await page.keyboard.press('Enter')
    await said(page, 'Yes, we have').getByText('Delivered', { exact: true }).waitFor()
    await messenger.read(person.psid)
    await said(page, 'Yes, we have').getByText('Read', { exact: true }).waitFor()
    await messenger.answerInInbox(person.psid, 'I am here, too')
    await page.getByText("From the platform's own inbox").waitFor()
    await messenger.postback(person.psid, 'catalogue', 'Products')
    await page.locator('.card-view').first().waitFor()
    assert.deepEqual(await axeProblems(page), [])
    assert.deepEqual(complaints, [])
    await context.close()
  })

  it('shows staff how many of what a receipt is for, and what delivery cost', async () => {
    const { conversation } = await somebody('Receipt')
    const payload = {
      template_type: 'receipt',
      recipient_name: 'Receipt',
      order_number: 'P-777777',
      currency: 'THB',
      payment_method: 'PromptPay',
      elements: [{ title: 'Pomelo', quantity: 2, price: 378 }],
      summary: { subtotal: 378, shipping_cost: 45.5, total_cost: 423.5 },
    }
    const card = { attachment: { type: 'template', payload } }
    const where = { conversation: conversation._id, channel: 'messenger', author: 'bot', once: 'receipt' }
    await say({ ...where, kind: 'card', card, text: 'P-777777' })
    const { page, context, complaints } = await desk.sits({ path: `/inbox/${conversation._id}` })
    const receipt = page.locator('.card-view', { hasText: 'P-777777' })
    await receipt.waitFor()
    const words = (await receipt.textContent()) ?? ''
    assert.match(words, /2 × Pomelo\s*฿378\s*Delivery\s*฿45.50\s*฿423.50/)
    assert.deepEqual(await axeProblems(page), [])
    assert.deepEqual(complaints, [])
    await context.close()
  })

  it('tells staff at once that somebody has blocked the page', async () => {
    const { person, conversation } = await somebody('Blocker')
    const { page, context } = await desk.sits({ path: `/inbox/${conversation._id}` })
    await desk.sandbox.messenger.block(person.psid)
    await page.getByRole('textbox', { name: 'Reply', exact: true }).fill('Are you there?')
    await page.keyboard.press('Enter')
    await page.getByText('The customer has blocked the shop').waitFor()
    await context.close()
  })

  it('tells staff how long the platform still takes what they write', async () => {
    const { conversation } = await somebody('Window')
    const { page, context } = await desk.sits({ path: `/inbox/${conversation._id}` })
    const inHours = (hours: number) => new Date(Date.now() + hours * 3600_000)
    const close = async (anybody: number, staff: number) => {
      const window = { anybody: inHours(anybody), staff: inHours(staff) }
      await Conversations.updateOne({ _id: conversation._id }, { $set: { window } })
      await page.reload()
    }
    await close(2, 146)
    await page.getByText('Everything is delivered for another').waitFor()
    await close(-1, 143)
    await page.getByText('Only what you write yourself is delivered').waitFor()
    await close(-150, -6)
    await page.getByText('The time for answers is over').waitFor()
    await context.close()
  })

  it('lets staff say that two customers are one, and part them again', async () => {
    const { conversation } = await somebody('Nok Messenger')
    await desk.writes('สวัสดี', 'Nok Line')
    const { page, context, complaints } = await desk.sits({ path: `/inbox/${conversation._id}` })
    await page.getByRole('tab', { name: /Customer/ }).click()
    await page.getByRole('button', { name: 'Same person as another customer' }).click()
    await page.getByLabel('Name, number or words of a chat').fill('Nok Line')
    await page.getByRole('button', { name: 'Merge' }).click()
    await page.getByRole('button', { name: 'Part again' }).waitFor()
    const hidden = await page.locator('#side-panel').evaluate((pane) => pane.scrollWidth - pane.clientWidth)
    assert.equal(hidden, 0, 'all of it can be seen, however long the last words of a chat are')
    assert.deepEqual(await axeProblems(page), [])
    await page.getByRole('button', { name: 'Part again' }).click()
    await page.getByRole('button', { name: 'Part again' }).waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])
    await context.close()
  })
})
