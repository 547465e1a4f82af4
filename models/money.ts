/** Money is an integer of the currency's smallest unit: `{ amount: 30000, currency: 'THB' }` is 300 baht. */
export interface Money {
  amount: number
  currency: Currency
}

/** How many digits follow the decimal point. A gateway that counts otherwise converts in its own adapter. */
const exponents = { THB: 2, JPY: 0, IDR: 2, RUB: 2, TMT: 2, USD: 2 } as const

export type Currency = keyof typeof exponents
export const currencies = Object.keys(exponents) as [Currency, ...Currency[]]

/** The number of minor-unit digits of a currency: 2 for THB, 0 for JPY. */
export const exponentOf = (currency: Currency): number => exponents[currency]

/** The least that people pay with, in minor units: rupiah have no hundredths outside of books. */
export const leastOf = (currency: Currency): number => (currency === 'IDR' ? 100 : 1)

/** Writes 1250 minor units of THB as "12.50", without float arithmetic. */
export function decimal(amount: number, currency: Currency): string {
  const digits = exponents[currency]
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  const sign = amount < 0 ? '-' : ''
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/**
 * Minor units from an amount as others write it, 17.5 or "17.50", by its digits alone; undefined for what is no amount
 * or has more digits than its currency.
 */
export function minorUnits(amount: string | number, digits: number): number | undefined {
  const [, whole = '', fraction = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(String(amount)) ?? []
  const kept = fraction.replace(/0+$/, '')
  if (!whole || kept.length > digits) return undefined
  return Number(whole + kept.padEnd(digits, '0'))
}
