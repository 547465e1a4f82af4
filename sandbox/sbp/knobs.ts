import type { Knob } from '../faults.ts'
import { aimedAt, callKnobs, choice, flag, number, text, webhookKnobs } from '../knobs.ts'

export const platform = 'sbp'

/** What a fault of the HTTP interface can be aimed at. */
const operations = ['payments', 'refunds', 'reads'] as const
export type Operation = (typeof operations)[number]

const aimed = aimedAt(operations)

export const knobs: Knob[] = [
  ...callKnobs(operations),
  aimed('rateLimited', 'Answers 429 and does nothing'),
  aimed('processing', 'Does the work, then answers 202 "processing": the same key asks again'),
  flag('refusedAtOnce', 'Answers 200 with a payment that is canceled already'),
  flag('acceptLatePayment', 'Lets a payment that ran out still be paid'),
  number('amountOffBy', 0, 'Shows every payment with its amount off by so many kopecks'),
  text('currencyShown', 'Shows every payment in this currency instead of its own'),
  text('statusShown', 'Shows every payment with this status'),
  flag('otherPayment', 'Reads answer with another payment than the one asked for'),
  flag('livePayment', 'Shows every payment as one of the live environment'),
  choice('webhookTiming', ['at_once', 'never'], 'Whether notifications are sent'),
  ...webhookKnobs('notification'),
  flag('otherEnvironment', 'Notifications say that the payment is no test'),
  flag(
    'foreignEvents',
    'Each notification is followed by one of a payout and one of a payment made elsewhere',
  ),
]
