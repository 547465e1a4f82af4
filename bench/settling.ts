import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import mongoose from 'mongoose'
import { Payments } from '../models/payment.ts'
import { inMs, now } from '../server/database/index.ts'
import { makeWaiting } from './support/attempts.ts'
import { commitsSince, mark } from './support/commits.ts'
import { connectTo } from './support/connection.ts'
import { judge, printTable, show, showSpread, spread } from './support/figures.ts'
import { cpuOf, type Helper, startHelper } from './support/processes.ts'
import { settlerEnvironment } from './support/settler-environment.ts'
import { type Shop, startShop } from './support/shop.ts'

const count = 4000
const alone = 100
const warmUp = 2000
const wantedRate = 200
const lookEveryMs = 20

interface Streamed {
  perSecond: number
  /** From sending to the answer, and to the payment that is written, milliseconds. */
  answered: number[]
  settled: number[]
  unsettled: number
  /** Milliseconds of CPU for each. */
  server: number
  database: number
}

/** Whoever settles: where, with which CPU, and in which collection its payments become CAPTURED. */
interface Settler {
  url: string
  cpu(): { server: number; database: number }
  payments: mongoose.mongo.Collection
}

/**
 * A gateway's webhook until its payment is settled: stored, answered, read back, written with all that follows for
 * its order. Durable commits one by one; then a steady stream, from the sending of each until the money is written,
 * after one of half the rate: a process that has just begun is three times as slow. Beside it a bare skeleton of the
 * same, warmed alike.
 */
export async function settling({ profile }: { profile: boolean }): Promise<void> {
  const platforms = await startHelper('bare/payments.ts')
  // It prepares the database; the payments are settled by a process that does nothing else.
  const shop = await startShop({ roles: 'web', platforms: platforms.url })
  const process = await startHelper('bare/settler.ts', settlerEnvironment(shop.uri, platforms.url), profile)
  const later = inMs(3_600_000)
  try {
    const ids = (
      await makeWaiting(alone + warmUp + count, () => ({
        createdAt: now(),
        expiresAt: later,
        checkAt: later,
      }))
    ).map(({ _id }) => _id)
    await fetch(`${platforms.url}/paid`)
    const settler: Settler = {
      url: process.url,
      cpu: () => ({ server: cpuOf(process.pid), database: shop.cpu().database }),
      payments: Payments.collection as never,
    }
    const commits = await commitsOfOne(settler, ids.slice(0, alone))
    const half = await stream(settler, ids.slice(alone, alone + warmUp), wantedRate / 2)
    const ours = await stream(settler, ids.slice(alone + warmUp), wantedRate)
    const bare = await streamSkeleton(shop, platforms)
    print({ ours, half, bare }, commits)
  } finally {
    await process.end()
    await shop.end()
    await platforms.end()
  }
}

async function streamSkeleton(shop: Shop, platforms: Helper): Promise<Streamed> {
  const db = mongoose.connection.getClient().db('skeleton')
  const made = Array.from({ length: warmUp + count }, () => ({
    _id: new mongoose.Types.ObjectId(),
    order: new mongoose.Types.ObjectId(),
    state: 'PENDING',
  }))
  await db.collection('payments').insertMany(made)
  await db
    .collection('orders')
    .insertMany(made.map(({ order }) => ({ _id: order, state: 'AWAITING_PAYMENT', version: 0 })))
  await db.collection('outbox').insertOne({ type: 'first' })
  const skeleton = await startHelper('bare/skeleton-settler.ts', {
    DATABASE: shop.uri,
    PLATFORMS: platforms.url,
  })
  const cpu = () => ({ server: cpuOf(skeleton.pid), database: shop.cpu().database })
  const settler: Settler = { url: skeleton.url, cpu, payments: db.collection('payments') as never }
  const ids = made.map(({ _id }) => _id)
  await stream(settler, ids.slice(0, warmUp), wantedRate / 2)
  const found = await stream(settler, ids.slice(warmUp), wantedRate)
  await skeleton.end()
  return found
}

