import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type mongoose from 'mongoose'
import { Payments } from '../models/payment.ts'
import { inMs, now } from '../server/database/index.ts'
import { makeWaiting } from './support/attempts.ts'
import { commitsSince, mark } from './support/commits.ts'
import { connectTo } from './support/connection.ts'
import { judge, printTable, show, showSpread, spread } from './support/figures.ts'
import { cpuOf, startHelper } from './support/processes.ts'
import { settlerEnvironment } from './support/settler-environment.ts'
import { startShop } from './support/shop.ts'

const count = 4000
const alone = 100
const perSecond = 200
const lookEveryMs = 20

/**
 * A gateway's webhook until its payment is settled: stored, answered, read back, written with all that follows for
 * its order. Durable commits one by one; then a steady stream, from the sending of each until the money is written.
 */
export async function settling({ profile }: { profile: boolean }): Promise<void> {
  const platforms = await startHelper('bare/payments.ts')
  // It prepares the database; the payments are settled by a process that does nothing else.
  const shop = await startShop({ roles: 'web', platforms: platforms.url })
  const settler = await startHelper('bare/settler.ts', settlerEnvironment(shop.uri, platforms.url), profile)
  const { send, close } = connectTo(settler.url, 64)
  const later = inMs(3_600_000)
  try {
    const payments = await makeWaiting(alone + count, () => ({
      createdAt: now(),
      expiresAt: later,
      checkAt: later,
    }))
    await fetch(`${platforms.url}/paid`)
    const hint = (payment: { _id: mongoose.Types.ObjectId }) =>
      send('POST', '/webhooks/payments/omise', {
        object: 'event',
        id: `evnt_test_${createHash('sha256').update(String(payment._id)).digest('hex').slice(0, 19)}`,
        key: 'charge.complete',
        livemode: false,
        data: {
          object: 'charge',
          id: `chrg_test_${payment._id}`,
          metadata: { attempt: String(payment._id) },
        },
      })
    console.log(`Webhooks of a gateway, settled by one process, ${perSecond} a second (ms)\n`)

    const commits = await commitsOfOne(payments.slice(0, alone), hint)
    const sent = new Map<string, number>()
    const settledAt = new Map<string, number>()
    const cpu = () => ({ server: cpuOf(settler.pid), database: shop.cpu().database })
    const before = cpu()
    const began = performance.now()
    const watching = watch(sent, settledAt)
    const answers: number[] = []
    for (const [index, payment] of payments.slice(alone).entries()) {
      const due = began + (index * 1000) / perSecond
      if (due > performance.now()) await wait(due - performance.now())
      sent.set(String(payment._id), performance.now())
      void hint(payment).then(({ milliseconds }) => answers.push(milliseconds))
    }
    await watching
    const took = (Math.max(...settledAt.values()) - began) / 1000
    const times = [...settledAt].map(([id, at]) => at - (sent.get(id) ?? at))
    const after = cpu()
    printTable(
      ['', 'p50', 'p95', 'p99'],
      [
        ['answered', ...showSpread(spread(answers))],
        ['settled', ...showSpread(spread(times))],
      ],
    )
    console.log(
      `  CPU of one: server ${show((after.server - before.server) / count)} ms, database ${show((after.database - before.database) / count)} ms`,
    )
    judge('durable commits of one', commits, '', { most: 3 })
    judge('not settled', count - settledAt.size, 'payments', { most: 0 })
    judge('settled', settledAt.size / took, 'a second', { least: perSecond * 0.98 })
    judge('p99 until settled', spread(times).p99, 'ms', { most: 150 })
    console.log()
  } finally {
    close()
    await settler.end()
    await shop.end()
    await platforms.end()
  }
}

/** Notes when each is settled, up to `lookEveryMs` too late: a stream of changes would cost more than the settling. */
async function watch(sent: Map<string, number>, settledAt: Map<string, number>): Promise<void> {
  const until = performance.now() + 60_000
  while (settledAt.size < count && performance.now() < until) {
    await wait(lookEveryMs)
    const open = [...sent.keys()].filter((id) => !settledAt.has(id)).slice(0, 500)
    const found = await Payments.find({ _id: { $in: open }, state: 'CAPTURED' }, { _id: 1 }).lean()
    for (const { _id } of found) settledAt.set(String(_id), performance.now())
  }
}

/** One after another, each until it is settled: what one of them took, as a rule. */
async function commitsOfOne(
  payments: { _id: mongoose.Types.ObjectId }[],
  hint: (payment: { _id: mongoose.Types.ObjectId }) => Promise<unknown>,
): Promise<number> {
  const commits: number[] = []
  for (const payment of payments) {
    const begin = await mark()
    await hint(payment)
    while (!(await Payments.exists({ _id: payment._id, state: 'CAPTURED' }))) await wait(2)
    await wait(20)
    commits.push(await commitsSince(begin))
  }
  // Now and then a process notes that it has heard of a gateway: not of one webhook.
  return spread(commits).p95
}
