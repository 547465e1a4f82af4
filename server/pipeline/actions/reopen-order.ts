import { inMs } from '../../database/index.ts'
import { announceOrder, changeOrder, expectState } from '../../order/index.ts'
import { shopSettings } from '../../shop/index.ts'
import { action } from '../action.ts'
import { refresh } from '../refresh.ts'

export const reopenOrder = action({
  name: 'REOPEN_ORDER',
  summary: 'Takes an expired order up again; prices are brought up to date',
  data: {},
  async run({ order }) {
    expectState(order, ['EXPIRED'], 'taking it up again')
    const { minutes } = await shopSettings()
    const set = { deadline: inMs(minutes.orderDeadline * 60_000), holdsUntil: null, remindedAt: null }
    const draft = await changeOrder(order, { to: 'DRAFT', by: 'customer', set })
    announceOrder(draft)
    return { order: (await refresh(draft)).order }
  },
})
