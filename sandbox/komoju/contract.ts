import type { Router } from 'express'
import type { Json } from './records.ts'

export interface KomojuOptions {
  secretKey: string
  /** The secret token of the webhook, as the dashboard shows it. Empty: unsigned events. */
  webhookSecret: string
  /** Where events are posted to; by default Parley's own address for them. Empty sends none. */
  webhookUrl?: string
  /** Where this simulator is reached, its prefix included. Without a slash at the end. */
  baseUrl?: string
  /** Waits in ms before an event that was not answered 2xx is sent again. */
  retryDelays?: number[]
}

/** What the simulator's pages, the phone and tests may do besides the platform's own HTTP. */
export interface KomojuHandle {
  /** As the API shows them, oldest first, without the distortions of the knobs. */
  sessions(): Json[]
  payments(): Json[]
  /** Somebody pays the code of this payment at the counter of its store. */
  payAtCounter(paymentId: string): void
  /** The time of a code is over, whatever the clock says. */
  expirePayment(paymentId: string): void
  /** What the shop's staff do in the platform's dashboard; all that is left when no amount is given. */
  refundByHand(paymentId: string, amount?: number): void
  now(): number
  /** Moves the platform's clock; what has run out by then expires. */
  advance(ms: number): void
  /** Sends the events that were held back for reordering. */
  flush(): void
  /** Posts every event of this payment once more. */
  resend(paymentId: string): Promise<void>
  /** Resolves when no event is on its way and none waits to be sent again. */
  settled(): Promise<void>
  /** Forgets everything but the keys. */
  reset(): void
  close(): void
}

export interface Komoju {
  router: Router
  handle: KomojuHandle
}
