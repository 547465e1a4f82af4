import { zone } from '../format.ts'

/** Nine o'clock tomorrow on the shop's clock, as an instant. */
export function tomorrowMorning(from = new Date()): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone.value,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(from)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0)
  const sinceMidnight = part('hour') * 60 + part('minute')
  return new Date(from.getTime() + (24 * 60 - sinceMidnight + 9 * 60) * 60_000).toISOString()
}
