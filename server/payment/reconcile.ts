import { type Payment, Payments } from '../../models/payment.ts'
import { openPaymentStates } from '../../models/states.ts'
import { now } from '../database/index.ts'
import { close } from './close.ts'
import { gatewayOf, gatewaysInUse } from './gateways.ts'
import { isUnfinished, resumeRefund } from './refund.ts'
import { settle } from './settle.ts'

const claimMs = 60_000

/**
 * Looks after what no webhook settled: attempts whose time to be polled has come, within each gateway's rate;
 * attempts past their end, which are closed; refunds whose outcome is not known. Called every second by every
 * worker: each payment is claimed by one of them.
 */
export async function reconcile(): Promise<void> {
  await Promise.all(
    gatewaysInUse().map(async ([name, { pollsPerSecond }]) => {
      const due = await Payments.collection
        .find<Payment>({ checkAt: { $lte: now() }, gateway: name })
        .sort({ checkAt: 1 })
        .limit(Math.max(1, Math.floor(pollsPerSecond)))
        .toArray()
      await Promise.all(due.map(lookAfter))
    }),
  )
}

async function lookAfter(payment: Payment): Promise<void> {
  const claimed = await Payments.collection.updateOne(
    { _id: payment._id, checkAt: payment.checkAt },
    { $set: { checkAt: new Date(now().getTime() + claimMs) } },
  )
  if (!claimed.modifiedCount) return
  const unsure = payment.operations.filter(isUnfinished)
  for (const operation of unsure) await resumeRefund(payment, operation)
  if (unsure.length) return
  const over = payment.expiresAt <= now() && openPaymentStates.includes(payment.state)
  if (over && payment.state !== 'UNKNOWN' && gatewayOf(payment.gateway).can.cancel) {
    await close(payment, 'EXPIRED')
  } else {
    await settle(payment._id, 'poll')
  }
}