async function stream(settler: Settler, ids: Id[], perSecond: number): Promise<Streamed> {
  const { send, close } = connectTo(settler.url, 64)
  const sent = new Map<string, number>()
  const settledAt = new Map<string, number>()
  const answers: Promise<{ milliseconds: number }>[] = []
  const before = settler.cpu()
  const began = performance.now()
  const watching = watch(settler.payments, ids.length, sent, settledAt)
  for (const [index, id] of ids.entries()) {
    const due = began + (index * 1000) / perSecond
    if (due > performance.now()) await wait(due - performance.now())
    sent.set(String(id), performance.now())
    answers.push(send('POST', '/webhooks/payments/omise', hintOf(id)))
  }
  await watching
  const answered = (await Promise.all(answers)).map(({ milliseconds }) => milliseconds)
  const after = settler.cpu()
  close()
  return {
    perSecond: (settledAt.size / (Math.max(...settledAt.values()) - began)) * 1000,
    answered,
    settled: [...settledAt].map(([id, at]) => at - (sent.get(id) ?? at)),
    unsettled: ids.length - settledAt.size,
    server: (after.server - before.server) / ids.length,
    database: (after.database - before.database) / ids.length,
  }
}

type Id = mongoose.Types.ObjectId

/** Notes when each is settled, up to `lookEveryMs` too late: a stream of changes would cost more than the settling. */
async function watch(
  payments: Settler['payments'],
  all: number,
  sent: Map<string, number>,
  settledAt: Map<string, number>,
): Promise<void> {
  const until = performance.now() + 90_000
  while (settledAt.size < all && performance.now() < until) {
    await wait(lookEveryMs)
    const open = [...sent.keys()].filter((id) => !settledAt.has(id)).slice(0, 100)
    const ids = open.map((id) => new mongoose.Types.ObjectId(id))
    const found = await payments
      .find({ _id: { $in: ids }, state: 'CAPTURED' }, { projection: { _id: 1 } })
      .toArray()
    for (const { _id } of found) settledAt.set(String(_id), performance.now())
  }
}

/** One after another, each until it is settled: what one of them took, as a rule. */
async function commitsOfOne(settler: Settler, ids: Id[]): Promise<number> {
  const { send, close } = connectTo(settler.url, 1)
  const commits: number[] = []
  for (const _id of ids) {
    const begin = await mark()
    await send('POST', '/webhooks/payments/omise', hintOf(_id))
    while (!(await settler.payments.findOne({ _id, state: 'CAPTURED' }))) await wait(2)
    await wait(20)
    commits.push(await commitsSince(begin))
  }
  close()
  // Now and then a process notes that it has heard of a gateway: not of one webhook.
  return spread(commits).p95
}

/** What the platform sends when somebody has paid. */
const hintOf = (id: Id) => ({
  object: 'event',
  id: `evnt_test_${createHash('sha256').update(String(id)).digest('hex').slice(0, 19)}`,
  key: 'charge.complete',
  livemode: false,
  data: { object: 'charge', id: `chrg_test_${id}`, metadata: { attempt: String(id) } },
})

function print({ ours, half, bare }: Record<'ours' | 'half' | 'bare', Streamed>, commits: number): void {
  console.log(`Webhooks of a gateway, settled by one process, ${wantedRate} a second (ms)\n`)
  const row = (name: string, one: Streamed) => {
    const { answered, settled, server, database } = one
    const [, , answer99] = showSpread(spread(answered))
    return [
      name,
      show(one.perSecond),
      answer99 ?? '',
      ...showSpread(spread(settled)),
      ...[server, database, server + database].map(show),
    ]
  }
  const cpu = (one: Streamed) => one.server + one.database
  printTable(
    ['', 'a second', 'answered p99', 'settled p50', 'p95', 'p99', 'CPU server', 'database', 'together'],
    [
      row('the shop', ours),
      row(`the shop at ${wantedRate / 2} a second`, half),
      row('a bare skeleton', bare),
      [
        'the shop : the skeleton',
        show(ours.perSecond / bare.perSecond),
        ...['', '', '', ''],
        show(ours.server / bare.server),
        show(ours.database / bare.database),
        show(cpu(ours) / cpu(bare)),
      ],
    ],
  )
  judge('durable commits of one', commits, '', { most: 3 })
  judge('not settled', ours.unsettled + half.unsettled, 'payments', { most: 0 })
  judge('settled', ours.perSecond, 'a second', { least: wantedRate * 0.98 })
  judge('p99 until settled', spread(ours.settled).p99, 'ms', { most: 150 })
  console.log()
}
