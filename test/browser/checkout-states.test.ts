import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { type Order, Orders, WebviewLinks } from '../../models/order.ts'
import { PaymentTokens } from '../../models/payment-token.ts'
import type { Language } from '../../models/states.ts'
import { decide, endAttempt } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import {
  axeProblems,
  fillIn,
  type PageShop,
  startPageShop,
  typeCard,
  type Visit,
} from '../support/customer-page.ts'
import { customerOf } from '../support/people.ts'

/** Screenshots for people to look at, where somebody asks for them. */
const pictures = process.env['PICTURES']
const at = new Date('2026-11-20T09:00:00Z')

/** States that only time or staff bring about, as the database then holds them. */
const later: Record<string, Partial<Order>> = {
  confirming: { state: 'CONFIRMING', paidAt: at },
  confirmed: { state: 'CONFIRMED', paidAt: at },
  packing: { state: 'FULFILLING', paidAt: at },
  delivered: { state: 'DELIVERED', paidAt: at },
  'refunded in part': { state: 'DELIVERED', paidAt: at, refunded: 10_000 },
  'being undone': { state: 'COMPENSATING', paidAt: at, refunded: 0 },
  refunded: { state: 'CANCELED', paidAt: at, refunded: 38_500 },
  canceled: { state: 'CANCELED', paidAt: null, refunded: 0 },
  expired: { state: 'EXPIRED' },
  'under review': { state: 'MANUAL_REVIEW' },
}

/** Those that are looked at by the rules of accessibility too, which are the same in each. */
const examined: Language[] = ['th', 'en']
/** And those of the longest words, which must find room. */
const languages: Language[] = ['ru', 'tk', ...examined]

/** How far the page goes beyond the right edge, its text as large as somebody has set it. */
const beyondEdge = (page: Page, size = '100%') =>
  page.evaluate((size) => {
    const root = document.documentElement
    root.style.fontSize = size
    const wide = root.scrollWidth - window.innerWidth
    root.style.fontSize = ''
    return Math.max(0, wide)
  }, size)

