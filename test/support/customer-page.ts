import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { type Product, Products } from '../../models/store.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import { findBrowser } from './browser.ts'
import { expectStatus } from './client.ts'
import { loginAs, type StaffMember } from './people.ts'
import { startShop, type TestShop } from './shop.ts'
import { aConversation } from './story.ts'

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** A shop with the sample goods, and customers who look at it in a real browser. */
export interface PageShop extends TestShop {
  agent: StaffMember
  manager: StaffMember
  chrome: Browser
  products: Product[]
  /** Opens an order and answers it with the path of its link. Goods by their place in `products`. */
  order(
    lines?: Record<number, number>,
    conversationId?: string,
  ): Promise<{ order: StaffOrderView; link: string }>
  setItems(orderId: string, lines: Record<number, number>): Promise<StaffOrderView>
  staffView(orderId: string): Promise<StaffOrderView>
  /** A phone of its own: no cookies, no history. */
  visit(path: string, options?: Parameters<Browser['newContext']>[0]): Promise<Visit>
  /** Marks the charge of an order's last attempt at the simulated bank. */
  mark(orderId: string, as: 'mark_as_paid' | 'mark_as_failed' | 'expire'): Promise<void>
}

export interface Visit {
  page: Page
  context: BrowserContext
  /** What the browser complained of: errors, refusals of the policy, mismatches of hydration. */
  complaints: string[]
  /** Every request, with its body. */
  requests: { method: string; url: string; body: string }[]
}

/** Starts it on an empty database. Close it in `after`. */
export async function startPageShop(env: Record<string, string> = {}): Promise<PageShop> {
  const shop = await startShop({ env })
  const chrome = await chromium.launch({
    executablePath: await findBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  const agent = await loginAs(shop.url, 'agent', 'Nok Agent')
  const manager = await loginAs(shop.url, 'manager', 'Ploy Manager')
  const products = await Products.find({ hidden: { $ne: true } })
    .sort({ number: 1 })
    .lean()
  // The sandbox knows the shop by this name, and cookies belong to a name.
  const url = shop.settings.publicUrl

  const page: PageShop = {
    ...shop,
    agent,
    manager,
    chrome,
    products,
    async order(lines = { 0: 2, 2: 1 }, conversationId) {
      const path = `/api/conversations/${conversationId ?? (await aConversation())}/orders`
      const { id } = await expectStatus(200, agent.post<StaffOrderView>(path))
      const order = await page.setItems(id, lines)
      const link = await expectStatus(200, agent.post<{ url: string }>(`/api/orders/${id}/link`))
      return { order, link: new URL(link.url).pathname }
    },
    async setItems(id, lines) {
      const { version } = await page.staffView(id)
      const items = Object.entries(lines).map(([place, quantity]) => ({
        productId: String(products[Number(place)]?._id),
        quantity,
      }))
      return expectStatus(200, agent.put<StaffOrderView>(`/api/orders/${id}/items`, { version, items }))
    },
    staffView: (id) => expectStatus(200, agent.get<StaffOrderView>(`/api/orders/${id}`)),
    async visit(path, options = {}) {
      const context = await chrome.newContext({
        viewport: { width: 390, height: 844 },
        locale: 'th-TH',
        ...options,
      })
      const visit = await watched(context)
      await visit.page.goto(new URL(path, url).href)
      return visit
    },
    async mark(orderId, as) {
      const { payments } = await page.staffView(orderId)
      const charge = payments.at(-1)?.refs.find(({ kind }) => kind === 'charge')?.value
      await fetch(`${shop.sandbox.url}/__sim/charges/${charge}/${as}`, { method: 'POST' })
    },
    async close() {
      await chrome.close()
      await shop.close()
    },
  }
  return page
}

async function watched(context: BrowserContext): Promise<Visit> {
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: Visit['requests'] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  context.on('request', (request) =>
    requests.push({ method: request.method(), url: request.url(), body: request.postData() ?? '' }),
  )
  return { page, context, complaints, requests }
}

/** What axe finds on the page as it is: the rules of WCAG 2.2, levels A and AA. */
export async function axeProblems(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(where: Document, options: object): Promise<{ violations: Violation[] }> }
    }
    interface Violation {
      id: string
      nodes: { html: string; failureSummary: string }[]
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`),
    )
  })
}

/** The address form of a Thai customer, filled in by hand. */
export async function typeAddress(page: Page): Promise<void> {
  await page.locator('#address-name').fill('สมชาย ใจดี')
  await page.locator('#address-phone').fill('089 765 4321')
  await page.locator('#address-postalCode').fill('10110')
  await page.locator('.suggestions button').filter({ hasText: 'คลองตันเหนือ' }).first().click()
  await page.locator('#address-line1').fill('99/12 ซ.อารีย์สัมพันธ์ 9')
}

/** A card of the sandbox. */
export async function typeCard(page: Page, number = '4242424242424242'): Promise<void> {
  await page.locator('#card-number').pressSequentially(number)
  await page.locator('#card-expiry').pressSequentially('1230')
  await page.locator('#card-code').fill('123')
  await page.locator('#card-name').fill('SOMCHAI JAIDEE')
}

/** Through address, delivery and its cost to a way to pay: all that is left is to tap "pay". */
export async function fillIn(page: Page, method: 'card' | 'promptpay'): Promise<void> {
  await typeAddress(page)
  await page.locator('.address-save').click()
  await page.locator('input[value="courier:Flash Express"]').check()
  await page.locator('#cost-accepted').check()
  await page.locator(`input[value="omise:${method}"]`).check()
  await page.locator('.totals').getByText('฿45').waitFor()
}
