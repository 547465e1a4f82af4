import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Payments } from '../models/payment.ts'
import { Reconciliations } from '../models/reconciliation.ts'
import { addDays, dayIn, instantIn } from '../models/zone.ts'
import { now } from '../server/database/index.ts'
import { root } from '../server/settings.ts'
import { makeWaiting } from './support/attempts.ts'
import { judge, printTable, show } from './support/figures.ts'
import { startHelper } from './support/processes.ts'
import { settlerEnvironment } from './support/settler-environment.ts'
import { startShop } from './support/shop.ts'

const count = 100_000
const amount = 30_050
const zone = 'Asia/Bangkok'

/**
 * A day of 100,000 payments beside what their gateway lists, and once an hour a payment that is none of ours. The list
 * comes from memory, for the gateway's own time is set aside; all is stored as in a shop.
 */
export async function reconciling(): Promise<void> {
  const platforms = await startHelper('bare/payments.ts')
  const shop = await startShop({ roles: 'web', platforms: platforms.url })
  const day = addDays(dayIn(zone, now()), -1)
  const from = instantIn(zone, day, '00:00').getTime()
  try {
    await makeWaiting(count, (index) => {
      const at = new Date(from + (index * 86_400_000) / count)
      return { createdAt: at, expiresAt: at, checkAt: null }
    })
    const paid = { state: 'CAPTURED' as const, open: false, captured: amount, paidAt: now() }
    await Payments.updateMany({}, { $set: paid }, { timestamps: false })
    const before = shop.cpu().database
    const { stdout } = await promisify(execFile)(
      process.execPath,
      // Memory is as much as the program is let have: as npm start does.
      ['--max-semi-space-size=4', join(root, 'bench', 'bare', 'reconciler.ts'), day, String(count)],
      { env: settlerEnvironment(shop.uri, platforms.url) },
    )
    const took = JSON.parse(stdout) as { seconds: number; cpu: number; megabytes: number }
    const database = (shop.cpu().database - before) / 1000
    const run = await Reconciliations.findOne({ day }).lean()
    console.log(`A day of ${count} payments, compared with a list made up in memory\n`)
    printTable(
      ['', 'payments'],
      Object.entries(run?.counts ?? {}).map(([verdict, sum]) => [verdict, String(sum)]),
    )
    console.log(`  CPU: ${show(took.cpu)} s of the process, ${show(database)} s of the database\n`)
    judge('not compared', count - (run?.counts.matched ?? 0), 'payments', { most: 0 })
    judge('time', took.seconds, 's', { most: 30 })
    judge('memory', took.megabytes, 'MB', { most: 300 })
    console.log()
  } finally {
    await shop.end()
    await platforms.end()
  }
}
