import { language } from '../words.ts'

/** Monday to Sunday as people read them; 0 is Sunday, as the shop's settings count. */
export function dayNames(style: 'long' | 'short' = 'long'): { day: number; name: string }[] {
  const format = new Intl.DateTimeFormat(language.value, { weekday: style, timeZone: 'UTC' })
  // 4 January 1970 was a Sunday.
  return [1, 2, 3, 4, 5, 6, 0].map((day) => ({
    day,
    name: format.format(new Date(Date.UTC(1970, 0, 4 + day))),
  }))
}
