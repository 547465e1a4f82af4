import { isPossiblePhoneNumber } from 'libphonenumber-js/min'
import { z } from 'zod'
import { announceOrder, changeOrder, computeTotals, expectState, requote } from '../../order/index.ts'
import { shopSettings } from '../../shop/index.ts'
import { action } from '../action.ts'

const words = (most: number) => z.string().trim().max(most)
const required = (most: number) => words(most).min(1)

/** An address as people write it, in any script; only what a courier cannot do without is required. */
export const Address = z
  .strictObject({
    name: required(100),
    phone: required(30),
    email: z.union([z.literal(''), z.email().max(200)]).optional(),
    line1: required(200),
    line2: words(200).optional(),
    subdistrict: words(100).optional(),
    district: words(100).optional(),
    province: words(100).optional(),
    city: words(100).optional(),
    postalCode: required(12),
    country: z.string().regex(/^[A-Z]{2}$/),
  })
  .superRefine((address, context) => {
    if (!isPossiblePhoneNumber(address.phone, address.country as 'TH')) {
      context.addIssue({
        code: 'custom',
        path: ['phone'],
        message: 'Write a phone number that can be called.',
      })
    }
    const postcode = postcodes[address.country]
    if (postcode && !postcode.test(address.postalCode)) {
      context.addIssue({
        code: 'custom',
        path: ['postalCode'],
        message: 'Write the postcode as it is on a letter.',
      })
    }
  })

const postcodes: Record<string, RegExp> = {
  TH: /^\d{5}$/,
  ID: /^\d{5}$/,
  JP: /^\d{3}-?\d{4}$/,
  RU: /^\d{6}$/,
  TM: /^\d{6}$/,
}

export const updateDeliveryAddress = action({
  name: 'UPDATE_DELIVERY_ADDRESS',
  summary: 'Where the goods go. The cost of delivery is quoted again; a changed one must be accepted anew',
  data: { address: Address },
  async run({ order, data: { address }, caller }) {
    expectState(order, ['DRAFT'], 'changing the address')
    const addressSession = caller.sessionId
    const same = JSON.stringify(order.address) === JSON.stringify(address)
    if (same && order.addressSession === addressSession) return { order }
    const settings = await shopSettings()
    const delivery = await requote({ ...order, address }, settings)
    const totals = computeTotals({ ...order, delivery }, settings.vatPercent)
    const changed = await changeOrder(order, {
      by: 'customer',
      set: { address, addressSession, delivery, totals },
    })
    announceOrder(changed)
    return { order: changed }
  },
})
