import type { AddressInput } from './form.ts'

const phoneForms: Record<string, RegExp> = {
  TH: /^(?:\+?66|0)[1-9]\d{7,8}$/,
}
const anyPhone = /^\+?\d{6,15}$/

/** The key of what is wrong with each field of an address; nothing for a field that is right. */
export function addressProblems(address: AddressInput): Partial<Record<keyof AddressInput, string>> {
  const thai = address.country === 'TH'
  const phone = address.phone.replace(/[\s().-]/g, '')
  const email = address.email.trim()
  return {
    ...(!address.name.trim() && { name: 'checkout.address.needName' }),
    ...(!(phoneForms[address.country] ?? anyPhone).test(phone) && { phone: 'checkout.address.wrongPhone' }),
    ...(thai &&
      !/^\d{5}$/.test(address.postalCode.trim()) && { postalCode: 'checkout.address.wrongPostcode' }),
    ...(!thai && !address.postalCode.trim() && { postalCode: 'checkout.address.needPostcode' }),
    ...(thai && !address.subdistrict.trim() && { subdistrict: 'checkout.address.needSubdistrict' }),
    ...(thai && !address.district.trim() && { district: 'checkout.address.needDistrict' }),
    ...(thai && !address.province.trim() && { province: 'checkout.address.needProvince' }),
    ...(!thai && !address.city.trim() && { city: 'checkout.address.needCity' }),
    ...(!address.line1.trim() && { line1: 'checkout.address.needLine' }),
    ...(email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) && { email: 'checkout.address.wrongEmail' }),
  }
}
