import type { Faults, Knob } from '../faults.ts'

export const platform = 'komoju'

/** What a fault of the HTTP interface can be aimed at. */
const operations = ['sessions', 'refunds', 'cancels', 'captures', 'reads'] as const
export type Operation = (typeof operations)[number]

const aim = { type: 'text', default: 'none', choices: ['none', 'any', ...operations] } as const
const flag = { type: 'boolean', default: false } as const

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
  { name: 'gatewayTimeout', ...aim, description: 'Answers 504 gateway_timeout in JSON and does nothing' },
  { name: 'rateLimited', ...aim, description: 'Answers 429 and does nothing' },
  {
    name: 'inFlight',
    ...aim,
    description: 'Does the work, then answers 409 as if the first request of the key were still running',
  },
  { name: 'forgetKeys', ...flag, description: 'Does not look at X-KOMOJU-IDEMPOTENCY, as after 24 hours' },
  {
    name: 'konbiniFee',
    type: 'number',
    default: 190,
    description: 'What a store charges the payer on top, in yen',
  },
  { name: 'konbiniDays', type: 'number', default: 3, description: 'How many days a code can be paid' },
  {
    name: 'acceptLatePayment',
    ...flag,
    description: 'Lets an expired code still be paid',
  },
  {
    name: 'amountOffBy',
    type: 'number',
    default: 0,
    description: 'Shows every session and payment with its amounts off by so much',
  },
  {
    name: 'capturedShortBy',
    type: 'number',
    default: 0,
    description: 'Shows captured payments as if less had come in',
  },
  {
    name: 'currencyShown',
    type: 'text',
    default: '',
    description: 'Shows every session and payment in this currency instead of its own',
  },
  {
    name: 'convertedTo',
    type: 'text',
    default: '',
    description: 'Shows payments, not sessions, in this currency and for another amount',
  },
  { name: 'lowerCaseCurrency', ...flag, description: 'Writes currencies as jpy instead of JPY' },
  { name: 'numbersAsStrings', ...flag, description: 'Writes amounts as strings' },
  {
    name: 'statusShown',
    type: 'text',
    default: '',
    description: 'Shows every payment with this status, known or not',
  },
  { name: 'otherSession', ...flag, description: 'Reads answer with another session than the one asked for' },
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
    description: 'Delivers every event so many times at once, each delivery with an X-Komoju-ID of its own',
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
    choices: ['good', 'missing', 'wrong', 'short', 'altered_body'],
    description: 'How events are signed',
  },
  {
    name: 'foreignEvents',
    ...flag,
    description: 'Each event is followed by a ping, a settlement and a payment that was made by hand',
  },
]

/** True when a fault is aimed at this operation; that uses up one shot of it. */
export function strikes(faults: Faults, name: string, operation: Operation): boolean {
  const target = faults.get<string>(platform, name)
  if (target !== 'any' && target !== operation) return false
  faults.take(platform, name)
  return true
}
