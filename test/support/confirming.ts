import assert from 'node:assert/strict'
import { chargesOf, paymentsOf } from './checkout.ts'
import type { Buyer, Refusal, Story } from './story.ts'

/** The last step of a card payment, where what has changed comes to light. `shop` answers the shop once it is open. */
export const confirmingAt = (shop: () => Story) => ({
  confirm: async (buyer: Buyer) =>
    buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop().cardToken() }),
  async unpaid(buyer: Buyer) {
    assert.equal(chargesOf(shop(), buyer.order).length, 0)
    assert.equal((await paymentsOf(buyer.order)).length, 0)
  },
})

/** What the page is told that was refused: it loads anew. */
export function refused({ status, body }: Awaited<ReturnType<Buyer['try']>>): Refusal['error'] {
  assert.equal(status, 409, JSON.stringify(body))
  assert.equal(body.error.reload, true)
  return body.error
}

/** The names of what has changed. */
export const fields = (error: Refusal['error']): string[] =>
  error.details.changes.map(({ field }) => field).sort()
