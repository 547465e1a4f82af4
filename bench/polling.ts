import { setTimeout as wait } from 'node:timers/promises'
import { Payments } from '../models/payment.ts'
import { now } from '../server/database/index.ts'
import { nextCheck } from '../server/payment/schedule.ts'
import { makeWaiting } from './support/attempts.ts'
import { judge, printTable, show } from './support/figures.ts'
import { startHelper } from './support/processes.ts'
import { startShop } from './support/shop.ts'

const count = 50_000
const young = 100
const seconds = 60
/** What the adapter of Omise says that its platform bears. */
const rate = 20
/** So late a customer does not notice, and so late nobody minds of a voucher that waits for days. */
const lateMs = { young: 5000, old: 60_000 }
const minute = 60_000
const days = 86_400_000

/**
 * Attempts that wait for their money: a hundred whose customers may be looking, the rest vouchers of the last three
 * days, the youngest a quarter of an hour old. One process polls them all, at one gateway, beside all that a shop does
 * when nothing happens.
 */
export async function polling({ profile }: { profile: boolean }): Promise<void> {
  const platforms = await startHelper('bare/payments.ts')
  const shop = await startShop({ roles: 'web,worker', platforms: platforms.url, profile })
  try {
    const idle = await measure(shop.cpu, 10)
    await makeWaiting(count, aged)
    const reads = async () =>
      ((await (await fetch(`${platforms.url}/reads`)).json()) as { reads: number }).reads
    await wait(5000)
    const before = await reads()
    const busy = await measure(shop.cpu, seconds)
    const asked = (await reads()) - before
    const at = now().getTime()
    const late = (ms: number, age: object) =>
      Payments.countDocuments({ open: true, checkAt: { $lt: new Date(at - ms) }, createdAt: age })
    const border = new Date(at - 15 * minute)
    console.log(`${count} pending attempts, polled by one process for ${seconds} s\n`)
    printTable(
      ['of a core', 'server', 'database'],
      [
        ['nothing pending', percent(idle.server), percent(idle.database)],
        ['polling', percent(busy.server), percent(busy.database)],
      ],
    )
    console.log(`  CPU of one poll: server ${show(((busy.server - idle.server) * seconds * 10) / asked)} ms`)
    judge('CPU of the server', busy.server, '% of a core', { most: 20 })
    judge('read back', asked / seconds, 'a second', { most: rate })
    judge('late, of the young', await late(lateMs.young, { $gte: border }), 'attempts', { most: 0 })
    judge('late, of the old', await late(lateMs.old, { $lt: border }), 'attempts', { most: 0 })
    console.log()
  } finally {
    await shop.end()
    await platforms.end()
  }
}

/** Each somewhere between its last look and its next. */
function aged(index: number) {
  const at = now().getTime()
  const age =
    index < young ? (15 * minute * index) / young : 15 * minute + (3 * days - 15 * minute) * Math.random()
  const createdAt = new Date(at - age)
  const expiresAt = new Date(createdAt.getTime() + 4 * days)
  const next = nextCheck({ createdAt, expiresAt, operations: [], state: 'PENDING', flags: {} } as never)
  const interval = (next?.getTime() ?? at) - at
  return { createdAt, expiresAt, checkAt: new Date(at + 5000 + interval * Math.random()) }
}

async function measure(cpu: () => { server: number; database: number }, span: number) {
  const before = cpu()
  await wait(span * 1000)
  const after = cpu()
  const share = (name: 'server' | 'database') => (after[name] - before[name]) / (span * 10)
  return { server: share('server'), database: share('database') }
}

const percent = (value: number): string => `${show(value)} %`
