import type { Router } from 'express'
import type { ChargeStatus, Json } from './records.ts'

export interface OmiseOptions {
  publicKey: string
  secretKey: string
  /** Base64, as the dashboard shows it; two of them, comma-separated, during a rotation. Empty: unsigned events. */
  webhookSecret: string
  /** Where events are posted to; by default Parley's own address for them. Empty sends none. */
  webhookUrl?: string
  /** Where this simulator is reached, if not where the sandbox is. Without a slash at the end. */
  baseUrl?: string
  /** Waits in ms before an event that was not answered 2xx is sent again. */
  retryDelays?: number[]
}

/** What the simulator's pages, the phone and tests may do besides the platform's own HTTP. */
export interface OmiseHandle {
  /** Charges as the API shows them, oldest first, without the distortions of the knobs. */
  charges(): Json[]
  pay(chargeId: string): void
  decline(chargeId: string, failureCode?: string): void
  expire(chargeId: string): void
  /** QR charges that wait for a banking app. */
  pendingQrs(): PendingQr[]
  now(): number
  /** Moves the platform's clock; what has run out by then expires. */
  advance(ms: number): void
  /** Posts the events of the last change once more, or sends those that were held back for reordering. */
  flush(): void
  /** Resolves when no event is on its way and none waits to be sent again. */
  settled(): Promise<void>
  /** Forgets everything but the keys. */
  reset(): void
  setWebhookUrl(url: string): void
  close(): void
}

export interface PendingQr {
  id: string
  amount: number
  currency: string
  description: string | null
  status: ChargeStatus
  expiresAt: string
  image: string
  payload: string
}

export interface Omise {
  router: Router
  handle: OmiseHandle
}
