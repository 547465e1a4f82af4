import { type Currency, exponentOf } from '../../models/money.ts'
import type { Language } from '../../models/states.ts'

const signs: Record<Currency, string> = { THB: '฿', JPY: '¥', IDR: 'Rp', RUB: '₽', TMT: 'm.', USD: '$' }
const signLast: Currency[] = ['RUB', 'TMT']
/** Between thousands, and before the fraction. */
const marks: Partial<Record<Language, [string, string]>> = {
  id: ['.', ','],
  ru: ['\u00a0', ','],
  tk: ['\u00a0', ','],
}

/** Writes minor units for people, exactly as the screens do: 123450 THB is "฿1,234.50", 123400 is "฿1,234". */
export function formatMoney(amount: number, currency: Currency, language: Language): string {
  const exponent = exponentOf(currency)
  const [thousands, point] = marks[language] ?? [',', '.']
  const text = String(Math.abs(amount)).padStart(exponent + 1, '0')
  const whole = text.slice(0, text.length - exponent).replace(/\B(?=(\d{3})+$)/g, thousands)
  const fraction = text.slice(text.length - exponent)
  const number = /[1-9]/.test(fraction) ? whole + point + fraction : whole
  const minus = amount < 0 ? '−' : ''
  const sign = signs[currency]
  return signLast.includes(currency) ? `${minus}${number}\u00a0${sign}` : `${minus}${sign}${number}`
}
