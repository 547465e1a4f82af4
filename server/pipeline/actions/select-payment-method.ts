import { z } from 'zod'
import { announceOrder, changeOrder, expectState } from '../../order/index.ts'
import { requireMethod, savedCardOf } from '../../payment/index.ts'
import { action } from '../action.ts'

export const selectPaymentMethod = action({
  name: 'SELECT_PAYMENT_METHOD',
  summary: 'How it is paid, of the methods that this amount and currency allow',
  data: {
    gateway: z.string().max(40),
    method: z.string().max(60),
    tokenId: z.string().max(100).nullish(),
  },
  async run({ order, caller, data: { gateway, method, tokenId } }) {
    expectState(order, ['DRAFT'], 'changing the way to pay')
    requireMethod(gateway, method, { amount: order.totals.total, currency: order.currency })
    // A kept card is for the person it belongs to, not for whoever holds the link.
    if (tokenId) await savedCardOf(order.customer, caller.proven ? tokenId : '')
    const [part] = order.parts
    const same = part?.gateway === gateway && part.method === method
    if (same && (part.tokenId ?? null) === (tokenId ?? null)) return { order }
    const parts = [{ part: 0, gateway, method, tokenId: tokenId ?? null, amount: order.totals.total }]
    const changed = await changeOrder(order, { by: 'customer', set: { parts } })
    announceOrder(changed)
    return { order: changed }
  },
})
