import { type Payment, type PaymentOperation, Payments } from '../../models/payment.ts'
import { openPaymentStates } from '../../models/states.ts'
import { inMs, now } from '../database/index.ts'
import { applyFound } from './apply.ts'
import { close, ended } from './close.ts'
import { gatewayBehind } from './gateways.ts'
import { resumeCapture, resumeRelease } from './holding.ts'
import { isUnfinished } from './operations.ts'
import { askIfOverdue } from './overdue.ts'
import { resumeRefund } from './refund-sending.ts'
import { marginMs } from './schedule.ts'
import { readBack, settle } from './settle.ts'

const claimMs = 60_000

/**
 * Looks after what no webhook settled, at one gateway: attempts whose time to be polled has come, within the
 * gateway's rate; attempts past their end, which are closed; operations whose outcome is not known. Called every
 * second by every worker: each payment is claimed by one of them.
 */
export async function poll(name: string): Promise<void> {
  const { pollsPerSecond } = gatewayBehind({ gateway: name })
  const many = Math.max(1, Math.floor(pollsPerSecond))
  const due = await dueOf(name, many)
  await Promise.all(due.map(lookAfter))
}

/** Younger than this, a customer may be looking at it. */
const youngMs = 15 * 60_000

/**
 * The longest due first. Where more is due than the gateway bears, those whose customers are waiting do not wait for
 * the others, which still get their share.
 */
async function dueOf(name: string, many: number): Promise<Payment[]> {
  const find = (filter: object, limit: number) =>
    Payments.collection
      .find<Payment>({ gateway: name, checkAt: { $lte: now() }, ...filter })
      .sort({ checkAt: 1 })
      .limit(limit)
      .toArray()
  const due = await find({}, many)
  if (due.length < many) return due
  const young = await find({ createdAt: { $gte: inMs(-youngMs) } }, many - Math.ceil(many / 5))
  const ids = new Set(young.map(({ _id }) => String(_id)))
  return [...young, ...due.filter(({ _id }) => !ids.has(String(_id)))].slice(0, many)
}

async function lookAfter(payment: Payment): Promise<void> {
  const claimed = await Payments.collection.updateOne(
    { _id: payment._id, checkAt: payment.checkAt },
    { $set: { checkAt: inMs(claimMs) } },
  )
  if (!claimed.modifiedCount) return
  const unsure = payment.operations.filter(isUnfinished)
  for (const operation of unsure) await resume[operation.kind](payment, operation)
  if (unsure.length) return
  const over = payment.expiresAt <= now() && openPaymentStates.includes(payment.state)
  const endsHere = over && payment.state !== 'UNKNOWN' && !payment.flags.held
  if (endsHere && gatewayBehind(payment).can.cancel) await close(payment, 'EXPIRED')
  else if (endsHere) await endIfUnpaid(payment)
  else await settle(payment._id, 'poll')
  if (over) await askIfOverdue(payment._id)
}

const resume: Record<
  PaymentOperation['kind'],
  (payment: Payment, operation: PaymentOperation) => Promise<unknown>
> = { refund: resumeRefund, capture: resumeCapture, cancel: resumeRelease }

/**
 * Nobody can close it at its gateway, which may call it pending for ever. A margin after its end, and read back once
 * more, it is over for us: money that comes all the same is late money.
 */
async function endIfUnpaid(payment: Payment): Promise<void> {
  const seen = await readBack(payment, 'poll')
  const isLongOver = payment.expiresAt.getTime() + marginMs <= now().getTime()
  if (seen?.open && seen.state === 'PENDING' && isLongOver) {
    await applyFound(seen, ended('EXPIRED'), 'poll')
  }
}
