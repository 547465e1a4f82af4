import type { Faults, Knob } from '../faults.ts'

export const platform = 'ipaymu'

/** What a fault of the HTTP interface can be aimed at. */
export const operations = ['payments', 'reads', 'balance'] as const
export type Operation = (typeof operations)[number]

const aimed = (name: string, description: string): Knob => ({
  name,
  type: 'text',
  default: 'none',
  choices: ['none', 'any', ...operations],
  description,
})
const flag = (name: string, description: string): Knob => ({
  name,
  type: 'boolean',
  default: false,
  description,
})
const number = (name: string, description: string, standard = 0): Knob => ({
  name,
  type: 'number',
  default: standard,
  description,
})
const choice = (name: string, description: string, choices: string[]): Knob => ({
  name,
  type: 'text',
  default: choices[0] ?? '',
  choices,
  description,
})

export const knobs: Knob[] = [
  number('latencyMs', 'Waits so many milliseconds before it does anything'),
  aimed('dropAfterCommit', 'Does the work, then resets the connection instead of answering'),
  aimed('neverAnswer', 'Does the work, then keeps the connection open in silence'),
  aimed('htmlErrorBefore', 'Answers 500 with HTML and does nothing'),
  aimed('htmlErrorAfterCommit', 'Does the work, then answers 500 with HTML'),
  aimed('brokenJson', 'Does the work, then answers 200 with JSON cut off in the middle'),
  aimed('rateLimited', 'Answers 429 and does nothing'),
  choice('paidAs', 'What a paid transaction becomes: settled, not settled yet, or held in escrow', [
    'paid',
    'unsettled',
    'escrow',
  ]),
  flag('acceptLatePayment', 'Lets an expired transaction still be paid'),
  number('amountOffBy', 'Shows every transaction with its amount off by so many rupiah'),
  { name: 'statusShown', type: 'text', default: '', description: 'Shows every transaction with this status' },
  flag('numbersAsStrings', 'Writes ids, amounts and states as strings'),
  flag('otherTransaction', 'Reads answer with another transaction than the one asked for'),
  choice('historyShape', 'Under which name the history lists transactions', ['Results', 'Transaction']),
  flag('forgetsReference', 'Says nothing of the reference that a transaction was made with'),
  choice('webhookTiming', 'When callbacks go out: while the answer is written, before it, or never', [
    'at_once',
    'before_answer',
    'never',
  ]),
  number('webhookDelayMs', 'Holds every callback back so long'),
  number('webhookCopies', 'Delivers every callback so many times at once', 1),
  flag('webhookCopiesWithNewIds', 'Gives each copy an X-External-ID of its own'),
  choice('webhookOrder', 'Delivers callbacks in pairs, the later one first', ['kept', 'reversed']),
  choice('webhookFormat', 'What the dashboard is set to', ['form', 'json']),
  choice('webhookSorting', 'How the signed fields are sorted', ['bytes', 'letters']),
  flag('webhookAscii', 'Signs the fields with everything but ASCII escaped'),
  choice('signature', 'How callbacks are signed', ['good', 'missing', 'wrong', 'short', 'stale']),
  flag('oldCallbacks', 'Callbacks have only the few fields of former years'),
  flag('callbackWithoutReference', 'Callbacks do not repeat our reference'),
  flag('otherEnvironment', 'Callbacks say that they are not of the sandbox'),
  flag('foreignEvents', 'Each callback is followed by one of a transaction that nobody knows'),
]

/** True when a fault is aimed at this operation; that uses up one shot of it. */
export function strikes(faults: Faults, name: string, operation: Operation): boolean {
  const target = faults.get<string>(platform, name)
  if (target !== 'any' && target !== operation) return false
  faults.take(platform, name)
  return true
}
