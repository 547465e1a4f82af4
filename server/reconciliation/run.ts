import { randomUUID } from 'node:crypto'
import mongoose from 'mongoose'
import {
  type Reconciliation,
  ReconciliationRows,
  Reconciliations,
  type Sums,
  type Verdict,
  verdicts,
} from '../../models/reconciliation.ts'
import { inMs, isDuplicate, now } from '../database/index.ts'
import { type Gateway, type Listed, Refused, Unanswered } from '../payment/index.ts'
import { raiseTask } from '../shop/index.ts'
import { compareOurs, compareTheirs, type NewRow } from './compare.ts'

const minute = 60_000
/** A day is compared hour by hour: an hour is what a killed process has to do again. */
const sliceMs = 60 * minute
const leaseMs = 3 * minute
const batch = 500
/** What comes slowly is stored in between, too, while the lease lasts. */
const batchMs = 5000
const mostTries = 12

/** What a day is compared with: only how the gateway lists. */
export type Lister = NonNullable<Gateway['list']>

/**
 * Works on a day's comparison until it is done. Every hour of it is stored before the next begins. A gateway that
 * does not answer is asked again later, and after many times a person hears of it. False: somebody else has taken over.
 */
export async function work(run: Reconciliation, list: Lister, stop?: AbortSignal): Promise<boolean> {
  const mine = await take(run)
  if (!mine) return false
  try {
    let at = mine
    while (at.state === 'RUNNING') {
      if (stop?.aborted) return leaveToOthers(at)
      const next = await step(at, list, stop)
      if (!next) return false
      at = next
    }
    return true
  } catch (error) {
    if (!(error instanceof Unanswered || error instanceof Refused)) throw error
    await putOff(mine, error)
    return true
  }
}

/** Only one process works on a day; one that died is followed by another when its lease is over. */
async function take({ _id, wakeAt }: Reconciliation): Promise<Reconciliation | null> {
  const taken = await Reconciliations.collection.findOneAndUpdate(
    { _id, state: 'RUNNING', wakeAt: { $eq: wakeAt, $lte: now() } },
    { $set: { lease: randomUUID(), wakeAt: inMs(leaseMs) } },
    { returnDocument: 'after' },
  )
  return taken as unknown as Reconciliation | null
}

/** The process ends: whoever comes next goes on at once. */
async function leaveToOthers({ _id, lease }: Reconciliation): Promise<false> {
  await Reconciliations.collection.updateOne({ _id, lease }, { $set: { lease: null, wakeAt: now() } })
  return false
}

/** Compares one slice of the day and stores how far it has come; null when the lease was lost meanwhile. */
async function step(
  run: Reconciliation,
  list: Lister,
  stop: AbortSignal | undefined,
): Promise<Reconciliation | null> {
  const { gateway, cursor: from, phase } = run
  if (from >= run.to) return phase === 'THEIRS' ? move(run, { phase: 'OURS', cursor: run.from }) : finish(run)
  const to = new Date(Math.min(from.getTime() + sliceMs, run.to.getTime()))
  if (phase === 'THEIRS') {
    for await (const listed of inBatches(list({ from, to }))) {
      await store(run, await compareTheirs(gateway, listed))
      const moved = await move(run, {})
      // Whoever comes next begins with this slice again.
      if (!moved || stop?.aborted) return moved
    }
  } else {
    await store(run, await compareOurs(gateway, { from, to }, (ids) => listedOf(run, ids)))
  }
  return move(run, { cursor: to, error: null })
}

async function* inBatches(listed: AsyncIterable<Listed>): AsyncGenerator<Listed[]> {
  let rows: Listed[] = []
  let since = performance.now()
  for await (const one of listed) {
    rows.push(one)
    if (rows.length < batch && performance.now() - since < batchMs) continue
    yield rows
    rows = []
    since = performance.now()
  }
  if (rows.length) yield rows
}

/** An hour that was begun before leaves rows behind: they are written anew. */
async function store(run: Reconciliation, rows: NewRow[]): Promise<void> {
  if (!rows.length) return
  const documents = rows.map((row) => ({ _id: new mongoose.Types.ObjectId(), run: run._id, ...row }))
  try {
    await ReconciliationRows.collection.insertMany(documents, { ordered: false })
  } catch (error) {
    if (!isDuplicate(error)) throw error
    await ReconciliationRows.collection.bulkWrite(
      documents.map(({ _id, ...row }) => ({
        replaceOne: { filter: { run: run._id, key: row.key }, replacement: row, upsert: true },
      })),
      { ordered: false },
    )
  }
}

