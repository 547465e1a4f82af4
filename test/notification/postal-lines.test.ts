import assert from 'node:assert/strict'
import type { Address } from '../../models/order.ts'
import { postalLines } from '../../models/postal-lines.ts'

const of = (country: string, more: Partial<Address>): Address => ({
  name: 'A',
  phone: '1',
  line1: '',
  postalCode: '',
  country,
  ...more,
})

describe('an address on a parcel or in a mail', () => {
  it('ends with the postcode in Thailand, Indonesia and Turkmenistan', () => {
    const area = { line1: '99/12', subdistrict: 'คลองตัน', district: 'คลองเตย', province: 'กรุงเทพมหานคร' }
    assert.deepEqual(postalLines(of('TH', { ...area, postalCode: '10110' })), [
      '99/12',
      'คลองตัน คลองเตย',
      'กรุงเทพมหานคร 10110',
    ])
    assert.deepEqual(
      postalLines(of('TM', { line1: 'Magtymguly 8', city: 'Aşgabat', postalCode: '744000' })),
      ['Magtymguly 8', 'Aşgabat 744000'],
    )
    const jakarta = { district: 'Kebayoran Baru', city: 'Jakarta Selatan', province: 'DKI Jakarta' }
    assert.deepEqual(postalLines(of('ID', { line1: 'Jl. Melati 5', ...jakarta, postalCode: '12160' })), [
      'Jl. Melati 5',
      'Kebayoran Baru',
      'Jakarta Selatan, DKI Jakarta 12160',
    ])
  })

  it('begins with the postcode in Japan and in Russia', () => {
    const jingumae = { province: '東京都', city: '渋谷区', line1: '神宮前1-2-3', line2: '101号室' }
    assert.deepEqual(postalLines(of('JP', { ...jingumae, postalCode: '150-0001' })), [
      '〒150-0001',
      '東京都渋谷区神宮前1-2-3',
      '101号室',
    ])
    const latin = { province: 'Tokyo', city: 'Shibuya-ku', line1: 'Jingumae 1-2-3' }
    assert.equal(postalLines(of('JP', latin))[1], 'Tokyo Shibuya-ku Jingumae 1-2-3')
    const city = { city: 'Москва', line1: 'ул. Пятницкая, д. 8' }
    assert.deepEqual(postalLines(of('RU', { ...city, postalCode: '115035' })), [
      '115035, Москва',
      'ул. Пятницкая, д. 8',
    ])
  })
})
