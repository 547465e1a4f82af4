import type { Faults, Knob } from '../faults.ts'
import { versions } from './versions.ts'

export const platform = 'omise'

/** What a fault of the HTTP interface can be aimed at. */
export const operations = ['tokens', 'sources', 'charges', 'refunds', 'captures', 'expires', 'reads'] as const
export type Operation = (typeof operations)[number]

const aim = { type: 'text', default: 'none', choices: ['none', 'any', ...operations] } as const

export const knobs: Knob[] = [
  {
    name: 'latencyMs',
    type: 'number',
    default: 0,
    description: 'Waits so many milliseconds before it does anything',
  },
  {
    name: 'dropAfterCommit',
    ...aim,
    description: 'Does the work, then resets the connection instead of answering',
  },
  { name: 'neverAnswer', ...aim, description: 'Does the work, then keeps the connection open in silence' },
  { name: 'htmlErrorBefore', ...aim, description: 'Answers 500 with HTML and does nothing' },
  { name: 'htmlErrorAfterCommit', ...aim, description: 'Does the work, then answers 500 with HTML' },
  {
    name: 'brokenJson',
    ...aim,
    description: 'Does the work, then answers 200 with JSON cut off in the middle',
  },
  { name: 'rateLimited', ...aim, description: 'Answers 429 and does nothing' },
  {
    name: 'idempotency',
    type: 'boolean',
    default: false,
    description: 'Honours Idempotency-Key (the real one does not promise it)',
  },
  {
    name: 'threeDs',
    type: 'text',
    default: 'listed',
    choices: ['listed', 'always', 'never'],
    description: 'Which cards are sent to the bank page: the listed numbers, all, none',
  },
  {
    name: 'accountLacks',
    type: 'text',
    default: '',
    description: 'Methods that the account may not take, comma-separated, as promptpay,installment_kbank',
  },
  {
    name: 'qrFormat',
    type: 'text',
    default: 'svg',
    choices: ['svg', 'png'],
    description: 'The format of the QR document',
  },
  {
    name: 'acceptLatePayment',
    type: 'boolean',
    default: false,
    description: 'Lets an expired charge still be paid',
  },
  {
    name: 'amountOffBy',
    type: 'number',
    default: 0,
    description: 'Shows every charge with its amounts off by so much',
  },
  {
    name: 'capturedShortBy',
    type: 'number',
    default: 0,
    description: 'Shows paid charges as captured for less',
  },
  {
    name: 'currencyShown',
    type: 'text',
    default: '',
    description: 'Shows every charge in this currency instead of its own',
  },
  {
    name: 'lowerCaseCurrency',
    type: 'boolean',
    default: false,
    description: 'Writes currencies as thb instead of THB',
  },
  {
    name: 'numbersAsStrings',
    type: 'boolean',
    default: false,
    description: 'Writes the amounts of a charge as strings',
  },
  {
    name: 'statusShown',
    type: 'text',
    default: '',
    description: 'Shows every charge with this status, known or not',
  },
  {
    name: 'otherCharge',
    type: 'boolean',
    default: false,
    description: 'Reads answer with another charge than the one asked for',
  },
  {
    name: 'liveCharge',
    type: 'boolean',
    default: false,
    description: 'Shows every charge as one of the live environment',
  },
  {
    name: 'searchLagSeconds',
    type: 'number',
    default: 3,
    description: 'How old a charge must be before /search finds it',
  },
  {
    name: 'webhookTiming',
    type: 'text',
    default: 'at_once',
    choices: ['at_once', 'before_answer', 'never'],
    description: 'When events go out: while the answer is written, delivered before it, or never',
  },
  { name: 'webhookDelayMs', type: 'number', default: 0, description: 'Holds every event back so long' },
  {
    name: 'webhookCopies',
    type: 'number',
    default: 1,
    description: 'Delivers every event so many times at once',
  },
  {
    name: 'webhookCopiesWithNewIds',
    type: 'boolean',
    default: false,
    description: 'Gives each copy an event id of its own',
  },
  {
    name: 'webhookOrder',
    type: 'text',
    default: 'kept',
    choices: ['kept', 'reversed'],
    description: 'Delivers events in pairs, the later one first',
  },
  {
    name: 'signature',
    type: 'text',
    default: 'good',
    choices: ['good', 'missing', 'wrong', 'short', 'altered_body', 'stale', 'rotated', 'secret_as_text'],
    description: 'How events are signed',
  },
  {
    name: 'eventVersion',
    type: 'text',
    default: '2019-05-29',
    choices: versions,
    description: "The account's version, in which events are written",
  },
  { name: 'otherEnvironment', type: 'boolean', default: false, description: 'Events say livemode: true' },
  {
    name: 'foreignEvents',
    type: 'boolean',
    default: false,
    description: 'Each event is followed by a transfer.update and a charge of somebody else',
  },
]

/** What the account may not take, by the names of methods. */
export const lacking = (faults: Faults): string[] =>
  faults
    .get<string>(platform, 'accountLacks')
    .split(',')
    .map((name) => name.trim())

/** True when a fault is aimed at this operation; that uses up one shot of it. */
export function strikes(faults: Faults, name: string, operation: Operation): boolean {
  const target = faults.get<string>(platform, name)
  if (target !== 'any' && target !== operation) return false
  faults.take(platform, name)
  return true
}
