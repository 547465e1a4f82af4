import assert from 'node:assert/strict'
import type { StaffOrderView } from '../../server/order/contract.ts'
import { expectStatus } from '../support/client.ts'
import { aProduct, type Buyer, bangkok, eventually, type Story, startStory } from '../support/story.ts'

describe('an order', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  const confirmed = (buyer: Buyer) =>
    eventually('confirmed', async () => (await buyer.reload()).state === 'CONFIRMED')

  it('goes from the card to the parcel, paid by card', async () => {
    const { order, link } = await shop.order({ product: await aProduct(), quantity: 2 })
    assert.equal(order.customer.domain, 'CUSTOMER')
    assert.equal(order.customer.status, 'FOLLOW')

    const buyer = await shop.open(link)
    assert.equal((await shop.staffView(order.id)).customer.status, 'WAITING_FOR_PAYMENT')
    await buyer.act('UPDATE_DELIVERY_ADDRESS', { address: bangkok })
    await buyer.act('SELECT_LOGISTIC_METHOD', { type: 'courier', companyName: 'Kerry', costConfirmed: true })
    assert.equal(buyer.order.totals.total, 2 * 18_900 + 4900)
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'card' })
    await buyer.act('UPDATE_DELIVERY_ADDRESS', { address: bangkok })
    await buyer.act('VERIFY_ORDER_CONTEXT', buyer.shown())
    await buyer.act('CHECK_PRODUCT_SUFFICIENT')
    const next = await buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() })
    assert.deepEqual(next, { kind: 'paid' })

    await confirmed(buyer)
    await shop.clean()
    assert.equal((await shop.staffView(order.id)).customer.status, 'FOLLOW')
    await expectStatus(200, shop.agent.post(`/api/orders/${order.id}/pack`))
    await expectStatus(200, shop.agent.post(`/api/orders/${order.id}/send`, { tracking: 'KEX123' }))
    assert.equal((await buyer.reload()).tracking?.number, 'KEX123')
    await expectStatus(200, shop.agent.post(`/api/orders/${order.id}/deliver`))
    assert.equal((await buyer.reload()).state, 'DELIVERED')
    await shop.clean()
  })

  it('is paid by PromptPay elsewhere, and the page follows', async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    const next = await buyer.act('CONFIRM_PAYMENT_SELECTION')
    assert.equal(next?.kind, 'qr')
    assert.equal(buyer.order.state, 'AWAITING_PAYMENT')
    await shop.mark(await shop.chargeOf(buyer.order.id), 'mark_as_paid')
    await confirmed(buyer)
    await shop.clean()
  })

  it('says plainly that a card was declined, keeps the cart, and takes the next card', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    const cardToken = await shop.cardToken('4111111111140011')
    const declined = await buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken })
    assert.equal(declined.status, 402)
    assert.equal(declined.body.error.details.failureCode, 'insufficient_fund')
    assert.equal((await buyer.reload()).state, 'DRAFT')
    await buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() })
    await confirmed(buyer)
    await shop.clean()
  })

  it('is refunded in part and then whole, never more than came in', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct({ price: 50_000 }) })
    await buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() })
    await confirmed(buyer)
    const { id, payments } = await shop.staffView(buyer.order.id)
    const refund = (amount: number, opId: string) =>
      shop.manager.post<StaffOrderView>(`/api/orders/${id}/refunds`, {
        paymentId: payments[0]?.id,
        amount,
        reason: 'bruised',
        opId,
      })
    assert.equal((await expectStatus(200, refund(20_000, 'refund-one'))).refunded, 20_000)
    assert.equal((await expectStatus(200, refund(20_000, 'refund-one'))).refunded, 20_000)
    assert.equal((await refund(40_000, 'refund-two')).status, 409)
    const whole = await expectStatus(200, refund(34_900, 'refund-three'))
    assert.equal(whole.refunded, 54_900)
    assert.equal(whole.state, 'CONFIRMED')
    await shop.clean()
  })

  it('is undone and refunded when a manager cancels it after payment', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct({ available: 3 }), quantity: 3 })
    await buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() })
    await confirmed(buyer)
    const { id, version } = await shop.staffView(buyer.order.id)
    const wish = { version, reason: 'sold out' }
    assert.equal((await shop.agent.post(`/api/orders/${id}/cancel`, wish)).status, 403)
    await expectStatus(200, shop.manager.post(`/api/orders/${id}/cancel`, wish))
    await eventually('canceled', async () => (await buyer.reload()).state === 'CANCELED')
    assert.equal(buyer.order.refunded, buyer.order.totals.total)
    await shop.clean()
  })
})
