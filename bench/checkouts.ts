import { cpus } from 'node:os'
import mongoose from 'mongoose'
import { loginAs } from '../test/support/people.ts'
import { checkOut, type Start, type Step, steps } from './support/checkout.ts'
import { commitsSince, mark } from './support/commits.ts'
import { connectTo } from './support/connection.ts'
import { judge, printTable, show, showSpread, spread } from './support/figures.ts'
import { cpuOf, type Helper, startHelper } from './support/processes.ts'
import { type Shop, startShop } from './support/shop.ts'
import { fillShop, findCustomers } from './support/stock.ts'

const customers = 16
/** So many, until the programs run as fast as they do all day. */
const warmUp = 800
const measured = 600

interface Walked {
  perSecond: number
  steps: Step[]
  wholes: number[]
}

interface Measured extends Walked {
  commits: number
  /** Milliseconds of CPU for each checkout. */
  server: number
  database: number
}

/**
 * Complete checkouts, from the staff's *Open order* to PAID, by 16 customers at once; without relay and saga. Beside
 * them a bare skeleton of the same requests, and as many bare durable writes as a checkout commits.
 */
export async function checkouts({ profile }: { profile: boolean }): Promise<void> {
  const platforms = await startHelper('bare/platforms.ts')
  const shop = await startShop({ roles: 'web', platforms: platforms.url, profile })
  try {
    const goods = await fillShop()
    const staff = await loginAs(shop.url, 'agent')
    const cookie = [...staff.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const ours = await measure(shop.url, cookie, goods, shop.cpu)
    const skeleton = await measureSkeleton(shop, platforms, goods)
    const writes = await bareWrites(Math.round(ours.commits), shop)
    print(ours, skeleton, writes)
  } finally {
    await shop.end()
    await platforms.end()
  }
}

async function measure(url: string, staff: string, goods: string[], cpu: Shop['cpu']): Promise<Measured> {
  await walk(url, staff, await findCustomers(warmUp, goods))
  const starts = await findCustomers(measured, goods)
  const [moment, before] = [await mark(), cpu()]
  const walked = await walk(url, staff, starts)
  const after = cpu()
  return {
    ...walked,
    commits: (await commitsSince(moment)) / measured,
    server: (after.server - before.server) / measured,
    database: (after.database - before.database) / measured,
  }
}

async function walk(url: string, staff: string, starts: Start[]): Promise<Walked> {
  const { send, close } = connectTo(url, customers)
  const waiting = [...starts]
  const done: Step[][] = []
  const customer = async () => {
    for (let start = waiting.pop(); start; start = waiting.pop())
      done.push(await checkOut(send, staff, start))
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: customers }, customer))
  const perSecond = (starts.length / (performance.now() - began)) * 1000
  close()
  const wholes = done.map((one) => one.reduce((sum, { milliseconds }) => sum + milliseconds, 0))
  return { perSecond, steps: done.flat(), wholes }
}

async function measureSkeleton(shop: Shop, platforms: Helper, goods: string[]): Promise<Measured> {
  const skeleton = await startHelper('bare/skeleton.ts', { DATABASE: shop.uri, PLATFORMS: platforms.url })
  const cpu = () => ({ server: cpuOf(skeleton.pid), database: shop.cpu().database })
  const found = await measure(skeleton.url, '', goods, cpu)
  await skeleton.end()
  return found
}

/** What the database alone needs for so many commits: small documents, one after another for each customer. */
async function bareWrites(commits: number, shop: Shop): Promise<{ perSecond: number; database: number }> {
  const rows = mongoose.connection.collection('bench_writes')
  const write = async () => {
    for (let at = 0; at < (measured * commits) / customers; at += 1)
      await rows.insertOne({ at, text: 'x'.repeat(500) })
  }
  const [began, before] = [performance.now(), shop.cpu().database]
  await Promise.all(Array.from({ length: customers }, write))
  const seconds = (performance.now() - began) / 1000
  return { perSecond: measured / seconds, database: (shop.cpu().database - before) / measured }
}

function print(ours: Measured, skeleton: Measured, writes: { perSecond: number; database: number }): void {
  console.log(`Complete checkouts, ${customers} customers at once, ${cpus().length} cores (ms)\n`)
  const rows = steps.map((name) => [name, ...latencies(ours, name), ...latencies(skeleton, name)])
  const whole = ['the whole', ...showSpread(spread(ours.wholes)), ...showSpread(spread(skeleton.wholes))]
  printTable(['', 'p50', 'p95', 'p99', 'bare p50', 'p95', 'p99'], [...rows, whole])
  const line = (name: string, of: Measured) => [
    name,
    ...[of.perSecond, of.server, of.database, of.server + of.database, of.commits].map(show),
  ]
  printTable(
    ['', 'a second', 'CPU server', 'CPU database', 'CPU together', 'commits'],
    [
      line('the shop', ours),
      line('a bare skeleton', skeleton),
      [
        'as many bare writes',
        show(writes.perSecond),
        '-',
        show(writes.database),
        '-',
        show(Math.round(ours.commits)),
      ],
      [
        'the shop : the skeleton',
        show(ours.perSecond / skeleton.perSecond),
        show(ours.server / skeleton.server),
        show(ours.database / skeleton.database),
        show((ours.server + ours.database) / (skeleton.server + skeleton.database)),
        show(ours.commits / skeleton.commits),
      ],
    ],
  )
  judge('CPU of a checkout', ours.server + ours.database, 'ms', { most: 20 })
  judge('durable commits of a checkout', ours.commits, '', { most: 12 })
}

const latencies = ({ steps: all }: Walked, wanted: string): string[] =>
  showSpread(spread(all.filter(({ name }) => name === wanted).map(({ milliseconds }) => milliseconds)))
