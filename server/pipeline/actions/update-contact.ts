import { z } from 'zod'
import { announceOrder, changeOrder, expectState } from '../../order/index.ts'
import { action } from '../action.ts'

export const updateContact = action({
  name: 'UPDATE_CONTACT',
  summary: 'Who buys, and where tickets are mailed to, while nothing is delivered to an address',
  data: {
    contact: z.strictObject({ name: z.string().trim().min(1).max(100), email: z.email().max(200) }),
  },
  async run({ order, data: { contact }, caller }) {
    expectState(order, ['DRAFT'], 'changing who buys')
    const addressSession = caller.sessionId
    const { contact: before } = order
    const same = before?.email === contact.email && before.name === contact.name
    if (same && order.addressSession === addressSession) return { order }
    const changed = await changeOrder(order, { by: 'customer', set: { contact, addressSession } })
    announceOrder(changed)
    return { order: changed }
  },
})
