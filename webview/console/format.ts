import { ref } from 'vue'
import { digitsOf, formatMoney } from '../kit/money.ts'
import { language, t } from './words.ts'

/** The shop's zone, so that everybody who works there reads the same clock. */
export const zone = ref(Intl.DateTimeFormat().resolvedOptions().timeZone)
/** Moves once a minute: what is relative to now follows it. */
export const now = ref(Date.now())
setInterval(() => {
  now.value = Date.now()
}, 30_000)

/** Minor units as people write them: ฿1,250.50. */
export const money = (amount: number, currency: string): string =>
  formatMoney(amount, currency, language.value)

/** Minor units as the content of an input: 1250.5 */
export const amountText = (amount: number, currency: string): string =>
  (amount / 10 ** digitsOf(currency)).toFixed(amount % 10 ** digitsOf(currency) ? digitsOf(currency) : 0)

/** What somebody typed as minor units; null when it is no such amount. */
export function readAmount(text: string, currency: string): number | null {
  const match = /^(\d{1,10})(?:\.(\d+))?$/.exec(text.replaceAll(',', '').trim())
  const digits = digitsOf(currency)
  const fraction = (match?.[2] ?? '').replace(/0+$/, '')
  if (!match || fraction.length > digits) return null
  return Number(`${match[1]}${fraction.padEnd(digits, '0')}`)
}

const made = new Map<string, Intl.DateTimeFormat>()
const tag = () => (language.value === 'th' ? 'th-TH' : 'en-GB')

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${tag()} ${zone.value} ${JSON.stringify(options)}`
  let format = made.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(tag(), { timeZone: zone.value, ...options })
    made.set(key, format)
  }
  return format
}

export const clock = (at: string): string =>
  dateFormat({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))
export const dateTime = (at: string): string =>
  dateFormat({
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at))
const dayOf = (at: number): string => dateFormat({ dateStyle: 'short' }).format(at)

/** Today, yesterday, or the date: what stands between the messages of two days. */
export function dayName(at: string): string {
  const time = Date.parse(at)
  if (dayOf(time) === dayOf(now.value)) return t('day.today')
  if (dayOf(time) === dayOf(now.value - 86_400_000)) return t('day.yesterday')
  return dateFormat({ weekday: 'long', day: 'numeric', month: 'long' }).format(time)
}

export const sameDay = (one: string, other: string): boolean =>
  dayOf(Date.parse(one)) === dayOf(Date.parse(other))

/** How long ago, in few letters: the list has little room. */
export function ago(at: string): string {
  const minutes = Math.max(0, Math.floor((now.value - Date.parse(at)) / 60_000))
  if (minutes < 1) return t('time.now')
  if (minutes < 60) return t('time.minutes', { n: minutes })
  if (minutes < 24 * 60) return t('time.hours', { n: Math.floor(minutes / 60) })
  if (minutes < 7 * 24 * 60) return t('time.days', { n: Math.floor(minutes / 1440) })
  return dateFormat({ day: 'numeric', month: 'short' }).format(Date.parse(at))
}

/** How long is left, in few letters: minutes, hours, then days. */
export function left(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  if (minutes < 60) return t('time.minutes', { n: minutes })
  if (minutes < 48 * 60) return t('time.hours', { n: Math.floor(minutes / 60) })
  return t('time.days', { n: Math.floor(minutes / 1440) })
}

export const size = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`

/** A calendar day, YYYY-MM-DD, that belongs to no zone. */
export const dateName = (day: string): string =>
  new Intl.DateTimeFormat(tag(), {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  }).format(new Date(`${day}T00:00:00Z`))
