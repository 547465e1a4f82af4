import mongoose from 'mongoose'
import type { Currency } from '../../models/money.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import type { ReconciliationRow, Side, Verdict } from '../../models/reconciliation.ts'
import { type Listed, lookUp, referenceOf, settle } from '../payment/index.ts'

export type NewRow = Omit<ReconciliationRow, '_id' | 'run'>

/** Only what is compared: a day has many attempts. */
const fields = {
  gateway: 1,
  orderRegNo: 1,
  attemptNo: 1,
  amount: 1,
  currency: 1,
  captured: 1,
  refunded: 1,
  state: 1,
  refs: 1,
} as const
type Ours = Pick<Payment, '_id' | Exclude<keyof typeof fields, 'order'>>

/**
 * What the gateway lists, beside our attempts. Where they differ we read the attempt back first: what we had not heard
 * of is healed by that, and counts as matched. What brought no money on either side is left out.
 */
export async function compareTheirs(gateway: string, listed: Listed[]): Promise<NewRow[]> {
  const ours = await findOurs(gateway, listed)
  const rows: NewRow[] = []
  for (const one of listed) {
    const payment = ours(one)
    if (one.captured === 0 && !payment?.captured) continue
    const verdict = judge(one, payment)
    const again = payment && verdict !== 'matched' ? await readBack(payment) : payment
    const last = again === payment ? verdict : judge(one, again)
    rows.push(rowOf(last, again, one, last === 'matched' && verdict !== 'matched'))
  }
  return rows
}

/** More than so many in one go, and it is the list that is broken: they are not all asked for. */
const mostAsked = 300

/**
 * Our attempts of a span that took money and that the gateway has not listed: asked for one by one, for it may list
 * them under another day. What it then confirms is left to that day.
 */
export async function compareOurs(
  gateway: string,
  { from, to }: { from: Date; to: Date },
  listedOf: (ids: mongoose.Types.ObjectId[]) => Promise<Set<string>>,
): Promise<NewRow[]> {
  const taken = { gateway, createdAt: { $gte: from, $lt: to }, captured: { $gt: 0 } }
  const ours = await Payments.collection.find<Ours>(taken, { projection: fields }).toArray()
  const listed = await listedOf(ours.map(({ _id }) => _id))
  const rows: NewRow[] = []
  let asked = 0
  for (const payment of ours.filter(({ _id }) => !listed.has(String(_id)))) {
    asked += 1
    if (asked > mostAsked || !(await isConfirmed(payment))) {
      rows.push(rowOf('missing_there', payment, null, false))
    }
  }
  return rows
}

async function isConfirmed(payment: Ours): Promise<boolean> {
  const { captured, refunded } = await lookUp(payment._id)
  return captured === payment.captured && refunded === payment.refunded
}

function judge(listed: Listed, payment: Ours | null): Verdict {
  if (!payment) return 'missing_here'
  const { money, captured, refunded } = listed
  const sameMoney = money.amount === payment.amount && money.currency === payment.currency
  if (!sameMoney || captured !== payment.captured) return 'amount'
  return refunded === payment.refunded ? 'matched' : 'refunded'
}

async function readBack(payment: Ours): Promise<Ours> {
  return (await settle(payment._id, 'reconciliation')) ?? payment
}

/** By our reference where the platform repeats it, else by its own name. */
async function findOurs(gateway: string, listed: Listed[]): Promise<(one: Listed) => Ours | null> {
  const ids = listed.flatMap(({ attemptId }) =>
    attemptId && /^[0-9a-f]{24}$/.test(attemptId) ? new mongoose.Types.ObjectId(attemptId) : [],
  )
  const find = (filter: object) =>
    Payments.collection.find<Ours>({ gateway, ...filter }, { projection: fields }).toArray()
  const byId = new Map((await find({ _id: { $in: ids } })).map((payment) => [String(payment._id), payment]))

  const rest = listed.filter(({ attemptId }) => !byId.has(attemptId ?? ''))
  const byRef = new Map<string, Ours>()
  for (const kind of new Set(rest.map(({ ref }) => ref.kind))) {
    const values = rest.flatMap(({ ref }) => (ref.kind === kind ? ref.value : []))
    for (const payment of await find({ refs: { $elemMatch: { kind, value: { $in: values } } } })) {
      for (const { value } of payment.refs) byRef.set(`${kind} ${value}`, payment)
    }
  }
  return ({ attemptId, ref }) => byId.get(attemptId ?? '') ?? byRef.get(`${ref.kind} ${ref.value}`) ?? null
}

function rowOf(verdict: Verdict, payment: Ours | null, listed: Listed | null, healed: boolean): NewRow {
  return {
    key: listed ? `${listed.ref.kind} ${listed.ref.value}` : `attempt ${payment?._id}`,
    verdict,
    payment: payment?._id ?? null,
    orderRegNo: payment?.orderRegNo ?? null,
    attemptNo: payment?.attemptNo ?? null,
    ref: listed?.ref ?? (payment && referenceOf(payment)),
    theirs: listed && { ...sideOf(listed, listed.money), said: listed.said, at: listed.at },
    ours: payment && { ...sideOf(payment, payment), state: payment.state },
    healed,
  }
}

const sideOf = (
  { captured, refunded }: { captured: number; refunded: number },
  { amount, currency }: { amount: number; currency: Currency },
): Side => ({ currency, amount, captured, refunded })
