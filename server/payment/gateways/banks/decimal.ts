/**
 * Minor units from an amount as a bank writes it, 17.5 or "17.50", by its digits alone; undefined for what is no amount
 * or has more digits than the currency.
 */
export function minorUnits(amount: string | number, digits = 2): number | undefined {
  const [, whole = '', fraction = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(String(amount)) ?? []
  const kept = fraction.replace(/0+$/, '')
  if (!whole || kept.length > digits) return undefined
  return Number(whole + kept.padEnd(digits, '0'))
}
