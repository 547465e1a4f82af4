import { decimal } from '../../../../models/money.ts'

/** EMVCo: a field is its number, its length and its value. */
const field = (id: string, value: string): string => `${id}${String(value.length).padStart(2, '0')}${value}`

const PROMPTPAY = field('00', 'A000000677010111')

/**
 * What a Thai banking app reads: whom the money goes to and, where it is given, how much, in satang. `id` is a phone
 * number (10 digits), a national or tax id (13) or an e-wallet id (15).
 */
export function promptPayPayload(id: string, amount?: number): string {
  const payload =
    field('00', '01') +
    field('01', amount === undefined ? '11' : '12') +
    field('29', PROMPTPAY + receiver(id)) +
    field('58', 'TH') +
    field('53', '764') +
    (amount === undefined ? '' : field('54', decimal(amount, 'THB')))
  return withCrc(payload)
}

function receiver(id: string): string {
  if (id.length === 10) return field('01', `66${id.slice(1)}`.padStart(13, '0'))
  return field(id.length === 13 ? '02' : '03', id)
}

/** CRC-16, CCITT-FALSE, over all of it, the CRC's own number and length included. */
function withCrc(payload: string): string {
  const open = `${payload}6304`
  let crc = 0xffff
  for (const byte of Buffer.from(open)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff
  }
  return open + crc.toString(16).toUpperCase().padStart(4, '0')
}
