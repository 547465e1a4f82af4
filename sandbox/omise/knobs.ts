import type { Faults, Knob } from '../faults.ts'
import { aimedAt, callKnobs, choice, flag, number, text, timingKnob, webhookKnobs } from '../knobs.ts'
import { versions } from './versions.ts'

export const platform = 'omise'

/** What a fault of the HTTP interface can be aimed at. */
const operations = ['tokens', 'sources', 'charges', 'refunds', 'captures', 'expires', 'reads'] as const
export type Operation = (typeof operations)[number]

export const knobs: Knob[] = [
  ...callKnobs(operations),
  aimedAt(operations)('rateLimited', 'Answers 429 and does nothing'),
  flag('idempotency', 'Honours Idempotency-Key (the real one does not promise it)'),
  choice(
    'threeDs',
    ['listed', 'always', 'never'],
    'Which cards are sent to the bank page: the listed numbers, all, none',
  ),
  text(
    'accountLacks',
    'Methods that the account may not take, comma-separated, as promptpay,installment_kbank',
  ),
  choice('qrFormat', ['svg', 'png'], 'The format of the QR document'),
  flag('acceptLatePayment', 'Lets an expired charge still be paid'),
  number('amountOffBy', 0, 'Shows every charge with its amounts off by so much'),
  number('capturedShortBy', 0, 'Shows paid charges as captured for less'),
  text('currencyShown', 'Shows every charge in this currency instead of its own'),
  flag('lowerCaseCurrency', 'Writes currencies as thb instead of THB'),
  flag('numbersAsStrings', 'Writes the amounts of a charge as strings'),
  text('statusShown', 'Shows every charge with this status, known or not'),
  flag('otherCharge', 'Reads answer with another charge than the one asked for'),
  flag('liveCharge', 'Shows every charge as one of the live environment'),
  number('searchLagSeconds', 3, 'How old a charge must be before /search finds it'),
  timingKnob('events'),
  ...webhookKnobs('event'),
  flag('webhookCopiesWithNewIds', 'Gives each copy an event id of its own'),
  choice(
    'signature',
    ['good', 'missing', 'wrong', 'short', 'altered_body', 'stale', 'rotated', 'secret_as_text'],
    'How events are signed',
  ),
  choice('eventVersion', versions, "The account's version, in which events are written"),
  flag('otherEnvironment', 'Events say livemode: true'),
  flag('foreignEvents', 'Each event is followed by a transfer.update and a charge of somebody else'),
]

/** What the account may not take, by the names of methods. */
export const lacking = (faults: Faults): string[] =>
  faults
    .get<string>(platform, 'accountLacks')
    .split(',')
    .map((name) => name.trim())
