import { inMs, now, transaction } from '../../database/index.ts'
import { announceOrder, changeOrder, expectState } from '../../order/index.ts'
import { shopSettings } from '../../shop/index.ts'
import { action } from '../action.ts'
import { expectNotBegun, takeAll } from '../holding.ts'

export const checkProductSufficient = action({
  name: 'CHECK_PRODUCT_SUFFICIENT',
  summary: 'Holds the goods and the slot for a while; 409 names what is short',
  data: {},
  async run({ order }) {
    expectState(order, ['DRAFT'], 'holding its goods')
    await expectNotBegun(order)
    // Held for these very contents: every change gives the goods back.
    if (order.holdsUntil && order.holdsUntil > now()) return { order }
    const { minutes } = await shopSettings()
    const holdsUntil = inMs(minutes.hold * 60_000)
    const changed = await transaction(async (session) => {
      await takeAll(session, order, holdsUntil)
      return changeOrder(order, { by: 'customer', set: { holdsUntil, remindedAt: null } }, session)
    })
    announceOrder(changed)
    return { order: changed }
  },
})
