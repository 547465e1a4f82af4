import type { AddressInput } from './form.ts'

export type AddressPart = 'postalCode' | 'subdistrict' | 'district' | 'city' | 'province' | 'line1' | 'line2'

/** How an address is written in a country. */
export interface AddressForm {
  /** In the order in which people there write it. */
  parts: AddressPart[]
  /** Without these nothing arrives. */
  required: AddressPart[]
  postcode: RegExp
  /** Longest postcode as it is typed. */
  postcodeLength: number
  phone: RegExp
}

const forms: Record<string, AddressForm> = {
  TH: {
    parts: ['postalCode', 'subdistrict', 'district', 'province', 'line1'],
    required: ['subdistrict', 'district', 'province', 'line1'],
    postcode: /^\d{5}$/,
    postcodeLength: 5,
    phone: /^(?:\+?66|0)[1-9]\d{7,8}$/,
  },
  JP: {
    parts: ['postalCode', 'province', 'city', 'line1', 'line2'],
    required: ['province', 'city', 'line1'],
    postcode: /^\d{3}-?\d{4}$/,
    postcodeLength: 8,
    phone: /^(?:\+?81|0)[1-9]\d{8,9}$/,
  },
  ID: {
    parts: ['line1', 'district', 'city', 'province', 'postalCode'],
    required: ['line1', 'district', 'city', 'province'],
    postcode: /^\d{5}$/,
    postcodeLength: 5,
    phone: /^(?:\+?62|0)[1-9]\d{7,11}$/,
  },
  RU: {
    parts: ['postalCode', 'province', 'city', 'line1'],
    required: ['city', 'line1'],
    postcode: /^\d{6}$/,
    postcodeLength: 6,
    phone: /^(?:\+?7|8)\d{10}$/,
  },
  TM: {
    parts: ['city', 'line1', 'postalCode'],
    required: ['city', 'line1'],
    postcode: /^\d{6}$/,
    postcodeLength: 6,
    phone: /^(?:\+?993|8)?[1-9]\d{7}$/,
  },
}

const anywhere: AddressForm = {
  parts: ['line1', 'line2', 'city', 'province', 'postalCode'],
  required: ['line1', 'city'],
  postcode: /\S/,
  postcodeLength: 12,
  phone: /^\+?\d{6,15}$/,
}

/** How an address is written in a country; plainly where we do not know. */
export const addressForm = (country: string): AddressForm => forms[country] ?? anywhere

/** The key of what is wrong, in words that know the country; Thailand's are the plain ones. */
export function problemIn(country: string, problem: string): string {
  if (country === 'TH') return `checkout.address.${problem}`
  return country in forms ? `checkout.address.in.${country}.${problem}` : 'checkout.address.wrong'
}

/** Full-width digits as they are typed in Japan, and the hyphen that a Japanese postcode has. */
export function tidyPostcode({ country, postalCode }: AddressInput): string {
  const typed = postalCode
    .normalize('NFKC')
    .trim()
    .replace(/^〒\s*/, '')
  return country === 'JP' ? typed.replace(/^(\d{3})[-‐−ー]?(\d{4})$/, '$1-$2') : typed
}
