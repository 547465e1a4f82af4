import assert from 'node:assert/strict'
import { orderStates } from '../../models/states.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import { addressForm, tidyPostcode } from '../../webview/checkout/state/address-forms.ts'
import { addressProblems } from '../../webview/checkout/state/address-problems.ts'
import { cardProblems, passesLuhn, spaceExpiry, spaceNumber } from '../../webview/checkout/state/card.ts'
import { differences, needsAlert } from '../../webview/checkout/state/changes.ts'
import type { AddressInput } from '../../webview/checkout/state/form.ts'
import { resultOf } from '../../webview/checkout/state/result.ts'
import { stageOf } from '../../webview/checkout/state/stage.ts'

const now = Date.parse('2026-11-21T00:00:00Z')

describe('a card as it is typed', () => {
  it('is spaced as it stands on the card, pasted or typed', () => {
    assert.equal(spaceNumber('4242424242424242'), '4242 4242 4242 4242')
    assert.equal(spaceNumber('4242-4242 42'), '4242 4242 42')
    assert.equal(spaceNumber('378282246310005'), '3782 822463 10005')
    assert.equal(spaceExpiry('1229'), '12 / 29')
    assert.equal(spaceExpiry('5'), '05')
    assert.equal(spaceExpiry('05 / 29'), '05 / 29')
  })

  it('is judged by its check digit, and by the last day of its month', () => {
    assert.ok(passesLuhn('4242 4242 4242 4242'))
    assert.ok(!passesLuhn('4242 4242 4242 4241'))
    assert.ok(!passesLuhn('0'))
    const card = { number: '4242 4242 4242 4242', expiry: '11 / 26', code: '123', name: 'A' }
    assert.deepEqual(cardProblems(card, now), {})
    assert.deepEqual(cardProblems({ ...card, expiry: '10 / 26' }, now), { expiry: 'checkout.card.expired' })
    assert.deepEqual(cardProblems({ ...card, expiry: '13 / 26', code: '12' }, now), {
      expiry: 'checkout.card.wrongExpiry',
      code: 'checkout.card.wrongCode',
    })
  })
})

describe('an address as it is typed', () => {
  const thai = {
    name: 'สมชาย',
    phone: '081-234-5678',
    email: '',
    line1: '99',
    line2: '',
    subdistrict: 'ก',
    district: 'ข',
    province: 'ค',
    city: '',
    postalCode: '10110',
    country: 'TH',
  } satisfies AddressInput

  it('takes every way to write a Thai number', () => {
    for (const phone of ['0812345678', '081 234 5678', '+66 81 234 5678', '02 123 4567']) {
      assert.deepEqual(addressProblems({ ...thai, phone }), {}, phone)
    }
    assert.deepEqual(Object.keys(addressProblems({ ...thai, phone: '12345' })), ['phone'])
  })

  const there = {
    JP: { phone: '090-1234-5678', postalCode: '150-0001', province: '東京都', city: '渋谷区' },
    ID: {
      phone: '0812 3456 7890',
      postalCode: '12730',
      province: 'DKI Jakarta',
      city: 'Jakarta',
      district: 'x',
    },
    RU: { phone: '8 (912) 345-67-89', postalCode: '115035', city: 'Москва' },
    TM: { phone: '65 123456', postalCode: '744000', city: 'Aşgabat' },
  }
  const empty = { ...thai, subdistrict: '', district: '', province: '', city: '', line1: '' }

  for (const [country, typed] of Object.entries(there)) {
    it(`asks in ${country} for what an address has there, and for no Thai districts`, () => {
      assert.deepEqual(addressProblems({ ...thai, ...empty, ...typed, line1: '1', country }), {})
      const missing = Object.keys(
        addressProblems({ ...empty, ...typed, province: '', city: '', district: '', country }),
      )
      assert.deepEqual(missing.toSorted(), addressForm(country).required.toSorted())
      const wrong = addressProblems({ ...empty, ...typed, line1: '1', postalCode: '1', phone: '1', country })
      assert.deepEqual(Object.keys(wrong), ['phone', 'postalCode'])
    })
  }

  it('takes a Japanese postcode as it is typed there', () => {
    for (const postalCode of ['1500001', '150-0001', '１５０−０００１', '〒150-0001']) {
      assert.equal(tidyPostcode({ ...empty, country: 'JP', postalCode }), '150-0001')
    }
    assert.equal(tidyPostcode({ ...thai, postalCode: ' 10110 ' }), '10110')
  })

  it('asks plainly where it does not know the country', () => {
    const abroad = { ...empty, country: 'DE', phone: '+49 30 123456', postalCode: 'D-10115' }
    assert.deepEqual(Object.keys(addressProblems(abroad)).toSorted(), ['city', 'line1'])
  })
})

