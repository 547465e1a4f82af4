import mongoose from 'mongoose'
import { decimal } from '../../models/money.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import {
  type Reconciliation,
  type ReconciliationRow,
  ReconciliationRows,
  Reconciliations,
} from '../../models/reconciliation.ts'
import { notFound } from '../http/index.ts'
import type { DifferenceView, ReconciliationView } from './contract.ts'
import type { Cell } from './csv.ts'
import { namesOf } from './names.ts'

const page = 30
const mostDifferences = 500

/** Compared days, the newest first. */
export async function listDays(
  before: string | undefined,
): Promise<{ days: ReconciliationView[]; cursor: string | null }> {
  const [day, gateway] = (before ?? '').split(' ')
  const older = day ? { $or: [{ day: { $lt: day } }, { day, gateway: { $gt: gateway ?? '' } }] } : {}
  const rows = await Reconciliations.find(older)
    .sort({ day: -1, gateway: 1 })
    .limit(page + 1)
    .lean<Reconciliation[]>()
  const shown = rows.slice(0, page)
  const last = shown.at(-1)
  return {
    days: await viewsOf(shown),
    cursor: rows.length > page && last ? `${last.day} ${last.gateway}` : null,
  }
}

/** One compared day with what differs, or differed until it was read back. */
export async function showDay(
  id: string,
): Promise<ReconciliationView & { differences: DifferenceView[]; more: boolean }> {
  const run = await findDay(id)
  const rows = await ReconciliationRows.find({
    run: run._id,
    $or: [{ verdict: { $ne: 'matched' } }, { healed: true }],
  })
    .sort({ verdict: 1, _id: 1 })
    .limit(mostDifferences + 1)
    .lean<ReconciliationRow[]>()
  const shown = rows.slice(0, mostDifferences)
  const orders = await ordersOf(shown)
  const [view] = await viewsOf([run])
  return {
    ...(view as ReconciliationView),
    differences: shown.map((row) => differenceOf(row, orders)),
    more: rows.length > mostDifferences,
  }
}

export async function findDay(id: string): Promise<Reconciliation> {
  const run = await Reconciliations.findById(id).lean<Reconciliation>()
  if (!run) throw notFound('The reconciliation')
  return run
}

export async function viewsOf(runs: Reconciliation[]): Promise<ReconciliationView[]> {
  const name = await namesOf(runs.map(({ by }) => by))
  return runs.map((run) => ({
    id: String(run._id),
    gateway: run.gateway,
    day: run.day,
    state: run.state,
    percent: percentOf(run),
    counts: run.counts,
    sums: run.sums,
    error: run.error,
    by: name(run.by),
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  }))
}

function percentOf({ state, phase, cursor, from, to }: Reconciliation): number {
  if (state === 'DONE') return 100
  const done = (cursor.getTime() - from.getTime()) / (to.getTime() - from.getTime())
  return Math.floor((phase === 'THEIRS' ? done : 1 + done) * 50)
}

async function ordersOf(rows: ReconciliationRow[]): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ payment }) => payment ?? [])
  const payments = await Payments.find({ _id: { $in: ids } }, { order: 1 }).lean<
    Pick<Payment, '_id' | 'order'>[]
  >()
  return new Map(payments.map(({ _id, order }) => [String(_id), String(order)]))
}

function differenceOf(row: ReconciliationRow, orders: Map<string, string>): DifferenceView {
  const { theirs } = row
  return {
    id: String(row._id),
    verdict: row.verdict,
    orderId: orders.get(String(row.payment)) ?? null,
    orderRegNo: row.orderRegNo,
    attemptNo: row.attemptNo,
    ref: row.ref?.value ?? null,
    theirs: theirs && { ...theirs, at: theirs.at.toISOString() },
    ours: row.ours,
    healed: row.healed,
  }
}

export const dayHead = [
  'verdict',
  'order',
  'attempt',
  'reference',
  'at',
  'currency',
  'gateway amount',
  'gateway captured',
  'gateway refunded',
  'gateway net',
  'gateway says',
  'our amount',
  'our captured',
  'our refunded',
  'our net',
  'our state',
  'read back',
]

/** Every payment of a compared day, as a spreadsheet has it: amounts as decimals. */
export async function* dayCells({ _id }: Reconciliation): AsyncGenerator<Cell[]> {
  const rows = ReconciliationRows.collection
    .find<ReconciliationRow>({ run: new mongoose.Types.ObjectId(_id) })
    .sort({ run: 1, verdict: 1 })
  for await (const { verdict, orderRegNo, attemptNo, ref, theirs, ours, healed } of rows) {
    const sums = (side: typeof theirs | typeof ours): Cell[] =>
      side
        ? [side.amount, side.captured, side.refunded, side.captured - side.refunded].map((amount) =>
            decimal(amount, side.currency),
          )
        : [null, null, null, null]
    yield [
      verdict,
      orderRegNo,
      attemptNo,
      ref?.value ?? null,
      theirs?.at.toISOString() ?? null,
      theirs?.currency ?? ours?.currency ?? null,
      ...sums(theirs),
      theirs?.said ?? null,
      ...sums(ours),
      ours?.state ?? null,
      healed ? 'yes' : null,
    ]
  }
}
