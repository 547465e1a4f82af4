import { randomUUID } from 'node:crypto'
import mongoose from 'mongoose'
import { Inbox } from '../models/broker.ts'
import { type Delivered, deliver, makeDeliveries } from './support/deliveries.ts'
import { judge, printTable, show, showSpread, spread } from './support/figures.ts'
import { startHelper } from './support/processes.ts'
import { channelSecret, startShop } from './support/shop.ts'

const connections = 32
const posts = 4000
const warmUp = 1000

/**
 * Signed webhooks of LINE and of Messenger, stored durably before each is answered; what follows from them is left to
 * a worker. Beside LINE's the official SDK, which stores nothing; beside both as many durable inserts with nothing
 * around them.
 */
export async function webhooks({ profile }: { profile: boolean }): Promise<void> {
  const platforms = await startHelper('bare/platforms.ts')
  const sdk = await startHelper('bare/line.ts', { SECRET: channelSecret })
  const shop = await startShop({ roles: 'web', platforms: platforms.url, profile })
  try {
    console.log(`Signed webhooks, ${connections} connections (ms)\n`)
    for (const eventsEach of [1, 10]) {
      await deliver(shop.url, makeDeliveries(warmUp, eventsEach), connections)
      await deliver(sdk.url, makeDeliveries(warmUp, eventsEach), connections)
      const before = await Inbox.countDocuments()
      const ours = await deliver(shop.url, makeDeliveries(posts, eventsEach), connections)
      const lost = posts * eventsEach - ((await Inbox.countDocuments()) - before)
      const theirs = await deliver(sdk.url, makeDeliveries(posts, eventsEach), connections)
      const inserts = await bareInserts(eventsEach)
      print(eventsEach, { ours, theirs, inserts }, lost)
      await messenger(shop.url, eventsEach, inserts)
    }
  } finally {
    await shop.end()
    await sdk.end()
    await platforms.end()
  }
}

/** The same figures as LINE's. Meta has no SDK for this to stand beside. */
async function messenger(url: string, eventsEach: number, inserts: Delivered): Promise<void> {
  await deliver(url, makeDeliveries(warmUp, eventsEach, 'messenger'), connections)
  const before = await Inbox.countDocuments()
  const ours = await deliver(url, makeDeliveries(posts, eventsEach, 'messenger'), connections)
  const lost = posts * eventsEach - ((await Inbox.countDocuments()) - before)
  print(eventsEach, { messenger: ours, inserts }, lost)
}

async function bareInserts(eventsEach: number): Promise<Delivered> {
  const rows = mongoose.connection.collection('bench_inserts')
  const payload = { text: 'x'.repeat(400) }
  const times: number[] = []
  const insert = async () => {
    for (let at = 0; at < posts / connections; at += 1) {
      const began = performance.now()
      await rows.insertMany(Array.from({ length: eventsEach }, () => ({ eventId: randomUUID(), payload })))
      times.push(performance.now() - began)
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: connections }, insert))
  return { perSecond: (times.length / (performance.now() - began)) * 1000, latency: spread(times), failed: 0 }
}

const names: Record<string, string> = {
  ours: 'the shop, LINE, stored',
  messenger: 'the shop, Messenger, stored',
  theirs: "LINE's SDK, nothing stored",
  inserts: 'bare durable inserts',
}

/** The first of the rows is ours, and what is judged. */
function print(eventsEach: number, rows: Record<string, Delivered>, lost: number): void {
  const [ours] = Object.values(rows) as [Delivered]
  const line = (name: string, { perSecond, latency }: Delivered) => [
    names[name] ?? name,
    show(perSecond),
    show(perSecond * eventsEach),
    ...showSpread(latency),
    show(ours.perSecond / perSecond),
  ]
  printTable(
    [
      `of ${eventsEach} event${eventsEach > 1 ? 's' : ''}`,
      'posts a second',
      'events a second',
      'p50',
      'p95',
      'p99',
      'shop : this',
    ],
    Object.entries(rows).map(([name, row]) => line(name, row)),
  )
  judge('lost or refused', lost + ours.failed, 'events', { most: 0 })
  if (eventsEach === 1) {
    judge('posts', ours.perSecond, 'a second', { least: 500 })
    judge('p99', ours.latency.p99, 'ms', { most: 60 })
  } else judge('events', ours.perSecond * eventsEach, 'a second', { least: 3000 })
  console.log()
}
