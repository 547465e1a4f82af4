/** Dates and times as people at the shop read them. `zone` is an IANA name. */

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format costs far more than using one. */
function format(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(zone, made)
  return made
}

function read(instant: Date, zone: string): Record<string, string> {
  return Object.fromEntries(
    format(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  )
}

/** The day of an instant in the zone: YYYY-MM-DD. */
export function dayIn(zone: string, instant: Date): string {
  const { year, month, day } = read(instant, zone)
  return `${year}-${month}-${day}`
}

/** So many days after a day: both YYYY-MM-DD. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** 0 Sunday to 6 Saturday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()

/** The instant at which clocks of the zone show this day and time (HH:MM). */
export function instantIn(zone: string, day: string, time: string): Date {
  const wanted = Date.parse(`${day}T${time}:00Z`)
  // The offset at the result may differ from that at the guess where clocks are put forward: a second look settles it.
  let guess = wanted
  for (let look = 0; look < 2; look += 1) guess = wanted - offsetAt(zone, new Date(guess))
  return new Date(guess)
}

function offsetAt(zone: string, instant: Date): number {
  const { year, month, day, hour, minute, second } = read(instant, zone)
  return (
    Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) -
    Math.floor(instant.getTime() / 1000) * 1000
  )
}
