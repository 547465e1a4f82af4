import { unprocessable } from './errors.ts'
import type { NewSession } from './input.ts'
import type { Method } from './records.ts'

type Range = { min: number; max: number }

/** What each method takes, in the currency's lowest unit; rupiah in hundredths, too. */
const amounts: Record<Method, Record<string, Range>> = {
  credit_card: {
    JPY: { min: 50, max: 9_999_999 },
    USD: { min: 50, max: 9_999_999 },
    IDR: { min: 1_000_000, max: 99_999_999_999 },
  },
  konbini: { JPY: { min: 200, max: 299_999 } },
}

/** The methods that a new session may offer; refuses when none of them takes its amount. */
export function limits({ amount, currency, payment_types: wanted }: NewSession): Method[] {
  const asked = wanted ?? (Object.keys(amounts) as Method[])
  const inCurrency = asked.filter((method) => amounts[method][currency])
  if (!inCurrency.length) throw unprocessable(`${currency} is not taken.`, 'currency')
  const methods = inCurrency.filter((method) => fits(amounts[method][currency], amount))
  if (!methods.length) throw unprocessable('The amount is outside what can be paid.', 'amount')
  return methods
}

const fits = (range: Range | undefined, amount: number): boolean =>
  range !== undefined && amount >= range.min && amount <= range.max