const line = {
  number: 1,
  productId: 'a',
  kind: 'GOODS',
  name: 'Pomelo',
  image: null,
  unitPrice: 100,
  discount: 0,
}
const order = {
  version: 3,
  state: 'DRAFT',
  lines: [{ ...line, quantity: 2, total: 200 }],
  totals: { items: 200, discount: 0, delivery: 0, total: 200, vat: 0 },
  delivery: null,
  attempt: null,
  payment: null,
  tracking: null,
  refunded: 0,
  paidAt: null,
} as unknown as OrderView

describe('what the checkout shows of an order', () => {
  it('names every change, and takes goods that were put back for the same goods', () => {
    const after = {
      ...order,
      lines: [
        { ...line, number: 7, quantity: 1, total: 100 },
        { ...line, number: 8, productId: 'b', name: 'Jam', quantity: 1, total: 50, unitPrice: 50 },
      ],
      totals: { ...order.totals, discount: 10, total: 140 },
    } as OrderView
    assert.deepEqual(differences(order, after), [
      { field: 'quantity', name: 'Pomelo', from: 2, to: 1 },
      { field: 'line_added', name: 'Jam', from: null, to: 1 },
      { field: 'discount', from: 0, to: 10 },
      { field: 'total', from: 200, to: 140 },
    ])
    assert.deepEqual(differences(order, order), [])
  })

  it('alerts about contents, and leaves a new state to explain itself', () => {
    assert.equal(needsAlert('order.stale', []), true)
    assert.equal(needsAlert('delivery.slot', []), true)
    assert.equal(needsAlert('payment.declined', []), false)
    assert.equal(needsAlert('order.state', []), false)
    assert.equal(needsAlert('payment.checking', []), false)
  })

  it('has words for every state', () => {
    for (const state of orderStates) assert.ok(resultOf({ ...order, tickets: [], state }).name, state)
  })

  it('shows tickets in place of a parcel that is being packed', () => {
    const ticket = {
      id: '1',
      name: 'Jazz',
      seat: 1,
      startsAt: null,
      place: '',
      state: 'VALID' as const,
      code: null,
      qr: null,
    }
    const tickets = [ticket]
    const confirmed = { ...order, state: 'CONFIRMED' as const, tickets }
    assert.equal(resultOf({ ...confirmed, needsDelivery: false }).name, 'ticketed')
    assert.equal(resultOf({ ...confirmed, needsDelivery: true }).name, 'confirmed')
  })

  it('promises no goods to who has all their money back', () => {
    for (const state of ['CONFIRMED', 'FULFILLING', 'DELIVERED'] as const) {
      const { total } = order.totals
      assert.equal(resultOf({ ...order, tickets: [], state, refunded: total }).name, 'givenBack')
      assert.notEqual(resultOf({ ...order, tickets: [], state, refunded: total - 1 }).name, 'givenBack')
    }
  })

  it('never offers the form again once money may be on its way', () => {
    const where = { isReturn: false, mayAct: true, step: 'checkout', again: true } as const
    for (const state of orderStates.filter((one) => one !== 'DRAFT')) {
      assert.notEqual(stageOf({ ...order, state }, where), 'checkout', state)
    }
  })
})
