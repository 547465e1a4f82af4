import type { Knob } from '../faults.ts'
import { aimedAt, callKnobs, flag, number, text } from '../knobs.ts'

/** What a fault of a bank's interface can be aimed at. */
const operations = ['register', 'reads', 'refunds'] as const
export type Operation = (typeof operations)[number]

/** The ways in which the line to any bank can fail. */
export const lineKnobs: Knob[] = [
  ...callKnobs(operations),
  aimedAt(operations)('busy', 'Answers 503 and does nothing'),
]

/** How an order is shown that is not as it should be. */
export const orderKnobs: Knob[] = [
  number('amountOffBy', 0, 'Shows every order with its amount off by so much'),
  text('currencyShown', 'Shows every order in this currency'),
  text('statusShown', 'Shows every order with this status, known or not'),
  flag('otherOrder', 'Reads answer with another order than the one asked for'),
]
