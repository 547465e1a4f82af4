import type { Faults, Knob } from '../faults.ts'

export const platform = 'sbp'

/** What a fault of the HTTP interface can be aimed at. */
export type Operation = 'payments' | 'refunds' | 'reads'

const aim = {
  type: 'text',
  default: 'none',
  choices: ['none', 'any', 'payments', 'refunds', 'reads'],
} as const
const knob = (name: string, description: string): Knob => ({ name, ...aim, description })
const flag = (name: string, description: string): Knob => ({
  name,
  type: 'boolean',
  default: false,
  description,
})

export const knobs: Knob[] = [
  {
    name: 'latencyMs',
    type: 'number',
    default: 0,
    description: 'Waits so many milliseconds before it does anything',
  },
  knob('dropAfterCommit', 'Does the work, then resets the connection instead of answering'),
  knob('neverAnswer', 'Does the work, then keeps the connection open in silence'),
  knob('htmlErrorBefore', 'Answers 500 with HTML and does nothing'),
  knob('htmlErrorAfterCommit', 'Does the work, then answers 500 with HTML'),
  knob('brokenJson', 'Does the work, then answers 200 with JSON cut off in the middle'),
  knob('rateLimited', 'Answers 429 and does nothing'),
  knob('processing', 'Does the work, then answers 202 "processing": the same key asks again'),
  flag('refusedAtOnce', 'Answers 200 with a payment that is canceled already'),
  flag('acceptLatePayment', 'Lets a payment that ran out still be paid'),
  {
    name: 'amountOffBy',
    type: 'number',
    default: 0,
    description: 'Shows every payment with its amount off by so many kopecks',
  },
  {
    name: 'currencyShown',
    type: 'text',
    default: '',
    description: 'Shows every payment in this currency instead of its own',
  },
  { name: 'statusShown', type: 'text', default: '', description: 'Shows every payment with this status' },
  flag('otherPayment', 'Reads answer with another payment than the one asked for'),
  flag('livePayment', 'Shows every payment as one of the live environment'),
  {
    name: 'webhookTiming',
    type: 'text',
    default: 'at_once',
    choices: ['at_once', 'never'],
    description: 'Whether notifications are sent',
  },
  {
    name: 'webhookCopies',
    type: 'number',
    default: 1,
    description: 'Delivers every notification so many times',
  },
  flag('otherEnvironment', 'Notifications say that the payment is no test'),
  flag(
    'foreignEvents',
    'Each notification is followed by one of a payout and one of a payment made elsewhere',
  ),
]

/** True when a fault is aimed at this operation; that uses up one shot of it. */
export function strikes(faults: Faults, name: string, operation: Operation): boolean {
  const target = faults.get<string>(platform, name)
  if (target !== 'any' && target !== operation) return false
  faults.take(platform, name)
  return true
}
