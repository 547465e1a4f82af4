import type { PaymentState } from '../../../../models/states.ts'
import { type AskedRefund, type Found, type RefundResult, Unanswered, Untold } from '../../gateway.ts'

type Refunds = Found['refunds']

/**
 * A bank that names no refund tells only how much has gone back in all. What our books call done is done; what is left
 * of the total is the oldest refund that we have asked for without an answer, and anything beside it was given back by
 * somebody at the bank itself.
 */
export function shareOut(total: number, asked: readonly AskedRefund[]): Refunds {
  const done = asked.filter(({ state }) => state === 'SUCCEEDED')
  const refunds: Refunds = done.map(({ opId, amount }) => succeeded(opId, amount))
  let left = total - sum(done)
  const oldest = asked.find(isOpen)
  if (oldest && left >= oldest.amount) {
    refunds.push(succeeded(oldest.opId, oldest.amount))
    left -= oldest.amount
  }
  if (left > 0) refunds.push({ ref: `at-the-bank:${total}`, opId: null, amount: left, state: 'SUCCEEDED' })
  return refunds
}

/** The money of one payment, as far as the bank tells; `refunded` is null where it does not say. */
interface Standing {
  captured: number
  refunded: number | null
}

/**
 * Makes one refund at a bank that would make it again each time it is asked. Whether an earlier try arrived is seen in
 * the total; while an older refund is open that says nothing, so it waits its turn.
 */
export async function refundByTotal(
  asked: readonly AskedRefund[],
  { opId, amount }: { opId: string; amount: number },
  bank: { look(): Promise<Standing | null>; ask(): Promise<RefundResult> },
): Promise<RefundResult> {
  const mine = asked.find((refund) => refund.opId === opId)
  if (mine?.state === 'SUCCEEDED') return arrived(opId)
  const older = mine ? asked.slice(0, asked.indexOf(mine)) : asked
  if (older.some(isOpen)) throw new Unanswered('an older refund of this payment is still on its way')

  const before = await bank.look()
  if (!before) return { state: 'FAILED', error: 'not_paid' }
  const done = sum(asked.filter(({ state }) => state === 'SUCCEEDED'))
  if (mine && isOpen(mine)) {
    if (before.refunded === null) {
      throw new Untold('the bank does not say whether the refund was made')
    }
    if (before.refunded - done >= amount) return arrived(opId)
  }
  if (amount > before.captured - (before.refunded ?? done)) return { state: 'FAILED', error: 'too_much' }
  try {
    return await bank.ask()
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
    const after = await bank.look()
    const moved = (after?.refunded ?? 0) - (before.refunded ?? 0)
    if (moved >= amount) return arrived(opId)
    throw error
  }
}

/** What has come in and gone back makes of a paid payment. */
export function stateOfPaid({ captured, refunded }: { captured: number; refunded: number }): PaymentState {
  if (refunded <= 0) return 'CAPTURED'
  return refunded >= captured ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
}

const isOpen = ({ state }: AskedRefund): boolean => state === 'SENT' || state === 'UNKNOWN'
const sum = (refunds: readonly AskedRefund[]): number =>
  refunds.reduce((total, { amount }) => total + amount, 0)
const succeeded = (opId: string, amount: number): Refunds[number] => ({
  ref: opId,
  opId,
  amount,
  state: 'SUCCEEDED',
})
const arrived = (opId: string): RefundResult => ({ state: 'SUCCEEDED', ref: opId })
