import mongoose, { type ClientSession } from 'mongoose'
import { type MoneyMovement, MoneyMovements } from '../../models/money-log.ts'
import type { Payment } from '../../models/payment.ts'
import { insertAtEnd, now } from '../database/index.ts'
import { referenceOf } from './reference.ts'

/** Writes down what has moved between two states of an attempt, in the transaction that writes the second. */
export function logMoney(session: ClientSession, before: Payment, after: Payment): void {
  if (after.captured > before.captured) {
    add(session, after, {
      key: `${after._id}:captured:${after.captured}`,
      kind: 'captured',
      amount: after.captured - before.captured,
      ref: referenceOf(after)?.value ?? null,
      by: before.flags.held ? 'saga' : 'customer',
      approvedBy: null,
    })
  }
  const done = new Set(refundsOf(before).map(({ opId }) => opId))
  for (const { opId, amount, ref = null, by, approvedBy = null } of refundsOf(after)) {
    if (done.has(opId)) continue
    // What was given back by hand has no name but ours.
    const theirs = ref === opId ? null : ref
    add(session, after, { key: opId, kind: 'refunded', amount, ref: theirs, by, approvedBy })
  }
}

const refundsOf = ({ operations }: Payment) =>
  operations.filter(({ kind, state }) => kind === 'refund' && state === 'SUCCEEDED')

type What = Pick<MoneyMovement, 'key' | 'kind' | 'amount' | 'ref' | 'by' | 'approvedBy'>

function add(session: ClientSession, payment: Payment, what: What): void {
  const { _id, order, orderRegNo, attemptNo, gateway, method, currency } = payment
  const row: MoneyMovement = {
    _id: new mongoose.Types.ObjectId(),
    ...what,
    // An id of an operation is unique within its payment.
    key: what.kind === 'refunded' ? `${_id}:refunded:${what.key}` : what.key,
    payment: _id,
    order,
    orderRegNo,
    attemptNo,
    gateway,
    method,
    currency,
    at: now(),
  }
  insertAtEnd(session, MoneyMovements.collection, row)
}
