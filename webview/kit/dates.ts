import type { Words } from './i18n.ts'
import { wordOr } from './methods.ts'

/** A moment as the shop's clock shows it. Months from 1; 0 is Sunday. */
interface ClockFace {
  year: number
  month: number
  day: number
  weekday: number
  time: string
}

/*
 * Only numbers are asked of Intl, and names come from our catalogue: server and browser may carry different versions
 * of Intl's names, and a page that the two write differently would flicker.
 */
const readers = new Map<string, Intl.DateTimeFormat>()

/** A moment on the clock of a zone, such as `Asia/Bangkok`. */
export function onClock(moment: string | number | Date, zone: string): ClockFace {
  let reader = readers.get(zone)
  if (!reader) {
    reader = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    })
    readers.set(zone, reader)
  }
  const part = Object.fromEntries(
    reader.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]),
  )
  const [year, month, day] = [Number(part['year']), Number(part['month']), Number(part['day'])]
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay()
  return { year, month, day, weekday, time: `${part['hour']}:${part['minute']}` }
}

/** "14:30" on the shop's clock, with the mark that the language has between hours and minutes. */
export const timeOf = (moment: string, zone: string, { language }: Words): string =>
  onClock(moment, zone).time.replace(':', marks[language.value] ?? ':')
const marks: Record<string, string> = { id: '.' }

/** "today", "tomorrow", or "Wed 25 Nov". `day` is YYYY-MM-DD on the shop's calendar, `now` a moment. */
export function dayName(day: string, now: string, zone: string, { t }: Words): string {
  const date = new Date(`${day}T00:00:00Z`)
  const today = onClock(now, zone)
  const ahead = (date.getTime() - Date.UTC(today.year, today.month - 1, today.day)) / 86_400_000
  if (ahead === 0) return t('checkout.dates.today')
  if (ahead === 1) return t('checkout.dates.tomorrow')
  return t('checkout.dates.day', {
    weekday: t(`checkout.dates.weekday.${date.getUTCDay()}`),
    day: date.getUTCDate(),
    month: t(`checkout.dates.month.${date.getUTCMonth() + 1}`),
  })
}

/** The shop's calendar day of a moment, as YYYY-MM-DD. */
export function calendarDay(moment: string, zone: string): string {
  const { year, month, day } = onClock(moment, zone)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** "today 14:30", "Wed 25 Nov 14:30". */
export const dayAndTime = (moment: string, now: string, zone: string, words: Words): string =>
  words.t('checkout.dates.dayAndTime', {
    day: dayName(calendarDay(moment, zone), now, zone, words),
    time: timeOf(moment, zone, words),
  })

/** Whose clock it is, as people there call it; elsewhere by its city. */
export const zoneName = (zone: string, words: Words): string =>
  wordOr(words, `checkout.zone.${zone}`, zone.replace(/^.*\//, '').replaceAll('_', ' '))

/** "09:59", "1:09:59": what is left until a moment; never less than nothing. */
export function timeLeft(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`
  return hours ? `${hours}:${rest}` : rest
}
