import assert from 'node:assert/strict'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Orders } from '../../models/order.ts'
import { inMs } from '../../server/database/index.ts'
import { root } from '../../server/settings.ts'
import { becomes, chargesOf, endHold, endOrder, payByCard, stockOf } from '../support/checkout.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { aProduct, eventually } from '../support/story.ts'

const minute = 60_000
const skewedClock = pathToFileURL(join(root, 'test', 'support', 'skewed-clock.ts')).href

for (const [what, skew] of [
  ['ten minutes ahead', 10 * minute],
  ['ten minutes behind', -10 * minute],
] as const) {
  describe(`a server whose clock is ${what}`, function () {
    this.timeout(120_000)
    let shop: OtherProcess
    before(async () => {
      shop = await startElsewhere({ NODE_OPTIONS: `--import=${skewedClock}`, SKEW_MS: String(skew) })
    })
    after(() => shop?.close())

    it('holds goods as long as was said, by the clock of the database', async () => {
      const product = await aProduct({ available: 1 })
      const buyer = await shop.buyer('card', { product })
      await buyer.act('CHECK_PRODUCT_SUFFICIENT')
      const { holdsUntil, now } = buyer.order
      assert(Math.abs(Date.parse(now) - Date.now()) < 2 * minute, now)
      assert(Math.abs(Date.parse(holdsUntil ?? '') - Date.parse(now) - 30 * minute) < minute)

      // Five minutes are left; another order is over. Sweeps look at both, and end one.
      await Orders.updateOne({ _id: buyer.order.id }, { $set: { holdsUntil: inMs(5 * minute) } })
      const over = await shop.buyer('card', { product: await aProduct() })
      await over.act('CHECK_PRODUCT_SUFFICIENT')
      await endHold(over.order)
      await eventually('the end of a hold', async () => (await over.reload()).holdsUntil === null)
      assert.notEqual((await buyer.reload()).holdsUntil, null)
      assert.equal((await stockOf(product.sku)).reserved, 1)

      const left = await shop.buyer('card', { product: await aProduct() })
      await Orders.updateOne({ _id: left.order.id }, { $set: { deadline: inMs(5 * minute) } })
      await endOrder(over.order)
      await becomes(over, 'EXPIRED')
      assert.equal((await left.reload()).state, 'DRAFT')
      assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
      await becomes(buyer, 'CONFIRMED')
      assert.equal(chargesOf(shop, buyer.order).length, 1)
      await shop.clean()
    })

    it('takes signed webhooks, shows QRs that last, and settles them', async () => {
      const buyer = await shop.buyer('promptpay', { product: await aProduct() })
      const next = await buyer.act('CONFIRM_PAYMENT_SELECTION')
      assert(next?.kind === 'qr')
      const lasts = Date.parse(next.expiresAt) - Date.now()
      assert(lasts > 13 * minute && lasts < 17 * minute, `${lasts}`)
      await shop.mark(await shop.chargeOf(buyer.order.id), 'mark_as_paid')
      await becomes(buyer, 'CONFIRMED')
      await shop.clean()
    })

    it('waits for a cardholder at the bank as long as any other does', async () => {
      const buyer = await shop.buyer('card', { product: await aProduct() })
      const next = await payByCard(shop, buyer, '5454545454545454')
      assert(next?.kind === 'redirect')
      // Not a moment before its time, whatever our own clock says.
      await buyer.act('CHECK_PAYMENT')
      assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
      await fetch(next.url, {
        method: 'POST',
        body: new URLSearchParams({ action: 'pay' }),
        redirect: 'manual',
      })
      await becomes(buyer, 'CONFIRMED')
      await shop.clean()
    })
  })
}
