import type { Fault } from './gateway-bench.ts'

/** How each fault of the suite is called among a simulator's knobs. What is missing, the platform cannot do. */
export type FaultKnobs = Partial<Record<Fault, [string, string | number | boolean]>>

/** What can go wrong with a call. `opening` is the kind of call that begins a payment. */
export const callFaults = (opening: string, busy = 'rateLimited'): FaultKnobs => ({
  'answer lost after the work is done': ['dropAfterCommit', opening],
  'no answer at all': ['neverAnswer', opening],
  '500 with HTML before the work': ['htmlErrorBefore', opening],
  '500 with HTML after the work': ['htmlErrorAfterCommit', opening],
  'JSON cut off': ['brokenJson', opening],
  'too many requests': [busy, opening],
  'reads answered with 500': [busy, 'reads'],
  'reads answered with HTML': ['htmlErrorAfterCommit', 'reads'],
})

/** Where the platform gives money back when it is asked. */
export const refundFaults: FaultKnobs = {
  'refund answer lost': ['dropAfterCommit', 'refunds'],
  'refund refused with 500': ['htmlErrorBefore', 'refunds'],
}

/** Where the platform tells of payments, and signs what it tells. */
export const webhookFaults: FaultKnobs = {
  'webhooks twice': ['webhookCopies', 2],
  'webhooks reversed': ['webhookOrder', 'reversed'],
  'webhook signature wrong': ['signature', 'wrong'],
  'webhook signature missing': ['signature', 'missing'],
  'webhook signature short': ['signature', 'short'],
}
