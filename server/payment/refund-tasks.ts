import type { ClientSession } from 'mongoose'
import { type Payment, type PaymentOperation, Payments } from '../../models/payment.ts'
import { announceOrder, findOrder } from '../order/index.ts'
import { finishTask, raiseTask } from '../shop/index.ts'

/*
 * Refunds that only a person can bring to their end: of a gateway that makes none, of one that refused, and those of
 * which nobody can learn whether they were made.
 */

interface StaffQuestion {
  kind: 'refund.by_hand' | 'refund.failed' | 'refund.unknown'
  /** One task for one subject. */
  subject: string
  summary: string
}

/** The gateway will not make it. One task for one payment, however often it is tried. */
export const refused = (payment: Payment, why: string): StaffQuestion => ({
  kind: 'refund.failed',
  subject: String(payment._id),
  summary: `A refund for ${payment.orderRegNo} was refused: ${why}. Try again in the order, or give the money back by hand and say there that it was made.`,
})

/**
 * Puts a refund before the staff, who may then settle it. Asked again, it is the same task. Screens hear of it here, or
 * after the caller's own transaction.
 */
export async function askStaff(
  payment: Payment,
  opId: string,
  question: StaffQuestion,
  session?: ClientSession,
): Promise<void> {
  const isNew = await mark(payment, opId, session)
  await raise(payment, opId, question, session)
  if (isNew && !session) announceOrder(await findOrder(payment.order))
}

/** Lets staff settle a refund about which no task of its own asks. */
export async function letStaffSettle(payment: Payment, opId: string): Promise<void> {
  if (await mark(payment, opId)) announceOrder(await findOrder(payment.order))
}

/** Whether it was not for staff before. */
async function mark(payment: Payment, opId: string, session?: ClientSession): Promise<boolean> {
  const unasked = { opId, state: { $ne: 'SUCCEEDED' }, forStaff: { $ne: true } }
  const { modifiedCount } = await Payments.collection.updateOne(
    { _id: payment._id, operations: { $elemMatch: unasked } } as never,
    { $set: { 'operations.$.forStaff': true } },
    session ? { session } : {},
  )
  return modifiedCount > 0
}

/** What staff were asked about a refund has an answer. */
export async function answered(
  payment: Payment,
  { opId, forStaff }: PaymentOperation,
  session?: ClientSession,
): Promise<void> {
  if (!forStaff) return
  await finishTask('refund.unknown', opId, null, session)
  await finishTask('refund.by_hand', opId, null, session)
  await finishTask('refund.failed', String(payment._id), null, session)
}

/** What the gateway itself has told since: a refund that staff were asked about, or one of theirs that came to nothing. */
export async function tellOfRefunds(session: ClientSession, before: Payment, after: Payment): Promise<void> {
  for (const operation of after.operations.filter(({ kind }) => kind === 'refund')) {
    const { opId, state, by } = operation
    if (before.operations.find((op) => op.opId === opId)?.state === state) continue
    if (state === 'SUCCEEDED') {
      await answered(after, operation, session)
      await madeAnotherWay(after, operation, session)
    }
    if (state !== 'FAILED' || by === 'saga' || by === 'gateway') continue
    operation.forStaff = true
    await raise(after, opId, refused(after, 'the gateway could not make it'), session)
  }
}

/** Tried again, it was made: what was refused before need not be given back by hand any more, or it goes back twice. */
async function madeAnotherWay(
  { _id, operations, captured, refunded }: Payment,
  { amount }: PaymentOperation,
  session: ClientSession,
): Promise<void> {
  const refused = () =>
    operations.filter(({ kind, state, forStaff }) => kind === 'refund' && state === 'FAILED' && forStaff)
  const before = refused()
  if (!before.length) return
  const isOver = refunded >= captured
  const settled = isOver ? before : before.filter((operation) => operation.amount === amount).slice(0, 1)
  for (const operation of settled) operation.forStaff = false
  if (!refused().length) await finishTask('refund.failed', String(_id), null, session)
}

const raise = (
  payment: Payment,
  opId: string,
  { kind, subject, summary }: StaffQuestion,
  session?: ClientSession,
): Promise<void> => {
  const details = { paymentId: String(payment._id), opId }
  return raiseTask({ kind, subject, order: payment.order, summary, details }, session)
}
