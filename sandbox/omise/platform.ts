import type { z } from 'zod'
import type { SandboxContext } from '../context.ts'
import { disputeBody } from './bodies.ts'
import { chargeBody, refundBody } from './charge-body.ts'
import * as change from './charges.ts'
import type { OmiseOptions } from './contract.ts'
import { notFound, Refusal } from './errors.ts'
import { createHooks, type Hooks } from './hooks.ts'
import { newId } from './ids.ts'
import { lacking, platform } from './knobs.ts'
import { createCharge, type NewCharge } from './new-charge.ts'
import type { ChargeRecord, Json, RefundRecord, SourceRecord } from './records.ts'
import { createStore, type Store } from './store.ts'
import { distort } from './view.ts'

/** The account behind the API: its records, and every change with the event that tells of it. */
export interface Platform {
  store: Store
  hooks: Hooks
  account: { publicKey: string; secretKey: string; webhookSecret: string; webhookUrl: string }
  baseUrl(): string
  now(): number
  /** The charge as it is. */
  body(charge: ChargeRecord): Json
  /** The charge as the knobs have the API show it. */
  shown(charge: ChargeRecord): Json
  charge(id: string): ChargeRecord
  sourceOf(charge: ChargeRecord): SourceRecord | null
  create(input: z.output<typeof NewCharge>): ChargeRecord
  agree(charge: ChargeRecord): void
  decline(charge: ChargeRecord, code: string): void
  capture(charge: ChargeRecord, amount: number | undefined): void
  reverse(charge: ChargeRecord): void
  expire(charge: ChargeRecord): void
  refund(charge: ChargeRecord, input: z.output<typeof change.NewRefund>): RefundRecord
  update(
    charge: ChargeRecord,
    fields: { description?: string | undefined; metadata?: Json | undefined },
  ): void
  dispute(charge: ChargeRecord, amount: number): Json
  /** The shop has answered (`pending`), or the bank has decided. */
  decideDispute(charge: ChargeRecord, status: 'pending' | 'won' | 'lost'): void
  /** Expires whatever has run out by now. */
  sweep(): void
  /** Forgets everything but the keys. */
  reset(): void
}

export function createPlatform(options: OmiseOptions, context: SandboxContext): Platform {
  const { faults, clock } = context
  const store = createStore(context.dataDir ? `${context.dataDir}/omise.jsonl` : undefined)
  const account = {
    publicKey: options.publicKey,
    secretKey: options.secretKey,
    webhookSecret: options.webhookSecret,
    webhookUrl: options.webhookUrl ?? `${context.parleyUrl}/webhooks/payments/omise`,
  }
  const baseUrl = () => options.baseUrl ?? context.url()
  const now = () => clock.now()
  const hooks = createHooks({
    store,
    faults,
    now,
    target: () => ({ url: account.webhookUrl, secret: account.webhookSecret }),
    retryDelays: options.retryDelays ?? [1000, 5000, 15_000, 60_000, 300_000],
  })
  // Only what waits can run out, so the sweep does not walk over every charge there ever was.
  const waiting = new Set([...store.charges.values()].filter((charge) => charge.status === 'pending'))

  const sourceOf = (charge: ChargeRecord) =>
    charge.source ? (store.sources.get(charge.source) ?? null) : null
  const body = (charge: ChargeRecord) =>
    chargeBody(charge, sourceOf(charge), baseUrl(), now(), store.disputes.get(charge.dispute ?? ''))
  const shown = (charge: ChargeRecord) => distort(body(charge), faults)

  function save(charge: ChargeRecord, event: change.ChargeEvent, about = shown(charge)) {
    if (charge.status === 'pending') waiting.add(charge)
    else waiting.delete(charge)
    store.save('charges', charge)
    hooks.announce(event, about, charge)
  }

  return {
    store,
    hooks,
    account,
    baseUrl,
    now,
    body,
    shown,
    sourceOf,
    charge(id) {
      const charge = store.charges.get(id)
      if (!charge) throw notFound('charge', id)
      return charge
    },
    create(input) {
      const charge = createCharge(input, {
        store,
        now: now(),
        threeDs: faults.take<string>(platform, 'threeDs'),
        qrFormat: faults.take<'svg' | 'png'>(platform, 'qrFormat'),
        lacks: lacking(faults),
      })
      save(charge, 'charge.create')
      return charge
    },
    agree(charge) {
      change.agree(charge, now(), faults.take<boolean>(platform, 'acceptLatePayment'))
      save(charge, 'charge.complete')
    },
    decline(charge, code) {
      change.decline(charge, code)
      save(charge, 'charge.complete')
    },
    capture(charge, amount) {
      change.capture(charge, amount, now())
      save(charge, 'charge.capture')
    },
    reverse(charge) {
      change.reverse(charge, now())
      save(charge, 'charge.reverse')
    },
    expire(charge) {
      change.expire(charge, now())
      save(charge, 'charge.expire')
    },
    refund(charge, input) {
      if (sourceOf(charge)?.type === 'econtext') {
        throw new Refusal(400, 'failed_refund', 'charge is not refundable')
      }
      const refund = change.refund(charge, input, now())
      save(charge, 'refund.create', refundBody(refund, charge))
      return refund
    },
    update(charge, fields) {
      if (fields.description !== undefined) charge.description = fields.description
      if (fields.metadata !== undefined) charge.metadata = fields.metadata
      save(charge, 'charge.update')
    },
    dispute(charge, amount) {
      const dispute = {
        id: newId('dspt'),
        charge: charge.id,
        amount,
        currency: charge.currency,
        status: 'open' as const,
        transaction: newId('trxn'),
        createdAt: now(),
      }
      store.save('disputes', dispute)
      charge.dispute = dispute.id
      save(charge, 'dispute.create', disputeBody(dispute, now()))
      return disputeBody(dispute, now())
    },
    decideDispute(charge, status) {
      const dispute = store.disputes.get(charge.dispute ?? '')
      if (!dispute) throw notFound('dispute of', charge.id)
      dispute.status = status
      store.save('disputes', dispute)
      save(charge, status === 'pending' ? 'dispute.update' : 'dispute.close', disputeBody(dispute, now()))
    },
    sweep() {
      for (const charge of waiting) {
        if (charge.expiresAt > now()) continue
        change.expire(charge, charge.expiresAt, true)
        save(charge, 'charge.expire')
      }
    },
    reset() {
      waiting.clear()
      store.clear()
    },
  }
}
