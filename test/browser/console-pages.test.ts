import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { root } from '../../server/settings.ts'
import { axeProblems } from '../support/customer-page.ts'
import { type Desk, startDesk } from '../support/desk.ts'
import { englishIn } from '../support/english.ts'

const pages: [path: string, shows: string][] = [
  ['/inbox', '.list-pane a'],
  ['/orders', 'h1'],
  ['/pack', 'h1'],
  ['/tasks', 'h1'],
  ['/products', 'tbody tr'],
  ['/products/new', 'form'],
  ['/delivery', '.entry'],
  ['/settings', 'form'],
  ['/staff', 'tbody tr'],
  ['/ready', 'li.ready'],
  ['/integrations', 'h1'],
  ['/money', 'h1'],
  ['/reconciliation', 'h1'],
  ['/audit', 'h1'],
  ['/account', 'form'],
  ['/more', 'h1'],
]

describe('the pages of the console', () => {
  let desk: Desk
  before(async function () {
    this.timeout(60_000)
    desk = await startDesk()
    await desk.writes('สวัสดี', 'สมหญิง ใจดี')
  })
  after(() => desk?.close())

  for (const [place, locale, width] of [
    ['a desk, in English', 'en-GB', 1280],
    ['a phone, in Thai', 'th-TH', 390],
  ] as const) {
    it(`can be read by everybody, on ${place}`, async function () {
      this.timeout(60_000)
      const { page, context, complaints } = await desk.sits({ width, height: 844, locale })
      // Set as soon as the words are there, which is after the page has loaded.
      await page.locator(`html[lang="${locale.slice(0, 2)}"]`).waitFor()
      for (const [path, shows] of pages) {
        await page.goto(`${desk.settings.publicUrl}/console${path}`)
        await page.locator(shows).first().waitFor()
        assert.deepEqual(await axeProblems(page), [], `${path} at ${width}`)
        const { wide, high } = await page.evaluate(() => {
          const { scrollWidth, scrollHeight } = document.documentElement
          return { wide: scrollWidth, high: scrollHeight }
        })
        assert(wide <= width, `${path} is ${wide} wide at ${width}`)
        // What is longer scrolls in its own pane, and takes neither the bar nor the rail along.
        assert(high <= 844, `${path} is ${high} high at ${width}`)
      }
      assert.deepEqual(complaints, [])
      await context.close()
    })
  }

  it('say in Thai what is ready and what to do, beside the words of the platforms', async function () {
    this.timeout(60_000)
    const { page, context } = await desk.sits({ path: '/ready', locale: 'th-TH' })
    await page.locator('li.ready').first().waitFor()
    desk.sandbox.faults.set('omise', 'htmlErrorBefore', 'any')
    const buttons = await page.getByRole('button', { name: 'ทดสอบ' }).all()
    assert.ok(buttons.length > 6)
    for (const [index, button] of buttons.entries()) {
      await button.click()
      await page.getByText('ทดสอบล่าสุด').nth(index).waitFor()
    }
    desk.sandbox.faults.reset('omise')
    assert.match(await page.locator('li', { hasText: 'OMISE_API_URL' }).innerText(), /โปรดตรวจสอบเครือข่าย/)
    for (const row of await page.locator('li').all()) {
      // What a platform answered stands behind a colon, or alone.
      const said = (await row.locator('h2, p, dt').allInnerTexts()).map((text) => text.split(': ')[0] ?? '')
      assert.deepEqual(said.filter(englishIn), [])
    }
    await context.close()
  })

  it('come with a fresh load when the shop was updated under an open window', async () => {
    const { page, context } = await desk.sits()
    await page.locator('.list-pane a').first().waitFor()
    const gone = { status: 404, body: '' }
    await page.route('**/assets/StaffPage-*.js', (route) => route.fulfill(gone), { times: 1 })
    await page.getByRole('link', { name: 'Staff' }).click()
    await page.getByRole('heading', { name: 'Staff' }).waitFor()
    await context.close()
  })

  it('hide from an agent what an agent cannot do', async () => {
    const { page, context } = await desk.sits({ role: 'agent', path: '/settings' })
    await page.getByText('No conversation is open').waitFor()
    assert.equal(await page.getByRole('link', { name: 'Settings' }).count(), 0)
    await context.close()
  })

  it('add a product, and count its stock', async () => {
    const { page, context, complaints } = await desk.sits({ path: '/products/new' })
    await page.getByLabel('Name', { exact: true }).fill('ชาอู่หลง ดอยแม่สลอง')
    await page.getByLabel('Price', { exact: true }).fill('240.50')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Photos' }).waitFor()
    await page.getByRole('button', { name: 'Count' }).first().click()
    await page.getByLabel('Pieces that may be sold').fill('12')
    await page.getByLabel('Reason').fill('first delivery')
    await page.getByRole('button', { name: 'Save' }).last().click()
    await page.getByRole('cell', { name: '12', exact: true }).waitFor()

    await page.goto(`${desk.settings.publicUrl}/console/products`)
    await page.getByLabel('Name or SKU').fill('อู่หลง')
    const row = page.getByRole('row').filter({ hasText: 'ชาอู่หลง ดอยแม่สลอง' })
    await row.getByText('฿240.50').waitFor()
    assert.deepEqual(complaints, [])
    await context.close()
  })

  it('refuse a colour on which white cannot be read, and keep what else was filled in', async () => {
    const { page, context } = await desk.sits({ path: '/settings' })
    await page.getByLabel('Name', { exact: true }).fill('Another name')
    const colour = page.locator('input.colour')
    await colour.fill('#ffee00')
    await page.getByText('is too light').waitFor()
    assert(await page.getByRole('button', { name: 'Save' }).isDisabled())
    await colour.fill('#8a2be2')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    await page.reload()
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Another name')
    await context.close()
  })

  it('invite somebody, who chooses a password and is in', async () => {
    const { page, context } = await desk.sits({ path: '/staff' })
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Fah Rung')
    await page.getByLabel('E-mail').fill('fah@shop.example')
    await page.getByRole('button', { name: 'Send the invitation' }).click()
    await page.getByRole('row').filter({ hasText: 'Fah Rung' }).getByText('Invited').waitFor()
    await desk.idle()
    const mail = await fetch(`${desk.sandbox.url}/__sim/mails`).then((response) => response.text())
    const address = /http[^\s"'<>\\]+\/console\/join#[\w-]+/.exec(mail)?.[0]
    assert(address, `no link in the mailbox: ${mail.slice(0, 300)}`)

    const guest = await desk.chrome.newContext({ locale: 'th-TH' })
    const their = await guest.newPage()
    await their.goto(address)
    await their.locator('input[name="password"]').fill('correct horse battery')
    assert.deepEqual(await axeProblems(their), [])
    await their.locator('form button').click()
    await their.locator('.list-pane a').first().waitFor()
    assert.equal(their.url().includes('#'), false)
    await guest.close()
    await context.close()
  })

  it('issue a token that is shown once, and revoke it', async () => {
    const { page, context, complaints } = await desk.sits({ path: '/integrations' })
    await page.getByRole('button', { name: 'Issue a token' }).first().click()
    await page.getByLabel('What uses it').fill('Aşgabat Söwda')
    await page.getByRole('button', { name: 'Issue a token' }).last().click()
    const token = await page.getByLabel('Token', { exact: true }).inputValue()
    const ask = () =>
      fetch(`${desk.url}/api/v1/gen-reg-no/`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"RegNumTypeId":9,"random_mode":1}',
      })
    assert.equal((await ask()).status, 200)
    assert.deepEqual(await axeProblems(page), [])
    await page.getByRole('button', { name: 'Close' }).last().click()
    const row = page.getByRole('row').filter({ hasText: 'Aşgabat Söwda' })
    await row.getByText(token.slice(-4)).waitFor()
    assert.equal((await page.content()).includes(token), false)
    await row.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await row.getByText('Revoked').waitFor()
    assert.equal((await ask()).status, 401)
    assert.deepEqual(complaints, [])
    await context.close()
  })

  it('load little: the inbox needs at most 200 KB', async () => {
    const { page, context } = await desk.sits()
    await page.locator('.list-pane a').first().click()
    await page.locator('.message').first().waitFor()
    const loaded = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name).pathname)
        .filter((path) => path.startsWith('/assets/')),
    )
    const folder = join(root, 'dist', 'client', 'assets')
    const files = readdirSync(folder).filter((name) => loaded.includes(`/assets/${name}`))
    const bytes = files.reduce(
      (sum, name) => sum + brotliCompressSync(readFileSync(join(folder, name))).length,
      0,
    )
    assert(files.length > 3)
    assert(bytes < 200 * 1024, `${Math.round(bytes / 1024)} KB`)
    await context.close()
  })
})
