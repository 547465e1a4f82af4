import type { Language } from '../../models/states.ts'

/** Thai readers expect the Buddhist year, which their locale brings. English as it is written outside America. */
const locales: Record<Language, string> = {
  th: 'th-TH',
  en: 'en-GB',
  id: 'id-ID',
  ja: 'ja-JP',
  ru: 'ru-RU',
  tk: 'tk-TM',
}
const styles = {
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  dateTime: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  time: { hour: '2-digit', minute: '2-digit' },
} satisfies Record<string, Intl.DateTimeFormatOptions>

const made = new Map<string, Intl.DateTimeFormat>()

/** "21 Nov 2026", in the zone of the shop. */
export const formatDate = (at: Date, language: Language, zone: string): string =>
  formatter('date', language, zone).format(at)

/** "21 Nov 2026, 17:30", in the zone of the shop. */
export const formatDateTime = (at: Date, language: Language, zone: string): string =>
  formatter('dateTime', language, zone).format(at)

/** "17:30", in the zone of the shop. */
export const formatTime = (at: Date, language: Language, zone: string): string =>
  formatter('time', language, zone).format(at)

/** "in 3 days", "2 hours ago": how far one moment is from another, in the largest unit that fits. */
export function formatDistance(to: Date, from: Date, language: Language): string {
  const minutes = Math.round((to.getTime() - from.getTime()) / 60_000)
  const [size, unit] = units.find(([length]) => Math.abs(minutes) >= length) ?? [1, 'minute']
  return new Intl.RelativeTimeFormat(locales[language], { numeric: 'always' }).format(
    Math.trunc(minutes / size),
    unit,
  )
}
const units: [minutes: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [1440, 'day'],
  [60, 'hour'],
]

/** Kept: making one costs a hundred times what using it does. */
function formatter(style: keyof typeof styles, language: Language, zone: string): Intl.DateTimeFormat {
  const key = `${style} ${language} ${zone}`
  const found = made.get(key)
  if (found) return found
  const fresh = new Intl.DateTimeFormat(locales[language], {
    ...styles[style],
    hourCycle: 'h23',
    timeZone: zone,
  })
  made.set(key, fresh)
  return fresh
}
