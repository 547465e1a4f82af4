import type { OpeningHours } from '../models/shop.ts'

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Whether the shop is open at a moment. Without any hours it always is; hours may pass midnight. */
export function isOpen(hours: OpeningHours[], zone: string, at: Date): boolean {
  if (!hours.length) return true
  const { day, time } = clock(zone, at)
  const yesterday = (day + 6) % 7
  return hours.some(({ day: on, opens, closes }) =>
    opens < closes
      ? on === day && opens <= time && time < closes
      : (on === day && opens <= time) || (on === yesterday && time < closes),
  )
}

function clock(zone: string, at: Date): { day: number; time: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return { day: days.indexOf(part('weekday')), time: `${part('hour')}:${part('minute')}` }
}
