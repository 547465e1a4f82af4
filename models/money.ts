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

/** Reads "12.5" as 1250 minor units of a currency with two digits; null for what is not such a number. */
export function parseAmount(text: string, currency: Currency): number | null {
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(text.trim())
  if (!match) return null
  const digits = exponents[currency]
  const fraction = (match[2] ?? '').replace(/0+$/, '')
  if (fraction.length > digits) return null
  return Number((match[1] ?? '') + fraction.padEnd(digits, '0'))
}

/** Writes 1250 minor units of THB as "12.50", without float arithmetic. */
export function decimal(amount: number, currency: Currency): string {
  const digits = exponents[currency]
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  const sign = amount < 0 ? '-' : ''
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** Splits a whole over weights so that the parts are integers and sum to it exactly. */
export function prorate(whole: number, weights: number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum === 0) return weights.map(() => 0)
  let given = 0
  let seen = 0
  return weights.map((weight) => {
    seen += weight
    // BigInt: the product of two amounts may leave the safe integers.
    const until = Number((BigInt(whole) * BigInt(seen)) / BigInt(sum))
    const share = until - given
    given = until
    return share
  })
}
