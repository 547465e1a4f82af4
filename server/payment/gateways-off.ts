import { type Currency, decimal } from '../../models/money.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { inMs } from '../database/index.ts'
import { finishOtherTasks, restateTask } from '../shop/index.ts'
import { isOff } from './gateways.ts'
import { isUnfinished } from './operations.ts'
import { send } from './refund-sending.ts'
import { letStaffSettle } from './refund-tasks.ts'
import { lateMs } from './schedule.ts'

const kind = 'gateway.off'
/** Of so many orders the task names the numbers. */
const mostNamed = 5

/**
 * Nobody polls a gateway whose keys are gone, though customers may be paying there. One task for each such gateway says
 * what is left of it, and is finished when the keys are back or nothing is left.
 */
export async function tellOfGatewaysOff(): Promise<void> {
  const names = await Payments.distinct('gateway')
  const told: string[] = []
  for (const name of names.filter(isOff)) {
    const left = await leftAt(name)
    if (!left.words) continue
    told.push(name)
    await restateTask({
      kind,
      subject: name,
      summary: `${name} is switched off, and nobody learns any more what becomes of ${left.words} of it (${left.orders}). Put its keys back and start again. If it is gone for good, look into its own pages: what came and cannot stay is given back there; then say in each order that nothing came, or whether the refund was made.`,
    })
  }
  await finishOtherTasks(kind, told)
}

/** More is expected of these: whatever is over has no date. */
const stillDue = { checkAt: { $type: 'date' } } as const

async function leftAt(gateway: string): Promise<{ words: string; orders: string }> {
  const attempts = {
    gateway,
    ...stillDue,
    $or: [
      { open: true },
      // Given up here, and perhaps paid there all the same.
      { captured: 0, state: { $ne: 'FAILED' }, expiresAt: { $gt: inMs(-lateMs) } },
    ],
  }
  const [sums, first, refunds] = await Promise.all([
    Payments.aggregate<Sum>([
      { $match: attempts },
      { $group: { _id: '$currency', many: { $sum: 1 }, amount: { $sum: '$amount' } } },
      { $sort: { _id: 1 } },
    ]),
    Payments.collection
      .find<Payment>(attempts)
      .sort({ checkAt: 1 })
      .limit(mostNamed + 1)
      .toArray(),
    unfinishedRefunds(gateway),
  ])
  const numbers = new Set([...refunds.numbers, ...first.map(({ orderRegNo }) => orderRegNo)])
  const named = [...numbers].slice(0, mostNamed).join(', ')
  return {
    words: [wordsOf('attempt', sums), wordsOf('refund', refunds.sums)].filter(Boolean).join(' and '),
    orders: numbers.size > mostNamed ? `${named} and others` : named,
  }
}

interface Sum {
  _id: Currency
  many: number
  /** Minor units. */
  amount: number
}

/** Refunds that were under way when the keys went: staff may settle them. What was not sent yet, a person gives back. */
async function unfinishedRefunds(gateway: string): Promise<{ numbers: string[]; sums: Sum[] }> {
  const numbers: string[] = []
  const sums = new Map<Currency, Sum>()
  const waiting = { kind: 'refund', state: { $in: ['REQUESTED', 'SENT', 'UNKNOWN'] } } as const
  const payments = await Payments.collection
    .find<Payment>({ gateway, ...stillDue, operations: { $elemMatch: waiting } } as never)
    .toArray()
  for (const payment of payments) {
    const { operations, orderRegNo, currency } = payment
    for (const operation of operations.filter((op) => op.kind === 'refund' && isUnfinished(op))) {
      const { opId, state, amount, forStaff } = operation
      if (state === 'REQUESTED') {
        if (!forStaff) await send(payment, opId)
        continue
      }
      await letStaffSettle(payment, opId)
      numbers.push(orderRegNo)
      const sum = sums.get(currency) ?? { _id: currency, many: 0, amount: 0 }
      sums.set(currency, { ...sum, many: sum.many + 1, amount: sum.amount + amount })
    }
  }
  return { numbers, sums: [...sums.values()] }
}

/** `2 attempts (378.00 THB)`; nothing for none. */
function wordsOf(thing: string, sums: Sum[]): string {
  const many = sums.reduce((all, sum) => all + sum.many, 0)
  const amounts = sums.map(({ _id, amount }) => `${decimal(amount, _id)} ${_id}`).join(', ')
  return many ? `${many} ${thing}${many > 1 ? 's' : ''} (${amounts})` : ''
}
