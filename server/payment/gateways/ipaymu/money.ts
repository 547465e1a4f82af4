import type { Money } from '../../../../models/money.ts'
import { Refused } from '../../gateway.ts'

/** What the platform takes in one payment, in our minor units: from 5 000 to 999 999 999 rupiah. */
export const limits = { min: 500_000, max: 99_999_999_900 }

/** A rupiah has a hundred of our minor units, and the platform counts whole rupiah. */
export const RUPIAH = 100

/**
 * An amount as the platform takes it. What it does not take is refused before anything is sent, and never rounded:
 * the customer would pay something else than the order says.
 */
export function rupiahOf({ amount, currency }: Money): number {
  if (currency !== 'IDR') throw new Refused('currency_not_supported', 'iPaymu takes rupiah alone')
  if (amount % RUPIAH !== 0) throw new Refused('amount_not_whole', 'iPaymu takes whole rupiah alone')
  if (amount < limits.min || amount > limits.max) {
    throw new Refused('invalid_amount', 'iPaymu takes from Rp 5000 to Rp 999999999')
  }
  return amount / RUPIAH
}

/** Our minor units in what the platform says: `10000`, `"10000"` or `"10000.00"`. Null for what is no amount. */
export function minorUnits(rupiah: string | number): number | null {
  const match = /^(\d{1,12})(?:\.(\d{1,2})0*)?$/.exec(String(rupiah))
  return match ? Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`) : null
}