describe('every state of the checkout, in every language,', function () {
  this.timeout(120_000)
  let shop: PageShop
  before(async () => {
    if (pictures) mkdirSync(pictures, { recursive: true })
    shop = await startPageShop({ PROMPTPAY_ID: '0801234567' })
    await decide({ languages })
  })
  after(() => shop.close())

  const visit = (link: string) => shop.visit(link)

  /** Nothing for axe, nothing for the console, nothing beyond the edge, and every target large enough. */
  async function expectGood({ page, complaints }: Visit, state: string): Promise<void> {
    for (const language of languages) {
      await speak(page, language)
      await expectRoom(page, `${state} in ${language}`)
      if (!examined.includes(language)) continue
      assert.deepEqual(await axeProblems(page), [], `${state} in ${language}`)
      assert.deepEqual(await tooSmall(page), [], `${state} in ${language}`)
      if (pictures) await photograph(page, `${language}-${state.replaceAll(' ', '-')}`)
    }
    const unexpected = complaints.filter((line) => !/status of 40[249]/.test(line))
    assert.deepEqual(unexpected, [], state)
  }

  /** Nothing beyond the edge of a small phone, and nothing where text is twice as large. */
  async function expectRoom(page: Page, state: string): Promise<void> {
    await page.setViewportSize({ width: 320, height: 640 })
    assert.equal(await beyondEdge(page), 0, `${state}: on a small phone`)
    await page.setViewportSize({ width: 390, height: 844 })
    assert.equal(await beyondEdge(page, '200%'), 0, `${state}: in large text`)
  }

  async function photograph(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: join(pictures ?? '', `${name}.png`), fullPage: true })
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.screenshot({ path: join(pictures ?? '', `${name}-wide.png`) })
  }

  it('is good while it is filled in, declined and tried again', async () => {
    const { link } = await shop.order()
    const visitor = await visit(link)
    const { page } = visitor
    await page.waitForLoadState('networkidle')
    await expectGood(visitor, 'empty')
    await page.locator('#pay').click()
    await page.locator('#address-name-error').waitFor()
    await expectGood(visitor, 'wrong fields')
    await fillIn(page, 'card')
    await page.locator('input[name="delivery"]').nth(2).check()
    await page.locator('input[name="slot"]').first().waitFor()
    await expectGood(visitor, 'slots')
    await page.locator('#cost-accepted').check()
    await page.locator('#pay').click()
    await page.locator('#card-number-error').waitFor()
    await expectGood(visitor, 'wrong card')
    await typeCard(page, '4111111111140011')
    await page.locator('#pay').click()
    await page.locator('.decline').waitFor()
    await expectGood(visitor, 'declined')
    await typeCard(page, '5454545454545454')
    await page.locator('#pay').click()
    await page.getByRole('button', { name: 'Decline' }).waitFor()
    await page.goBack()
    await page.locator('.due').waitFor()
    await expectGood(visitor, 'at the bank')
  })

  it('is good with a QR, with one that has run out, and with an alert', async () => {
    const { order, link } = await shop.order()
    const visitor = await visit(link)
    const { page } = visitor
    await fillIn(page, 'promptpay')
    await shop.setItems(order.id, { 0: 2, 2: 1, 3: 1 })
    await page.locator('#pay').click()
    await page.getByRole('dialog').waitFor()
    await expectGood(visitor, 'alert')
    await page.keyboard.press('Escape')
    await page.locator('#pay').click()
    await page.locator('.qr img[src^="data:"]').waitFor()
    await expectGood(visitor, 'qr')
    await page.goBack()
    await page.locator('.page-notice').waitFor()
    await expectGood(visitor, 'looked at')
    await page.goForward()
    await shop.mark(order.id, 'expire')
    await page.locator('.hero.warn').waitFor()
    await expectGood(visitor, 'qr expired')
  })

  it('is good with kinds of ways to pay that unfold, by keyboard alone', async () => {
    const { link } = await shop.order({ 0: 20 })
    const visitor = await visit(link)
    const { page } = visitor
    await page.waitForLoadState('networkidle')
    const kind = page.locator('.method-group', { hasText: 'SCB EASY' })
    await kind.locator('summary').focus()
    await page.keyboard.press('Enter')
    await kind.locator('input[value="omise:mobile_banking_scb"]').focus()
    await page.keyboard.press('Space')
    assert.match((await kind.locator('summary').textContent()) ?? '', /SCB EASY/)
    await page
      .locator('#plan-installment')
      .evaluate((list) => list.closest('details')?.setAttribute('open', ''))
    await expectGood(visitor, 'kinds unfolded')
    await page.locator('#plan-installment').selectOption('omise:installment_kbank_3')
    assert.equal(await page.locator('input[name="method"]:checked').count(), 0)
    await expectGood(visitor, 'a plan chosen')
  })

  it('is good with a transfer whose slip is wanted, waits, is refused, and comes late', async () => {
    const { order, link } = await shop.order()
    const visitor = await visit(link)
    const { page } = visitor
    await fillIn(page, 'promptpay')
    await page.locator('input[value="promptpay:promptpay_slip"]').check()
    await page.locator('#pay').click()
    await page.locator('.slip').waitFor()
    await expectGood(visitor, 'slip wanted')
    const slip = await page.locator('.qr img').screenshot()
    await page.locator('.slip input').setInputFiles({ name: 'slip.png', mimeType: 'image/png', buffer: slip })
    await page.locator('.hero').waitFor()
    await expectGood(visitor, 'slip waits')
    const { payments } = await shop.staffView(order.id)
    const { slips } = await expectStatus(
      200,
      shop.manager.get<{ slips: { id: string }[] }>(`/api/payments/${payments[0]?.id}/slips`),
    )
    await expectStatus(
      200,
      shop.manager.post(`/api/slips/${slips[0]?.id}/refuse`, { reason: 'no such money' }),
    )
    await page.locator('.slip .notice.warn').waitFor()
    await expectGood(visitor, 'slip refused')
    await endAttempt(order)
    await page.locator('.hero.warn').waitFor()
    await expectGood(visitor, 'slip late')
  })

  it('is good with cards that were kept, and one that may be', async () => {
    const { order, link } = await shop.order()
    const customer = (await Orders.findById(order.id).lean())?.customer as Order['customer']
    const kept = { customer, gateway: 'omise', method: 'card', sealed: '-', fingerprint: '-' }
    const shown = { brand: 'Visa', lastDigits: '4242', expiry: '12 / 30' }
    await PaymentTokens.create({ ...kept, ...shown, createdAt: at, usedAt: at })
    const visit = { customerId: String(customer), orderIds: [order.id], proven: true }
    const { cookies } = await customerOf(shop.url, visit)
    const visitor = await shop.visit('/health')
    const { page, context } = visitor
    const url = shop.settings.publicUrl
    await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url })))
    await page.goto(url + link)
    await page.locator('.saved-card').waitFor()
    await page.locator('input[value="omise:card"]').check()
    await page.locator('#remember-card').check()
    await expectGood(visitor, 'kept cards')
    await page.locator('.saved-card-remove').click()
    await page.locator('.saved-card').waitFor({ state: 'detached' })
    assert.equal(await PaymentTokens.countDocuments({ customer }), 0)
  })

  it('is good however the order ends', async () => {
    const { order, link } = await shop.order()
    const visitor = await visit(link)
    const { page } = visitor
    await page.waitForLoadState('networkidle')
    for (const [state, set] of Object.entries(later)) {
      await Orders.collection.updateOne({ regNo: order.regNo }, { $set: set })
      await page.reload()
      await page.locator('.hero h2').waitFor()
      await expectGood(visitor, state)
    }
  })

  it('is good where there is no order to be seen', async () => {
    const { order, link } = await shop.order()
    await expectGood(await visit('/w/abcdefghijklmnopqrstuvwxyz'), 'unknown link')
    const theirs = { order: (await Orders.findOne({ regNo: order.regNo }).lean())?._id as Order['_id'] }
    await WebviewLinks.updateMany(theirs, { $set: { expiresAt: at } })
    await expectGood(await visit(link), 'expired link')
    await WebviewLinks.updateMany(theirs, { $set: { revokedAt: at } })
    await expectGood(await visit(link), 'revoked link')
  })
})

/** Chooses a language in the footer: an open alert would catch a finger, but not this. */
async function speak(page: Page, language: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      if (document.documentElement.lang === wanted) return true
      // A tap before the script is there does nothing.
      document.querySelector<HTMLElement>(`footer [lang="${wanted}"]`)?.click()
      return false
    },
    language,
    { polling: 20 },
  )
}

/** What can be tapped and is smaller than a fingertip. Ticks and rows are tapped by their label. */
const tooSmall = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, summary, input, a, label:has(input)')].flatMap((element) => {
      const target = element.closest('label') ?? element
      const { width, height } = target.getBoundingClientRect()
      return width === 0 || (width >= 44 && height >= 44)
        ? []
        : [`${target.outerHTML.slice(0, 80)} ${width}x${height}`]
    }),
  )
