import mongoose from 'mongoose'
import { Payments } from '../../models/payment.ts'
import {
  type Reconciliation,
  ReconciliationRows,
  Reconciliations,
  verdicts,
} from '../../models/reconciliation.ts'
import { addDays, dayIn, instantIn } from '../../models/zone.ts'
import { inMs, isDuplicate, now } from '../database/index.ts'
import { AppError } from '../http/index.ts'
import { gatewaysInUse } from '../payment/index.ts'
import { shopSettings } from '../shop/index.ts'
import { listerOf } from './one-by-one.ts'
import { work } from './run.ts'

/** News of a day's last minutes come late: it is compared so long after its end. */
const afterTheDayMs = 2 * 3_600_000

/** Compares what is due: yesterday, at every gateway that can be asked, and whatever was left unfinished. */
export async function reconcileDue(stop?: AbortSignal): Promise<void> {
  const { zone } = await shopSettings()
  const yesterday = addDays(dayIn(zone, inMs(-afterTheDayMs)), -1)
  for (const [name] of gatewaysInUse()) {
    if (listerOf(name)) await beginOnce(name, yesterday)
  }
  const due = await Reconciliations.collection
    .find<Reconciliation>({ state: 'RUNNING', wakeAt: { $lte: now() } })
    .sort({ wakeAt: 1 })
    .limit(10)
    .toArray()
  await Promise.all(
    due.map(async (run) => {
      const list = listerOf(run.gateway)
      if (list) await work(run, list, stop)
    }),
  )
}

/** Compares a day again from its beginning, or for the first time: for a person who asks. */
export async function reconcileAgain(gateway: string, day: string, by: string): Promise<Reconciliation> {
  const { zone } = await shopSettings()
  if (!listerOf(gateway)) {
    throw new AppError(
      'reconciliation.no_list',
      'Nobody can be asked about the payments of this gateway. Choose another one.',
    )
  }
  if (day > dayIn(zone, now())) {
    throw new AppError('reconciliation.future', 'This day has not come yet. Choose an earlier one.')
  }
  const known = await Reconciliations.collection.findOne<Reconciliation>({ gateway, day })
  if (known?.state === 'RUNNING' && known.lease) {
    throw new AppError('reconciliation.running', 'This day is being compared just now. Wait for its end.', {
      status: 409,
    })
  }
  if (known) {
    await ReconciliationRows.deleteMany({ run: known._id })
    await Reconciliations.deleteOne({ _id: known._id })
  }
  await begin(gateway, day, by)
  const run = await Reconciliations.collection.findOne<Reconciliation>({ gateway, day })
  if (!run) throw new Error('the reconciliation is gone')
  return run
}

const begun = new Map<string, string>()

/** Begins with the first day on which we asked the gateway for anything. */
async function beginOnce(gateway: string, day: string): Promise<void> {
  if (begun.get(gateway) === day) return
  const { zone } = await shopSettings()
  const end = instantIn(zone, addDays(day, 1), '00:00')
  if (!(await Payments.exists({ gateway, createdAt: { $lt: end } }))) return
  await begin(gateway, day, 'timer')
  begun.set(gateway, day)
}

/** Stores that a day is to be compared; whoever works on such days takes it up. */
export async function begin(gateway: string, day: string, by: string): Promise<void> {
  if (await Reconciliations.exists({ gateway, day })) return
  const { zone } = await shopSettings()
  const from = instantIn(zone, day, '00:00')
  const run: Reconciliation = {
    _id: new mongoose.Types.ObjectId(),
    gateway,
    day,
    from,
    to: instantIn(zone, addDays(day, 1), '00:00'),
    state: 'RUNNING',
    phase: 'THEIRS',
    cursor: from,
    counts: Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Reconciliation['counts'],
    sums: [],
    tries: 0,
    error: null,
    lease: null,
    wakeAt: now(),
    by,
    startedAt: now(),
    finishedAt: null,
  }
  await Reconciliations.collection.insertOne(run).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error
  })
}
