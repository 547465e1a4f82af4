/*
 * Our own table rather than Intl's: server and browser may carry different versions of it, and a page that the two
 * write differently would flicker.
 */
const digits: Record<string, number> = { THB: 2, JPY: 0, IDR: 2, RUB: 2, TMT: 2, USD: 2 }
const signs: Record<string, string> = { THB: '฿', JPY: '¥', IDR: 'Rp', RUB: '₽', TMT: 'm.', USD: '$' }
const signLast = ['RUB', 'TMT']
/** Between thousands, and before the fraction. */
const marks: Record<string, [string, string]> = { id: ['.', ','], ru: ['\u00a0', ','], tk: ['\u00a0', ','] }

/** Digits after the point of a currency's amounts. */
export const digitsOf = (currency: string): number => digits[currency] ?? 2

/** Writes minor units for people: 123450 THB is "฿1,234.50", 123400 is "฿1,234". */
export function formatMoney(amount: number, currency: string, language: string): string {
  const exponent = digitsOf(currency)
  const [thousands, point] = marks[language] ?? [',', '.']
  const text = String(Math.abs(amount)).padStart(exponent + 1, '0')
  const whole = text.slice(0, text.length - exponent).replace(/\B(?=(\d{3})+$)/g, thousands)
  const fraction = text.slice(text.length - exponent)
  const number = /[1-9]/.test(fraction) ? whole + point + fraction : whole
  const sign = signs[currency] ?? currency
  const minus = amount < 0 ? '−' : ''
  return signLast.includes(currency) ? `${minus}${number}\u00a0${sign}` : `${minus}${sign}${number}`
}
