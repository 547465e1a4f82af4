import { type AddressPart, addressForm, problemIn, tidyPostcode } from './address-forms.ts'
import type { AddressInput } from './form.ts'

const missing: Partial<Record<AddressPart, string>> = {
  subdistrict: 'checkout.address.needSubdistrict',
  district: 'checkout.address.needDistrict',
  province: 'checkout.address.needProvince',
  city: 'checkout.address.needCity',
  line1: 'checkout.address.needLine',
}

/** The key of what is wrong with each field of an address; nothing for a field that is right. */
export function addressProblems(address: AddressInput): Partial<Record<keyof AddressInput, string>> {
  const { country } = address
  const form = addressForm(country)
  const phone = address.phone.normalize('NFKC').replace(/[\s().-]/g, '')
  const email = address.email.trim()
  const absent = form.required.filter((part) => !address[part].trim())
  return {
    ...(!address.name.trim() && { name: 'checkout.address.needName' }),
    ...(!form.phone.test(phone) && { phone: problemIn(country, 'wrongPhone') }),
    ...(!form.postcode.test(tidyPostcode(address)) && {
      postalCode: address.postalCode.trim()
        ? problemIn(country, 'wrongPostcode')
        : 'checkout.address.needPostcode',
    }),
    ...Object.fromEntries(absent.map((part) => [part, missing[part] ?? 'checkout.address.wrong'])),
    ...(email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) && { email: 'checkout.address.wrongEmail' }),
  }
}
