import { setTimeout as wait } from 'node:timers/promises'
import { type Payment, Payments } from '../../models/payment.ts'
import { type Gateway, gatewaysInUse, type Listed, lookUp, referenceOf } from '../payment/index.ts'
import type { Comparing } from './contract.ts'
import type { Lister } from './run.ts'

export const comparingOf = ({ list, can }: Pick<Gateway, 'list' | 'can'>): Comparing =>
  list ? 'list' : can.lookUp === false ? 'never' : 'one_by_one'

/** What a gateway's days are compared with; undefined where nothing can be. */
export function listerOf(name: string): Lister | undefined {
  const gateway = gatewaysInUse().find(([one]) => one === name)?.[1]
  if (!gateway || comparingOf(gateway) === 'never') return undefined
  return gateway.list ?? (({ from, to }) => oneByOne(name, gateway.pollsPerSecond, { from, to }))
}

/** The gateway's own word on every attempt that we began in a span, at half the rate that it bears: others wait too. */
async function* oneByOne(
  gateway: string,
  perSecond: number,
  { from, to }: { from: Date; to: Date },
): AsyncGenerator<Listed> {
  const ours = Payments.collection.find<Payment>({ gateway, createdAt: { $gte: from, $lt: to } })
  for await (const { _id, refs, amount, currency, createdAt } of ours.sort({ createdAt: 1, _id: 1 })) {
    const pause = wait(2000 / perSecond)
    const found = await lookUp(_id)
    await pause
    if (found.state === 'MISSING') continue
    yield {
      ref: referenceOf({ refs }) ?? { kind: 'attempt', value: String(_id) },
      attemptId: String(_id),
      money: found.money ?? { amount, currency },
      captured: found.captured,
      refunded: found.refunded,
      said: found.said,
      at: createdAt,
    }
  }
}
