import mongoose from 'mongoose'
import { decimal } from '../../models/money.ts'
import { type MoneyMovement, MoneyMovements } from '../../models/money-log.ts'
import { addDays, instantIn } from '../../models/zone.ts'
import { AppError } from '../http/index.ts'
import { shopSettings } from '../shop/index.ts'
import type { MovementView } from './contract.ts'
import type { Cell } from './csv.ts'
import { namesOf } from './names.ts'

const page = 50

/** Days of the shop, both included, YYYY-MM-DD. */
export interface Days {
  from: string
  to: string
}

/** What has moved in these days, the newest first. */
export async function listMoney(
  days: Days,
  cursor: string | undefined,
): Promise<{ movements: MovementView[]; cursor: string | null }> {
  const rows = await MoneyMovements.find({ $and: [await within(days), olderThan(cursor)] })
    .sort({ at: -1, _id: -1 })
    .limit(page + 1)
    .lean<MoneyMovement[]>()
  const shown = rows.slice(0, page)
  const last = shown.at(-1)
  const name = await namesOf(shown.flatMap(({ by, approvedBy }) => [by, approvedBy]))
  return {
    movements: shown.map(({ _id, payment: _, key: __, order, at, by, approvedBy, ...row }) => ({
      ...row,
      id: String(_id),
      orderId: String(order),
      at: at.toISOString(),
      by: name(by),
      approvedBy: approvedBy && name(approvedBy),
    })),
    cursor: rows.length > page && last ? `${last.at.getTime()}-${last._id}` : null,
  }
}

export const moneyHead = [
  'at',
  'what',
  'order',
  'attempt',
  'gateway',
  'method',
  'amount',
  'currency',
  'reference',
  'by',
  'approved by',
]

/** The same days as a spreadsheet has them, the oldest first; what was given back is negative. */
export async function* moneyCells(days: Days): AsyncGenerator<Cell[]> {
  const people = await MoneyMovements.distinct('by', await within(days))
  const seconds = await MoneyMovements.distinct('approvedBy', await within(days))
  const name = await namesOf([...people, ...seconds])
  for await (const row of MoneyMovements.collection
    .find<MoneyMovement>(await within(days))
    .sort({ at: 1, _id: 1 })) {
    const { at, kind, orderRegNo, attemptNo, gateway, method, amount, currency, ref, by, approvedBy } = row
    const signed = decimal(kind === 'refunded' ? -amount : amount, currency)
    const who = [name(by), approvedBy && name(approvedBy)]
    yield [at.toISOString(), kind, orderRegNo, attemptNo, gateway, method, signed, currency, ref, ...who]
  }
}

async function within({ from, to }: Days) {
  const { zone } = await shopSettings()
  const end = instantIn(zone, addDays(to, 1), '00:00')
  return { at: { $gte: instantIn(zone, from, '00:00'), $lt: end } }
}

/** What comes after the last row of the page before. */
function olderThan(cursor: string | undefined) {
  if (!cursor) return {}
  const [, time = '', id = ''] = /^(\d{1,15})-([0-9a-f]{24})$/.exec(cursor) ?? []
  if (!id) {
    throw new AppError(
      'cursor.invalid',
      'This page of the list is not there any more. Begin at the top again.',
    )
  }
  const at = new Date(Number(time))
  return { $or: [{ at: { $lt: at } }, { at, _id: { $lt: new mongoose.Types.ObjectId(id) } }] }
}