async function listedOf(run: Reconciliation, ids: mongoose.Types.ObjectId[]): Promise<Set<string>> {
  const rows = await ReconciliationRows.collection
    .find({ run: run._id, payment: { $in: ids } }, { projection: { payment: 1 } })
    .toArray()
  return new Set(rows.map(({ payment }) => String(payment)))
}

async function move(run: Reconciliation, set: Partial<Reconciliation>): Promise<Reconciliation | null> {
  const moved = await Reconciliations.collection.findOneAndUpdate(
    { _id: run._id, lease: run.lease },
    { $set: { ...set, wakeAt: inMs(leaseMs) } },
    { returnDocument: 'after' },
  )
  return moved as unknown as Reconciliation | null
}

async function finish(run: Reconciliation): Promise<Reconciliation | null> {
  const counts = await countsOf(run)
  const done = await move(run, {
    state: 'DONE',
    counts,
    sums: await sumsOf(run),
    lease: null,
    finishedAt: now(),
  })
  const differ = verdicts.filter((verdict) => verdict !== 'matched' && counts[verdict])
  if (done && differ.length) {
    const said = differ.map((verdict) => `${counts[verdict]} ${verdict.replace('_', ' ')}`).join(', ')
    await raiseTask({
      kind: 'reconciliation.differs',
      subject: `${run.gateway} ${run.day}`,
      order: null,
      summary: `${run.gateway}, ${run.day}: ${said}. Look at the reconciliation.`,
      details: { reconciliationId: String(run._id) },
    })
  }
  return done
}

async function countsOf({ _id }: Reconciliation): Promise<Record<Verdict, number>> {
  const rows = await ReconciliationRows.aggregate<{ _id: Verdict; count: number }>([
    { $match: { run: _id } },
    { $group: { _id: '$verdict', count: { $sum: 1 } } },
  ])
  const none = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>
  return Object.assign(none, Object.fromEntries(rows.map((row) => [row._id, row.count])))
}

async function sumsOf({ _id }: Reconciliation): Promise<Sums[]> {
  const side = (name: 'theirs' | 'ours', field: 'captured' | 'refunded') => ({
    $sum: { $ifNull: [`$${name}.${field}`, 0] },
  })
  const rows = await ReconciliationRows.aggregate<{ _id: Sums['currency'] } & Record<string, number>>([
    { $match: { run: _id } },
    {
      $group: {
        _id: { $ifNull: ['$theirs.currency', '$ours.currency'] },
        theirsCaptured: side('theirs', 'captured'),
        theirsRefunded: side('theirs', 'refunded'),
        oursCaptured: side('ours', 'captured'),
        oursRefunded: side('ours', 'refunded'),
      },
    },
    { $sort: { _id: 1 } },
  ])
  return rows.map((row) => ({
    currency: row._id,
    theirs: { captured: row['theirsCaptured'] ?? 0, refunded: row['theirsRefunded'] ?? 0 },
    ours: { captured: row['oursCaptured'] ?? 0, refunded: row['oursRefunded'] ?? 0 },
  }))
}

/** The gateway does not answer, or refuses: again later, then a person. */
async function putOff(run: Reconciliation, error: Error): Promise<void> {
  const tries = run.tries + 1
  const failed = tries >= mostTries
  const wait = Math.min(minute * 2 ** tries, 60 * minute)
  await Reconciliations.collection.updateOne(
    { _id: run._id, lease: run.lease },
    {
      $set: {
        tries,
        error: error.message.slice(0, 300),
        lease: null,
        wakeAt: inMs(wait),
        ...(failed && { state: 'FAILED' as const, finishedAt: now() }),
      },
    },
  )
  if (!failed) return
  await raiseTask({
    kind: 'reconciliation.failed',
    subject: `${run.gateway} ${run.day}`,
    order: null,
    summary: `${run.gateway} did not list ${run.day}: ${error.message.slice(0, 200)}. Start the reconciliation again.`,
    details: { reconciliationId: String(run._id) },
  })
}
