import type { Address } from './order.ts'

/**
 * An address as its country writes it on a parcel, without name and phone: in Japan and Russia one begins with the
 * postcode and ends at the door, elsewhere the other way round. Thai and Japanese parts follow each other; elsewhere a
 * comma stands between them.
 */
export function postalLines(address: Address): string[] {
  return arranged(address)
    .map((parts) => parts.filter(Boolean).join(between(address)))
    .filter(Boolean)
}

/** Thai parts follow each other; Japanese ones are one word, where they are written in Japanese. */
function between({ country, city = '' }: Address): string {
  if (country === 'JP' && /[\u3040-\u30ff\u4e00-\u9fff]/.test(city)) return ''
  return country === 'TH' || country === 'JP' ? ' ' : ', '
}

function arranged(address: Address): (string | undefined)[][] {
  const { country, line1, line2, subdistrict, district, city, province, postalCode } = address
  if (country === 'JP') return [[`〒${postalCode}`], [province, city, line1], [line2]]
  if (country === 'RU') return [[postalCode, province, city], [line1], [line2]]
  // The postcode belongs to what stands before it.
  const last = [province || city, postalCode].filter(Boolean).join(' ')
  return [[line1], [line2], [subdistrict, district], [province && city, last]]
}
