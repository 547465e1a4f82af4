import type mongoose from 'mongoose'
import { MoneyMovements } from '../../models/money-log.ts'
import { Payments } from '../../models/payment.ts'

/** 5. Every movement of money is in the log: what an attempt has taken and given back is the sum of its rows. */
export async function checkMoneyLog() {
  const rows = await MoneyMovements.aggregate<{
    _id: { payment: mongoose.Types.ObjectId; kind: 'captured' | 'refunded' }
    sum: number
  }>([{ $group: { _id: { payment: '$payment', kind: '$kind' }, sum: { $sum: '$amount' } } }])
  const logged = new Map(rows.map(({ _id, sum }) => [`${_id.payment} ${_id.kind}`, sum]))
  const found: { rule: string; subject: string; problem: string }[] = []
  const moved = { captured: { $gt: 0 } }
  for await (const payment of Payments.find(moved, { captured: 1, refunded: 1, orderRegNo: 1, attemptNo: 1 })
    .lean()
    .cursor()) {
    for (const kind of ['captured', 'refunded'] as const) {
      const sum = logged.get(`${payment._id} ${kind}`) ?? 0
      if (sum === payment[kind]) continue
      const subject = `${payment.orderRegNo} attempt ${payment.attemptNo}`
      found.push({ rule: 'money', subject, problem: `${payment[kind]} ${kind}, ${sum} in the money log` })
    }
  }
  return found
}
