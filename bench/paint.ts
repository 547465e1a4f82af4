import { type Browser, chromium } from 'playwright-core'
import { findBrowser } from '../test/support/browser.ts'
import { loginAs, type StaffMember } from '../test/support/people.ts'
import { aConversation } from '../test/support/story.ts'
import { judge, printTable, show } from './support/figures.ts'
import { startShop } from './support/shop.ts'

/** Lighthouse's slow 4G on a phone that is four times slower than this machine. */
const slow4G = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 84_375 }
const slowerBy = 4
const rounds = 5

/** When the customer's pages first paint on a slow phone: the middle of five visits with nothing cached. */
export async function paint(): Promise<void> {
  const shop = await startShop()
  const chrome = await chromium.launch({
    executablePath: await findBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  try {
    const staff = await loginAs(shop.url, 'agent')
    const pages = { catalogue: await catalogueLink(staff), 'an order': await orderLink(staff) }
    console.log(`First paint, slow 4G, CPU ${slowerBy} times slower (ms)\n`)
    const figures: [string, number][] = []
    for (const [name, path] of Object.entries(pages)) {
      const times: number[] = []
      for (let round = 0; round < rounds; round += 1)
        times.push(await firstPaint(chrome, `${shop.url}${path}`))
      figures.push([name, times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0])
    }
    printTable(
      ['', 'first paint'],
      figures.map(([name, time]) => [name, show(time)]),
    )
    for (const [name, time] of figures) judge(`the first paint of ${name}`, time, 'ms', { most: 1000 })
    console.log()
  } finally {
    await chrome.close()
    await shop.end()
  }
}

async function firstPaint(chrome: Browser, address: string): Promise<number> {
  const context = await chrome.newContext({ viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', slow4G)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowerBy })
  await page.goto(address)
  const time = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  )
  await context.close()
  return time
}

async function catalogueLink(staff: StaffMember): Promise<string> {
  const path = `/api/conversations/${await aConversation()}/catalog/link`
  const { body } = await staff.post<{ url: string }>(path)
  return new URL(body.url).pathname
}

async function orderLink(staff: StaffMember): Promise<string> {
  const opened = await staff.post<{ id: string; version: number }>(
    `/api/conversations/${await aConversation()}/orders`,
  )
  const { id, version } = opened.body
  const { body: found } = await staff.get<{ products: { id: string }[] }>(
    '/api/products?limit=3&hidden=false',
  )
  const items = found.products.map((product) => ({ productId: product.id, quantity: 1 }))
  await staff.put(`/api/orders/${id}/items`, { version, items })
  const { body } = await staff.post<{ url: string }>(`/api/orders/${id}/link`)
  return new URL(body.url).pathname
}
