/** A moment as an input of date and time shows it on the clock of a zone: `2031-04-05T18:30`. */
export function onShopClock(moment: string | number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(new Date(moment))
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]))
  return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}`
}

/** The moment at which the clock of a zone shows this, as ISO 8601. */
export function fromShopClock(shown: string, zone: string): string {
  const asUtc = (text: string) => Date.parse(`${text.slice(0, 16)}Z`)
  const wanted = asUtc(shown)
  // How far the zone is from UTC depends on the moment that is looked for: the second look is right.
  let moment = wanted
  for (let look = 0; look < 2; look += 1) moment += wanted - asUtc(onShopClock(moment, zone))
  return new Date(moment).toISOString()
}
