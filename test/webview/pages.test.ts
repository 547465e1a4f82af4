import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Orders } from '../../models/order.ts'
import { findEntry } from '../../server/http/index.ts'
import { readableBrand } from '../../server/pages/colour.ts'
import { root } from '../../server/settings.ts'
import { expectStatus } from '../support/client.ts'
import { aProduct, type Story, startStory } from '../support/story.ts'

const BUDGET = 60_000

describe("the customer's page as it is sent", () => {
  let story: Story
  let link: string
  let orderId: string
  before(async () => {
    story = await startStory()
    const opened = await story.order({ product: await aProduct(), quantity: 2 })
    link = opened.link
    orderId = opened.order.id
  })
  after(() => story.close())

  const page = (path: string) => story.browser().get(path, { headers: { accept: 'text/html' } })

  it('shows the order before any script has run, and changes nothing', async () => {
    const before = await Orders.findById(orderId).lean()
    const { status, text } = await page(link)
    assert.equal(status, 200)
    assert.match(text, /<html lang="th">/)
    assert.match(text, /ส้มโอขาวน้ำผึ้ง/)
    assert.match(text, /฿378/)
    assert.deepEqual(await Orders.findById(orderId).lean(), before)
  })

  it('is kept by nobody, found by nobody, and tells its address to nobody', async () => {
    const { headers, text } = await page(link)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-robots-tag'), 'noindex')
    assert.match(text, /name="robots" content="noindex"/)
  })

  it('has a policy that its own HTML keeps', async () => {
    const { headers, text } = await page(link)
    const policy = headers.get('content-security-policy') ?? ''
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
    assert.ok(nonce)
    assert.ok(text.includes(`<style nonce="${nonce}">`))
    assert.doesNotMatch(text, /\sstyle="/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.match(policy, /frame-ancestors 'self' [^;]*line\.me[^;]*messenger\.com/)
    assert.ok(policy.includes(`frame-src ${story.sandbox.url}`), policy)
  })

  it("names the card platform's hosts only where a card can be used", async () => {
    const cheap = await story.order({ product: await aProduct({ price: 100 }) })
    const policy = (await page(cheap.link)).headers.get('content-security-policy') ?? ''
    assert.match(policy, /frame-src 'none'/)
  })

  it('says what to do where a link opens nothing', async () => {
    const { status, text } = await page('/w/abcdefghijklmnopqrstuvwxyz')
    assert.equal(status, 404)
    assert.match(text, /ไม่พบคำสั่งซื้อ/)
    assert.equal((await page('/r/abcdefghijklmnopqrstuvwxyz')).status, 404)
    assert.equal((await page('/w')).status, 404)
    assert.equal((await page('/w?liff.state=%2Fabc')).status, 200)
  })

  it('lets no text of the shop end its JSON block', async () => {
    const product = await aProduct({ name: '</script><script>alert(1)</script>' })
    const { text } = await page((await story.order({ product })).link)
    assert.doesNotMatch(text, /<script>alert/)
    const block = /<script type="application\/json" id="boot">(.*?)<\/script>/s.exec(text)?.[1] ?? ''
    assert.equal(JSON.parse(block).order.lines[0].name, '</script><script>alert(1)</script>')
  })

  it('speaks the language that it is asked for, of those that the shop speaks', async () => {
    assert.match((await page(`${link}?lang=en`)).text, /<html lang="en">/)
    assert.match((await page(`${link}?lang=ja`)).text, /<html lang="th">/)
    const words = await expectStatus(
      200,
      story.browser().get<{ checkout: { title: string } }>('/api/words/en'),
    )
    assert.equal(words.checkout.title, 'Checkout')
    assert.equal((await story.browser().get('/api/words/..%2Fpackage')).status, 404)
    // Not offered, though there are words for it.
    assert.equal((await story.browser().get('/api/words/ja')).status, 404)
  })

  it('speaks as the browser does where nobody is known, and as the chat does where somebody is', async () => {
    const asking = (path: string, language: string) =>
      story.browser().get(path, { headers: { accept: 'text/html', 'accept-language': language } })
    assert.match((await asking('/w/unknown', 'en-US,th;q=0.5')).text, /<html lang="en">/)
    assert.match((await asking('/w/unknown', 'ja,ko;q=0.5')).text, /<html lang="th">/)
    assert.match((await asking(link, 'en-US')).text, /<html lang="th">/)
  })

  it('needs no more than it may of a slow line', () => {
    const { script, styles } = findEntry('webview/checkout/entry-client.ts')
    const folder = join(root, 'dist', 'client', 'assets')
    const bytes = [...withImports(basename(script)), ...styles.map((file) => basename(file))]
      .map(
        (name) => [join(folder, `${name}.br`), join(folder, name)].find((file) => existsSync(file)) ?? name,
      )
      .map((file) => statSync(file).size)
      .reduce((sum, size) => sum + size, 0)
    assert.ok(bytes > 10_000 && bytes <= BUDGET, `${bytes} bytes of brotli`)
  })

  /** A script and those that it cannot begin without. */
  function withImports(name: string, seen = new Set<string>()): Set<string> {
    if (seen.has(name)) return seen
    seen.add(name)
    const text = readFileSync(join(root, 'dist', 'client', 'assets', name), 'utf8')
    for (const [, inner = ''] of text.matchAll(/(?:from|import)\s*[`"']\.\/([\w.-]+\.js)[`"']/g)) {
      withImports(inner, seen)
    }
    return seen
  }

  it('gives the QR of an open attempt from its own address, to its customer alone', async () => {
    const buyer = await story.buyer('promptpay', { product: await aProduct() })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const mine = await buyer.get(`/api/qr/${buyer.order.id}`)
    assert.equal(mine.status, 200)
    assert.match(mine.headers.get('content-type') ?? '', /^image\//)
    assert.equal((await story.browser().get(`/api/qr/${buyer.order.id}`)).status, 401)
    const other = await story.buyer('card', { product: await aProduct() })
    assert.equal((await other.get(`/api/qr/${buyer.order.id}`)).status, 404)
  })

  it('knows where a Thai postcode delivers to', async () => {
    const { places } = await expectStatus(
      200,
      story
        .browser()
        .get<{ places: { subdistrict: string; district: string; province: string }[] }>('/api/geo/th/50200'),
    )
    assert.ok(places.some(({ subdistrict }) => subdistrict === 'ศรีภูมิ'))
    assert.ok(places.every(({ province }) => province === 'เชียงใหม่'))
    const none = await expectStatus(200, story.browser().get<{ places: unknown[] }>('/api/geo/th/99999'))
    assert.deepEqual(none.places, [])
    assert.equal((await story.browser().get('/api/geo/th/1234')).status, 400)
  })
})

describe("the shop's colour", () => {
  it('is darkened until it can be read, and left alone when it can', () => {
    assert.equal(readableBrand('#0b6b4f'), '#0b6b4f')
    assert.notEqual(readableBrand('#ffd400'), '#ffd400')
    assert.match(readableBrand('#ffd400') ?? '', /^#[0-9a-f]{6}$/)
    assert.equal(readableBrand('red;}'), null)
  })
})
