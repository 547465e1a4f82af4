import type { Knob } from '../faults.ts'
import { aimedAt, callKnobs, choice, flag, number, text, timingKnob, webhookKnobs } from '../knobs.ts'

export const platform = 'komoju'

/** What a fault of the HTTP interface can be aimed at. */
const operations = ['sessions', 'refunds', 'cancels', 'captures', 'reads'] as const
export type Operation = (typeof operations)[number]

const aimed = aimedAt(operations)

export const knobs: Knob[] = [
  ...callKnobs(operations),
  aimed('gatewayTimeout', 'Answers 504 gateway_timeout in JSON and does nothing'),
  aimed('rateLimited', 'Answers 429 and does nothing'),
  aimed('inFlight', 'Does the work, then answers 409 as if the first request of the key were still running'),
  flag('forgetKeys', 'Does not look at X-KOMOJU-IDEMPOTENCY, as after 24 hours'),
  number('konbiniFee', 190, 'What a store charges the payer on top, in yen'),
  number('konbiniDays', 3, 'How many days a code can be paid'),
  flag('acceptLatePayment', 'Lets an expired code still be paid'),
  number('amountOffBy', 0, 'Shows every session and payment with its amounts off by so much'),
  number('capturedShortBy', 0, 'Shows captured payments as if less had come in'),
  text('currencyShown', 'Shows every session and payment in this currency instead of its own'),
  text('convertedTo', 'Shows payments, not sessions, in this currency and for another amount'),
  flag('lowerCaseCurrency', 'Writes currencies as jpy instead of JPY'),
  flag('numbersAsStrings', 'Writes amounts as strings'),
  text('statusShown', 'Shows every payment with this status, known or not'),
  flag('otherSession', 'Reads answer with another session than the one asked for'),
  timingKnob('events'),
  ...webhookKnobs('event'),
  choice('signature', ['good', 'missing', 'wrong', 'short', 'altered_body'], 'How events are signed'),
  flag('foreignEvents', 'Each event is followed by a ping, a settlement and a payment that was made by hand'),
]
