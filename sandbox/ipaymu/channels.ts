import { randomInt } from 'node:crypto'
import { withCrc } from '../omise/promptpay.ts'
import { bad } from './errors.ts'

const HOUR = 3600_000

interface Channel {
  name: string
  type: number
  typeName: string
  /** How long a code lives when nobody says otherwise. */
  hours: number
  /** At most. */
  longest?: number
  /** What is asked for does not count. */
  fixed?: boolean
}

const bank = (name: string, more: Partial<Channel> = {}): Channel => ({
  name: `${name} Virtual Account`,
  type: 7,
  typeName: 'VA & Transfer Bank',
  hours: 24,
  ...more,
})
const store = (name: string, more: Partial<Channel> = {}): Channel => ({
  name,
  type: 11,
  typeName: 'Convenience Store',
  hours: 24,
  ...more,
})

/** What can be paid with, by method and channel. */
export const channels: Record<string, Record<string, Channel>> = {
  va: {
    bag: bank('BAG'),
    bca: bank('BCA', { hours: 12, fixed: true }),
    bpd_bali: bank('BPD Bali'),
    bni: bank('BNI'),
    cimb: bank('CIMB Niaga'),
    mandiri: bank('Mandiri'),
    bmi: bank('Muamalat'),
    bri: bank('BRI', { hours: 2, longest: 2 }),
    bsi: bank('BSI', { hours: 3, longest: 3 }),
    permata: bank('Permata'),
    danamon: bank('Danamon'),
    btn: bank('BTN'),
  },
  cstore: { alfamart: store('Alfamart', { fixed: true }), indomaret: store('Indomaret') },
  qris: { mpm: { name: 'QRIS', type: 13, typeName: 'QRIS', hours: 5 / 60, fixed: true } },
}

export function channelOf(method: string, channel: string): Channel {
  const found = channels[method]?.[channel]
  if (!found) throw bad(`Payment channel ${channel} tidak tersedia untuk ${method}.`)
  return found
}

/** How long a code of this channel lives, milliseconds. */
export function lifeOf(method: string, channel: string, wanted: number | undefined): number {
  const { hours, longest, fixed } = channelOf(method, channel)
  if (fixed || wanted === undefined) return hours * HOUR
  if (longest !== undefined && wanted > longest * HOUR) {
    throw bad(`Expired maksimal ${longest} jam untuk ${channel}.`)
  }
  return wanted
}

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('')

/** What the customer types at the bank or shows at the counter. */
export const newPaymentNo = (method: string): string =>
  method === 'cstore' ? `88${digits(12)}` : `${randomInt(10_000, 99_999)}${digits(11)}`

const field = (id: string, value: string): string => `${id}${String(value.length).padStart(2, '0')}${value}`

/** The text of a QRIS code for one payment of so many rupiah. */
export const qrisText = (amount: number, transaction: string): string =>
  withCrc(
    field('00', '01') +
      field('01', '12') +
      field(
        '26',
        field('00', 'COM.IPAYMU.WWW') + field('01', '936009180000000001') + field('02', '1000000001'),
      ) +
      field('52', '5999') +
      field('53', '360') +
      field('54', String(amount)) +
      field('58', 'ID') +
      field('59', 'PARLEY SAMPLE SHOP') +
      field('60', 'DENPASAR') +
      field('62', field('01', transaction)),
  )
