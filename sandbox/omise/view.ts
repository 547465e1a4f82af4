import type { Faults } from '../faults.ts'
import { platform } from './knobs.ts'
import type { Json } from './records.ts'

/** Shows a charge as the knobs want it shown: off in its amounts, in another currency, with another status. */
export function distort(body: Json, faults: Faults): Json {
  const knob = <T extends boolean | number | string>(name: string) => faults.get<T>(platform, name)
  const shown: Json = { ...body }
  const change = (name: string, by: (value: number) => unknown) => {
    const value = shown[name]
    if (typeof value === 'number') shown[name] = by(value)
  }
  const off = knob<number>('amountOffBy')
  const short = knob<number>('capturedShortBy')
  const currency = knob<string>('currencyShown')
  const status = knob<string>('statusShown')
  for (const name of ['amount', 'authorized_amount', 'captured_amount']) {
    change(name, (value) => (value === 0 ? 0 : value + off))
  }
  change('captured_amount', (value) => Math.max(0, value - short))
  if (currency) shown['currency'] = currency
  if (knob<boolean>('lowerCaseCurrency')) shown['currency'] = String(shown['currency']).toLowerCase()
  if (status) shown['status'] = status
  if (knob<boolean>('liveCharge')) shown['livemode'] = true
  if (knob<boolean>('numbersAsStrings')) {
    for (const name of ['amount', 'authorized_amount', 'captured_amount', 'refunded_amount'])
      change(name, String)
  }
  return shown
}

const distortions = [
  'amountOffBy',
  'capturedShortBy',
  'currencyShown',
  'lowerCaseCurrency',
  'statusShown',
  'liveCharge',
  'numbersAsStrings',
]

/** One answer with a charge has gone out: knobs that were set for so many answers count down. */
export function countDown(faults: Faults): void {
  for (const name of distortions) faults.take(platform, name)
}
