import type { Method } from '../../gateway.ts'
import { limits, RUPIAH } from './money.ts'

const minute = 60_000
const hour = 60 * minute

/** What a customer chooses here instead of on the platform's page. */
export interface Channel {
  paymentMethod: 'va' | 'cstore' | 'qris'
  paymentChannel: string
  /** What people call it: it stands beside the code to pay with. */
  title: string
  /** How long the platform lets a code live, at most. */
  longest: number
  /** The platform decides, and is not asked. */
  fixed?: boolean
}

const bank = (paymentChannel: string, title: string, longest = 24 * hour, fixed = false): Channel => ({
  paymentMethod: 'va',
  paymentChannel,
  title,
  longest,
  fixed,
})
const store = (paymentChannel: string, title: string, fixed = false): Channel => ({
  paymentMethod: 'cstore',
  paymentChannel,
  title,
  longest: 24 * hour,
  fixed,
})

/** The channels by the names of our methods. */
export const channels: Readonly<Record<string, Channel>> = {
  va_bca: bank('bca', 'BCA', 12 * hour, true),
  va_mandiri: bank('mandiri', 'Mandiri'),
  va_bni: bank('bni', 'BNI'),
  va_bri: bank('bri', 'BRI', 2 * hour),
  va_bsi: bank('bsi', 'BSI', 3 * hour),
  va_cimb: bank('cimb', 'CIMB Niaga'),
  va_permata: bank('permata', 'Permata'),
  va_danamon: bank('danamon', 'Danamon'),
  va_btn: bank('btn', 'BTN'),
  va_bmi: bank('bmi', 'Bank Muamalat'),
  va_bag: bank('bag', 'Bank Artha Graha'),
  va_bpd_bali: bank('bpd_bali', 'BPD Bali'),
  cstore_alfamart: store('alfamart', 'Alfamart', true),
  cstore_indomaret: store('indomaret', 'Indomaret'),
  qris: {
    paymentMethod: 'qris',
    paymentChannel: 'mpm',
    title: 'QRIS',
    longest: 5 * minute,
    fixed: true,
  },
}

/** The platform's own page, where the customer chooses how to pay. */
export const HOSTED = 'ipaymu'

const groups = { va: 'virtual_account', cstore: 'convenience_store', qris: undefined } as const

const method = (name: string, lifetime: number, group?: string): Method => ({
  name,
  tokenType: name === 'qris' ? 'QR_PAY' : 'BANK_CARD',
  amounts: { IDR: { ...limits, step: RUPIAH } },
  needsCardToken: false,
  lifetime,
  ...(group && { group }),
})

export const methods: Method[] = [
  method(HOSTED, 24 * hour),
  ...Object.entries(channels).map(([name, { longest, paymentMethod }]) =>
    method(name, longest, groups[paymentMethod]),
  ),
]
