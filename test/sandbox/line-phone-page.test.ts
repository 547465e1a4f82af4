import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { messagingApi } from '@line/bot-sdk'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findBrowser } from '../support/browser.ts'
import { type LineWorld, startLine } from '../support/line-sandbox.ts'
import { eventually } from '../support/story.ts'

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

describe('the phone page', function () {
  this.timeout(90_000)
  let world: LineWorld
  let browser: Browser
  let page: Page
  let userId: string

  before(async () => {
    world = await startLine({ line: { displayName: 'Rice & Mango' } })
    browser = await chromium.launch({
      executablePath: await findBrowser(),
      args: ['--no-sandbox', '--disable-gpu'],
    })
  })
  beforeEach(async () => {
    userId = world.line.createUser({ displayName: 'Amy', language: 'en' }).userId
    page = await browser.newPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${world.url}/phone#${userId}`)
    await page.getByText('Say hello to the shop').waitFor()
  })
  afterEach(() => page.close())
  after(async () => {
    await browser.close()
    await world.close()
  })

  const push = (...messages: messagingApi.Message[]) => world.client.pushMessage({ to: userId, messages })
  const card = (action: messagingApi.Action): messagingApi.Message => ({
    type: 'flex',
    altText: 'Your order',
    contents: {
      type: 'bubble',
      body: {
        type: 'box',
        layout: 'vertical',
        contents: [
          { type: 'text', text: 'Order 1024', weight: 'bold', color: '#0b6b4f' },
          {
            type: 'box',
            layout: 'horizontal',
            contents: [
              { type: 'text', text: 'Total', flex: 1 },
              { type: 'text', text: '฿269', flex: 2, align: 'end' },
            ],
          },
        ],
      },
      footer: {
        type: 'box',
        layout: 'vertical',
        contents: [{ type: 'button', style: 'primary', color: '#0b6b4f', action }],
      },
    },
  })
  const accessible = async () => {
    await page.evaluate(axe)
    const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
      '(async () => (await axe.run({ iframes: false })).violations)()',
    )
    assert.deepEqual(
      found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
      [],
    )
  }

  it('sends what is written, and shows what comes back', async () => {
    await page.getByLabel('Enter a message').fill('Do you have mango?')
    await page.keyboard.press('Enter')
    await page.getByText('Do you have mango?').waitFor()
    await eventually('the webhook', async () => world.events().at(-1)?.message?.text === 'Do you have mango?')
    await world.client.showLoadingAnimation({ chatId: userId })
    await page.getByLabel('Rice & Mango is typing').waitFor()
    await push({ type: 'text', text: 'Yes!' })
    await page.getByText('Yes!').waitFor()
    assert.equal(await page.locator('.typing').count(), 0)
    await accessible()
  })

  it('draws a card from its JSON, and its button posts back', async () => {
    await push(
      card({ type: 'postback', label: 'Change', data: 'change=1024', displayText: 'Please change it' }),
    )
    const button = page.getByRole('button', { name: 'Change' })
    await button.waitFor()
    const title = page.getByText('Order 1024')
    assert.equal(await title.evaluate((element) => getComputedStyle(element).color), 'rgb(11, 107, 79)')
    const [label, amount] = await Promise.all(
      ['Total', '฿269'].map((text) => page.getByText(text).boundingBox()),
    )
    assert.ok(label && amount)
    assert.equal(Math.round(amount.width / label.width), 2)
    await accessible()
    await button.click()
    await page.getByText('Please change it').waitFor()
    assert.deepEqual(world.events().at(-1)?.postback, { data: 'change=1024' })
  })

  it('opens a LIFF link as a sheet over the chat, whose page knows the person', async () => {
    world.answer.page = `<script src="${world.url}/liff/sdk.js"></script><h1>Checkout</h1><p></p><script>
      liff.init({ liffId: '${world.channel.liffId}' }).then(async () => {
        const { displayName } = await liff.getProfile()
        document.querySelector('p').textContent = location.pathname + ' of ' + displayName
        document.querySelector('h1').onclick = () => liff.closeWindow()
      })</script>`
    const link = `https://liff.line.me/${world.channel.liffId}/order-1024`
    await push(card({ type: 'uri', label: 'Pay', uri: link }))
    await page.getByRole('button', { name: 'Pay' }).click()
    const sheet = page.frameLocator('#sheet iframe')
    await sheet.getByText('/w/order-1024 of Amy').waitFor()
    await sheet.getByText('Checkout').click()
    await page.locator('#sheet').waitFor({ state: 'hidden' })
  })

  it('offers quick replies until the next message', async () => {
    await push({
      type: 'text',
      text: 'Which one?',
      quickReply: {
        items: [
          { type: 'action', action: { type: 'message', label: 'The first', text: 'The first, please' } },
        ],
      },
    })
    await page.getByRole('button', { name: 'The first' }).click()
    await page.getByText('The first, please').waitFor()
    assert.equal(await page.locator('#replies button').count(), 0)
  })

  it('sends stickers, and takes a message back', async () => {
    await page.getByRole('button', { name: 'Stickers' }).click()
    await page.getByRole('button', { name: 'Sticker: love' }).click()
    await page.locator('#log').getByRole('img', { name: 'Sticker: love' }).waitFor()
    assert.equal(world.events().at(-1)?.message?.type, 'sticker')
    await page.locator('.mine').hover()
    await page.getByRole('button', { name: 'Unsend' }).click()
    await page.getByText('You unsent a message').waitFor()
    assert.equal(world.events().at(-1)?.type, 'unsend')
  })

  it('blocks the shop, and unblocks it', async () => {
    await page.getByRole('button', { name: 'People' }).click()
    await accessible()
    await page.getByRole('button', { name: 'Block' }).click()
    await page.getByText('You blocked this account').first().waitFor()
    assert.equal(world.events().at(-1)?.type, 'unfollow')
  })
})
