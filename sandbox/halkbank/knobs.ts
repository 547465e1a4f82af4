import { lineKnobs, orderKnobs } from '../banks/knobs.ts'
import type { Knob } from '../faults.ts'
import { flag, number } from '../knobs.ts'

export const bank = 'halkbank'

export const knobs: Knob[] = [
  ...lineKnobs,
  ...orderKnobs,
  flag('acceptLatePayment', 'Lets an order whose session is over still be paid'),
  flag('noExtendedStatus', 'Has no getOrderStatusExtended.do: an order is found by the bank’s own id alone'),
  flag('keysInOtherCase', 'Writes every key with its first letter in the other case'),
  flag('codesAsNumbers', 'Writes errorCode as a number instead of text'),
  flag('amountsAsText', 'Writes amounts and statuses as text'),
  flag('takenIsTwo', 'Says 2 instead of 1 for a number that is taken'),
  flag('cardholderAtBank', 'Shows an unpaid order as status 5: its cardholder is at their own bank'),
  flag('refundsKeepDeposit', 'Leaves the deposited amount as it was after a refund'),
  flag('refundsRefused', 'Refuses refunds with errorCode 2: declined by the rules of the bank'),
  number('capturedShortBy', 0, 'Shows paid orders as deposited for less'),
]
