import { Router } from 'express'
import type { SandboxContext } from '../context.ts'
import { api } from './api.ts'
import { bankPage } from './bank-page.ts'
import { paymentBody, refundBody } from './bodies.ts'
import { Refusal } from './errors.ts'
import { knobs, platform as name } from './knobs.ts'
import { createNotifier } from './notify.ts'
import { createPlatform, type Platform } from './platform.ts'
import type { PaymentRecord, RefundRecord } from './store.ts'

export interface SbpOptions {
  shopId: string
  secretKey: string
  /** Whether the shop is given the code of the QR, or only the address of the bank's page. */
  givesQr?: boolean
  /** Where notifications are posted to; by default Parley's own address for them. Empty sends none. */
  webhookUrl?: string
  /** Waits in ms before a notification that was not answered 200 is sent again. */
  retryDelays?: number[]
}

/** What the phone and tests may do besides the platform's own HTTP. */
export interface SbpHandle {
  payments(): PaymentRecord[]
  refunds(): RefundRecord[]
  pay(id: string): void
  refuse(id: string, reason?: string): void
  /** Resolves when no notification is on its way. */
  settled(): Promise<void>
  close(): void
}

/** SBP by the YooKassa API, simulated on the wire. The router belongs at `/sbp`. `close` the handle when done. */
export function sbp(options: SbpOptions, context: SandboxContext): { router: Router; handle: SbpHandle } {
  context.faults.define(name, knobs)
  const notifier = createNotifier(
    context,
    options.webhookUrl ?? `${context.parleyUrl}/webhooks/payments/sbp`,
    options.retryDelays ?? [1000, 5000, 15_000, 60_000],
  )
  const bodies = {
    payment: (payment: PaymentRecord) => paymentBody(payment, context.url(), context.faults),
    refund(id: string) {
      const refund = platform.store.refunds.get(id)
      if (!refund) throw new Refusal(404, 'not_found', `Refund doesn't exist or access denied: ${id}`)
      return refundBody(refund)
    },
  }
  const platform: Platform = createPlatform(context, { givesQr: options.givesQr ?? true }, (event, about) =>
    notifier.send(event, 'payment' in about ? refundBody(about) : bodies.payment(about)),
  )
  const router = Router()
  router.use('/v3', api(platform, options, bodies, context.faults))
  bankPage(router, platform)

  return {
    router,
    handle: {
      payments: () => [...platform.store.payments.values()],
      refunds: () => [...platform.store.refunds.values()],
      pay: (id) => platform.pay(platform.payment(id)),
      refuse: (id, reason = 'insufficient_funds') => platform.refuse(platform.payment(id), reason),
      settled: () => notifier.settled(),
      close: () => notifier.close(),
    },
  }
}
