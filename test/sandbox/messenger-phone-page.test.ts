import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { createSandbox, type Sandbox } from '../../sandbox/app.ts'
import { findBrowser } from '../support/browser.ts'
import { listen } from '../support/listen.ts'
import { eventually } from '../support/story.ts'

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

describe('the phone page with Messenger', function () {
  this.timeout(90_000)
  let sandbox: Sandbox
  let browser: Browser
  let page: Page
  let psid: string
  let html = ''
  const arrived: Record<string, unknown>[] = []
  let shop: Awaited<ReturnType<typeof listen>>

  before(async () => {
    shop = await listen((request, response) => {
      if (request.method === 'GET') return response.setHeader('content-type', 'text/html').end(html)
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { entry } = JSON.parse(Buffer.concat(chunks).toString())
        for (const one of entry) arrived.push(...(one.messaging ?? []))
        response.end()
      })
    })
    sandbox = await createSandbox({
      parleyUrl: shop.url.replace('127.0.0.1', 'localhost'),
      messenger: { name: 'Rice & Mango' },
    })
    browser = await chromium.launch({
      executablePath: await findBrowser(),
      args: ['--no-sandbox', '--disable-gpu'],
    })
  })
  beforeEach(async () => {
    const { messenger } = sandbox
    psid = messenger.createPerson({ firstName: 'Amy', locale: 'en_US' }).psid
    page = await browser.newPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${sandbox.url}/phone/messenger#${psid}`)
    await page.getByRole('button', { name: 'Get started' }).waitFor()
  })
  afterEach(() => page.close())
  after(async () => {
    await browser.close()
    await sandbox.close()
    shop.server.close()
    shop.server.closeAllConnections()
  })

  const graph = async (path: string, body: object) => {
    const { pageToken, appSecret } = sandbox.messenger.page
    const proof = createHmac('sha256', appSecret).update(pageToken).digest('hex')
    const answer = await fetch(`${sandbox.url}/messenger/v25.0/${path}?appsecret_proof=${proof}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${pageToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    assert.equal(answer.status, 200, await answer.clone().text())
  }
  const send = (message: object) =>
    graph('me/messages', { recipient: { id: psid }, messaging_type: 'RESPONSE', message })
  const last = (key: string) => arrived.findLast((event) => key in event)?.[key] as Record<string, unknown>
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

  it('begins with a button, sends what is written, and says what was read', async () => {
    await accessible()
    await page.getByRole('button', { name: 'Get started' }).click()
    await eventually('the first tap', async () => last('postback')?.['payload'] === 'get_started')
    await page.getByLabel('Enter a message').fill('Do you have mango?')
    await page.keyboard.press('Enter')
    await page.getByText('Do you have mango?').waitFor()
    await eventually('the webhook', async () => last('message')?.['text'] === 'Do you have mango?')
    await graph('me/messages', { recipient: { id: psid }, sender_action: 'typing_on' })
    await page.getByLabel('Rice & Mango is typing').waitFor()
    await send({
      text: 'Yes!',
      quick_replies: [{ content_type: 'text', title: 'How much?', payload: 'price' }],
    })
    await page.getByText('Yes!').waitFor()
    await eventually('that it was read', async () => last('read'))
    await page.getByRole('button', { name: 'How much?' }).click()
    await eventually('the answer', async () => last('message')?.['quick_reply'])
    await accessible()
  })

  it('draws templates, whose buttons post back, and receipts', async () => {
    await sandbox.messenger.say(psid, 'hello')
    await send({
      attachment: {
        type: 'template',
        payload: {
          template_type: 'generic',
          elements: [
            {
              title: 'Pomelo',
              subtitle: '฿189',
              buttons: [{ type: 'postback', title: 'Change', payload: 'change=1' }],
            },
          ],
        },
      },
    })
    await send({
      attachment: {
        type: 'template',
        payload: {
          template_type: 'receipt',
          recipient_name: 'Amy',
          order_number: `P-${psid}`,
          currency: 'THB',
          payment_method: 'Card',
          elements: [{ title: 'Pomelo', quantity: 2, price: 378 }],
          summary: { total_cost: 378 },
        },
      },
    })
    await page.getByText(`P-${psid}`).waitFor()
    await page.getByText('2 × Pomelo').waitFor()
    await accessible()
    await page.getByRole('button', { name: 'Change' }).click()
    await eventually('the tap', async () => last('postback')?.['payload'] === 'change=1')
  })

  it('opens a page inside the chat, which learns by the extensions who opened it, and closes it', async () => {
    html = `<h1>Checkout</h1><p></p><script>
      window.extAsyncInit = () => MessengerExtensions.getContext('1', ({ psid, signed_request }) => {
        document.querySelector('p').textContent = psid + (signed_request ? ' signed' : '')
      }, (code, message) => { document.querySelector('p').textContent = message })
      document.querySelector('h1').onclick = () => MessengerExtensions.requestCloseBrowser(() => {}, () => {})
    </script><script src="${sandbox.url}/messenger/sdk.js"></script>`
    await sandbox.messenger.say(psid, 'hello')
    const link = { type: 'web_url', title: 'Pay', url: `${shop.url}/w/1` }
    await send({
      attachment: {
        type: 'template',
        payload: { template_type: 'button', text: 'Your order', buttons: [link] },
      },
    })
    await page.getByRole('button', { name: 'Pay' }).click()
    const sheet = page.frameLocator('#sheet iframe')
    await sheet.getByText(`${psid} signed`).waitFor()
    await sheet.getByText('Checkout').click()
    await page.locator('#sheet').waitFor({ state: 'hidden' })

    sandbox.faults.set('messenger', 'noSignedRequest', true, 1)
    await page.getByRole('button', { name: 'Pay' }).click()
    await sheet.getByText('not enabled').waitFor()
  })

  it('is one of two phones, each with a way to the other', async () => {
    await page.getByRole('button', { name: 'People' }).click()
    await accessible()
    await page.getByRole('link', { name: 'Take the phone with LINE' }).click()
    await page.getByRole('button', { name: 'People' }).click()
    await page.getByRole('link', { name: 'Take the phone with Messenger' }).click()
    await page.getByRole('button', { name: 'People' }).waitFor()
  })
})
