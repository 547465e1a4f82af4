import type { Knob } from '../faults.ts'
import { aimedAt, callKnobs, choice, flag, number, text, timingKnob, webhookKnobs } from '../knobs.ts'

export const platform = 'ipaymu'

/** What a fault of the HTTP interface can be aimed at. */
const operations = ['payments', 'reads', 'balance'] as const
export type Operation = (typeof operations)[number]

export const knobs: Knob[] = [
  ...callKnobs(operations),
  aimedAt(operations)('rateLimited', 'Answers 429 and does nothing'),
  choice(
    'paidAs',
    ['paid', 'unsettled', 'escrow'],
    'What a paid transaction becomes: settled, not settled yet, or held in escrow',
  ),
  flag('acceptLatePayment', 'Lets an expired transaction still be paid'),
  number('amountOffBy', 0, 'Shows every transaction with its amount off by so many rupiah'),
  text('statusShown', 'Shows every transaction with this status'),
  flag('numbersAsStrings', 'Writes ids, amounts and states as strings'),
  flag('otherTransaction', 'Reads answer with another transaction than the one asked for'),
  choice('historyShape', ['Results', 'Transaction'], 'Under which name the history lists transactions'),
  flag('forgetsReference', 'Says nothing of the reference that a transaction was made with'),
  timingKnob('callbacks'),
  ...webhookKnobs('callback'),
  flag('webhookCopiesWithNewIds', 'Gives each copy an X-External-ID of its own'),
  choice('webhookFormat', ['form', 'json'], 'What the dashboard is set to'),
  choice('webhookSorting', ['bytes', 'letters'], 'How the signed fields are sorted'),
  flag('webhookAscii', 'Signs the fields with everything but ASCII escaped'),
  choice('signature', ['good', 'missing', 'wrong', 'short', 'stale'], 'How callbacks are signed'),
  flag('oldCallbacks', 'Callbacks have only the few fields of former years'),
  flag('callbackWithoutReference', 'Callbacks do not repeat our reference'),
  flag('otherEnvironment', 'Callbacks say that they are not of the sandbox'),
  flag('foreignEvents', 'Each callback is followed by one of a transaction that nobody knows'),
]
