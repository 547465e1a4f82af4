import { decimal, type Money } from '../../../../models/money.ts'

/**
 * Whether the text of a QRIS code came over unharmed and asks for this very amount: tags, rupiah as its currency, and
 * the CRC of all of it. A text that is cut off would be drawn as a QR that no banking app reads.
 */
export function isWhole(text: string, { amount, currency }: Money): boolean {
  const tags = readTags(text)
  if (tags?.get('53') !== '360' || tags.get('58') !== 'ID') return false
  const asked = tags.get('54')
  const named = asked === undefined || [decimal(amount, currency), String(amount / 100)].includes(asked)
  return named && tags.get('63') === crcOf(text.slice(0, -4))
}

/** EMVCo's tags: two digits of a name, two of a length, the value. Null where they do not add up. */
function readTags(text: string): Map<string, string> | null {
  const tags = new Map<string, string>()
  let at = 0
  while (at < text.length) {
    const [, tag = '', length = ''] = /^(\d{2})(\d{2})/.exec(text.slice(at, at + 4)) ?? []
    const value = text.slice(at + 4, at + 4 + Number(length))
    if (!tag || value.length !== Number(length)) return null
    tags.set(tag, value)
    at += 4 + value.length
  }
  return tags
}

/** CRC-16/CCITT-FALSE over everything before it, its own tag and length included. */
function crcOf(text: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
    crc &= 0xffff
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}
