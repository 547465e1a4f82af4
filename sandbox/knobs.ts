import type { Knob } from './faults.ts'

export const flag = (name: string, description: string): Knob => ({
  name,
  type: 'boolean',
  default: false,
  description,
})

export const number = (name: string, standard: number, description: string): Knob => ({
  name,
  type: 'number',
  default: standard,
  description,
})

/** Free words; none unless somebody writes some. */
export const text = (name: string, description: string): Knob => ({
  name,
  type: 'text',
  default: '',
  description,
})

/** One of a few words, the first unless somebody chooses. */
export const choice = (name: string, choices: readonly [string, ...string[]], description: string): Knob => ({
  name,
  type: 'text',
  default: choices[0],
  choices,
  description,
})

/** Knobs that are aimed at one kind of call, or at any. */
export const aimedAt =
  (operations: readonly string[]) =>
  (name: string, description: string): Knob =>
    choice(name, ['none', 'any', ...operations], description)

/** The ways in which any call of any platform can go wrong; `troubleOf` brings them about. */
export function callKnobs(operations: readonly string[]): Knob[] {
  const aimed = aimedAt(operations)
  return [
    number('latencyMs', 0, 'Waits so many milliseconds before it does anything'),
    aimed('dropAfterCommit', 'Does the work, then resets the connection instead of answering'),
    aimed('neverAnswer', 'Does the work, then keeps the connection open in silence'),
    aimed('htmlErrorBefore', 'Answers 500 with HTML and does nothing'),
    aimed('htmlErrorAfterCommit', 'Does the work, then answers 500 with HTML'),
    aimed('brokenJson', 'Does the work, then answers 200 with JSON cut off in the middle'),
  ]
}

/** When a platform's events (callbacks, notifications) go out; a sender goes by it. */
export const timingKnob = (events: string): Knob =>
  choice(
    'webhookTiming',
    ['at_once', 'before_answer', 'never'],
    `When ${events} go out: while the answer is written, delivered before it, or never`,
  )

/** How a sender delivers a platform's events. */
export const webhookKnobs = (event: string): Knob[] => [
  number('webhookDelayMs', 0, `Holds every ${event} back so long`),
  number('webhookCopies', 1, `Delivers every ${event} so many times at once`),
  choice('webhookOrder', ['kept', 'reversed'], `Delivers ${event}s in pairs, the later one first`),
]
