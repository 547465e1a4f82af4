import type { Faults } from '../faults.ts'
import { platform } from './knobs.ts'
import type { Json } from './records.ts'

/** Shows a payment as the knobs want it shown: off in its amounts, in another currency, with another status. */
export function distortPayment(body: Json, faults: Faults): Json {
  const knob = <T extends boolean | number | string>(name: string) => faults.get<T>(platform, name)
  const shown = distort(body, faults, ['amount', 'total'])
  const short = knob<number>('capturedShortBy')
  if (short && shown['status'] === 'captured') change(shown, 'total', (value) => value - short)
  const converted = knob<string>('convertedTo')
  if (converted) {
    shown['currency'] = converted
    for (const name of ['amount', 'total']) change(shown, name, (value) => Math.ceil(value / 3))
  }
  const status = knob<string>('statusShown')
  if (status) shown['status'] = status
  return asWritten(shown, faults, ['amount', 'total', 'payment_method_fee', 'amount_refunded'])
}

/** The same for a session and the payment in it. */
export function distortSession(body: Json, faults: Faults): Json {
  const shown = distort(body, faults, ['amount'])
  const payment = shown['payment'] as Json | undefined
  if (payment) shown['payment'] = distortPayment(payment, faults)
  return asWritten(shown, faults, ['amount'])
}

function distort(body: Json, faults: Faults, amounts: string[]): Json {
  const shown: Json = { ...body }
  const off = faults.get<number>(platform, 'amountOffBy')
  for (const name of amounts) change(shown, name, (value) => (value === 0 ? 0 : value + off))
  const currency = faults.get<string>(platform, 'currencyShown')
  if (currency) shown['currency'] = currency
  if (faults.get<boolean>(platform, 'lowerCaseCurrency')) {
    shown['currency'] = String(shown['currency']).toLowerCase()
  }
  return shown
}

function asWritten(shown: Json, faults: Faults, amounts: string[]): Json {
  if (faults.get<boolean>(platform, 'numbersAsStrings')) {
    for (const name of amounts) change(shown, name, String)
  }
  return shown
}

function change(shown: Json, name: string, by: (value: number) => unknown): void {
  const value = shown[name]
  if (typeof value === 'number') shown[name] = by(value)
}

const distortions = [
  'amountOffBy',
  'capturedShortBy',
  'currencyShown',
  'convertedTo',
  'lowerCaseCurrency',
  'statusShown',
  'numbersAsStrings',
]

/** One answer with a payment has gone out: knobs that were set for so many answers count down. */
export function countDown(faults: Faults): void {
  for (const name of distortions) faults.take(platform, name)
}
