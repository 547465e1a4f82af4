import type { Browser, BrowserContext, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import type { LineUser } from '../../sandbox/line/types.ts'
import type { StaffRole } from '../../server/auth/contract.ts'
import { findBrowser } from './browser.ts'
import { loginAs, type StaffMember } from './people.ts'
import { startShop, type TestShop } from './shop.ts'

/** A window of the console in a real browser. */
export interface ConsoleWindow {
  page: Page
  context: BrowserContext
  staff: StaffMember
  /** What the browser complained of: errors, refusals of the policy, answers that failed. */
  complaints: string[]
}

/** A shop with the sample goods, customers who write on LINE, and staff at their desks. */
export interface Desk extends TestShop {
  chrome: Browser
  /** Somebody writes to the shop for the first time. */
  writes(text: string, displayName: string): Promise<LineUser>
  /** A member of staff opens the console. */
  sits(options?: {
    role?: StaffRole
    name?: string
    path?: string
    width?: number
    height?: number
    locale?: string
  }): Promise<ConsoleWindow>
  /** The texts that a customer got from the shop. */
  heard(user: LineUser): string[]
}

/** Opens the desk on an empty database. Close it in `after`. */
export async function startDesk(env: Record<string, string> = {}): Promise<Desk> {
  const shop = await startShop({ env })
  const { line } = shop.sandbox
  const chrome = await chromium.launch({
    executablePath: await findBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  line.webhook.endpoint.url = `${shop.url}/webhooks/line`
  // Cookies belong to a name, and this is the name that the pages are served under.
  const { publicUrl } = shop.settings

  return {
    ...shop,
    chrome,
    async writes(text, displayName) {
      const user = line.createUser({ displayName })
      await line.say(user.userId, text)
      await shop.idle()
      return user
    },
    async sits({ role = 'admin', name = 'Nok Agent', path = '/inbox', ...view } = {}) {
      const { width = 1280, height = 800, locale = 'en-GB' } = view
      const staff = await loginAs(publicUrl, role, name)
      const context = await chrome.newContext({ viewport: { width, height }, locale })
      await context.addCookies(
        [...staff.cookies].map(([key, value]) => ({ name: key, value, url: publicUrl })),
      )
      const page = await context.newPage()
      // Shorter than a test may take: what was waited for is then named.
      page.setDefaultTimeout(20_000)
      const complaints: string[] = []
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(`${publicUrl}/console${path}`)
      return { page, context, staff, complaints }
    },
    heard: (user) =>
      line
        .received(user.userId)
        .flatMap(({ message }) => (message.type === 'text' ? [String(message['text'])] : [])),
    async close() {
      await chrome.close()
      await shop.close()
    },
  }
}
