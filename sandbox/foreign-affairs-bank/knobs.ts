import { lineKnobs, orderKnobs } from '../banks/knobs.ts'
import type { Knob } from '../faults.ts'
import { flag } from '../knobs.ts'

export const bank = 'foreignAffairsBank'

export const knobs: Knob[] = [
  ...lineKnobs,
  ...orderKnobs,
  flag('forgetTokens', 'Takes no token that it gave out before: GEN-00002 until a new one is got'),
  flag('olderKeyCase', 'Writes every key with a capital letter'),
  flag('amountsAsText', 'Writes amounts as text'),
  flag('refundsRefused', 'Answers a refund with OPG-00006, and gives nothing back'),
  flag('refundsUntold', 'Does not say how much has gone back'),
]
