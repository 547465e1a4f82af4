import assert from 'node:assert/strict'
import { Customers } from '../../models/customer.ts'
import { Orders } from '../../models/order.ts'
import { Payments } from '../../models/payment.ts'
import { PaymentTokens } from '../../models/payment-token.ts'
import { becomes, chargesOf, payByCard, paymentsOf, poorCard } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { customerOf } from '../support/people.ts'
import { aProduct, type Buyer, type Story, startStory } from '../support/story.ts'

describe('a card that is kept', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const customerBehind = async ({ order }: Buyer) => {
    const found = await Orders.findById(order.id).lean()
    assert(found)
    return found.customer
  }
  /** A browser of which LINE has said who it is; `as` one who was here before. */
  const proven = async (as?: Buyer): Promise<Buyer> => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    if (as) {
      const customer = await customerBehind(as)
      const own = await customerBehind(buyer)
      await Customers.updateOne({ _id: own }, { $set: { mergedInto: customer } })
    }
    await actAs(buyer, true)
    return buyer
  }
  /** The same customer in another browser: proven, or with nothing but the link. */
  const actAs = async (buyer: Buyer, isProven: boolean) => {
    const { id } = buyer.order
    const customerId = String(await customerBehind(buyer))
    const visit = { customerId, orderIds: [id], proven: isProven }
    const { cookies } = await customerOf(shop.settings.publicUrl, visit)
    buyer.cookies.clear()
    for (const [name, value] of cookies) buyer.cookies.set(name, value)
  }
  const remember = async (buyer: Buyer, number?: string) =>
    buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken(number), rememberCard: true })
  const choose = (buyer: Buyer, tokenId: string) =>
    buyer.try('SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'card', tokenId })
  const cardsOf = async (buyer: Buyer) => (await buyer.reload()).savedCards ?? []
  const first = async () => {
    const buyer = await proven()
    await remember(buyer)
    await becomes(buyer, 'CONFIRMED')
    return buyer
  }

  it('pays the next order without being typed, and shows no more than its last digits', async () => {
    const before = await first()
    const buyer = await proven(before)
    const [card] = await cardsOf(buyer)
    assert(card)
    assert.deepEqual([card.lastDigits, card.expiry], ['4242', '12 / 30'])
    await expectStatus(200, choose(buyer, card.id))
    await buyer.reload()
    assert.deepEqual(await buyer.act('CONFIRM_PAYMENT_SELECTION'), { kind: 'paid' })
    await becomes(buyer, 'CONFIRMED')
    assert.equal(chargesOf(shop, buyer.order).length, 1)
    const stored = JSON.stringify([await PaymentTokens.find().lean(), await Payments.find().lean()])
    assert.doesNotMatch(stored, /cust_test_|card_test_|4242424242424242|tokn_test_/)
    await shop.clean()
  })

  it('is kept once, however often it is ticked', async () => {
    const before = await first()
    const buyer = await proven(before)
    await remember(buyer)
    await becomes(buyer, 'CONFIRMED')
    assert.equal((await cardsOf(await proven(before))).length >= 1, true)
    const customer = await customerBehind(buyer)
    assert.ok((await PaymentTokens.countDocuments({ customer })) <= 1)
  })

  it('is not kept when it is declined', async () => {
    const buyer = await proven()
    const cardToken = await shop.cardToken(poorCard)
    const { status } = await buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken, rememberCard: true })
    assert.equal(status, 402)
    assert.deepEqual(await cardsOf(buyer), [])
  })

  it('is neither kept for, nor shown to, nor charged by whoever holds only a link', async () => {
    const stranger = await shop.buyer('card', { product: await aProduct() })
    await remember(stranger)
    await becomes(stranger, 'CONFIRMED')
    const customer = await customerBehind(stranger)
    assert.equal(await PaymentTokens.countDocuments({ customer }), 0)

    const owner = await proven(await first())
    const [card] = await cardsOf(owner)
    assert(card)
    await actAs(owner, false)
    assert.deepEqual(await cardsOf(owner), [])
    assert.equal((await choose(owner, card.id)).status, 409)
    const other = await proven()
    assert.equal((await choose(other, card.id)).status, 409)
    const path = `/api/payments/${other.order.id}/cards/${card.id}`
    assert.equal((await other.delete(path)).status, 404)
  })

  it('is charged once though the answer is lost', async () => {
    const buyer = await proven(await first())
    const [card] = await cardsOf(buyer)
    assert(card)
    await expectStatus(200, choose(buyer, card.id))
    await buyer.reload()
    shop.sandbox.faults.set('omise', 'dropAfterCommit', 'charges', 1)
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    await becomes(buyer, 'CONFIRMED')
    assert.equal(chargesOf(shop, buyer.order).length, 1)
    await shop.clean()
  })

  it('is forgotten here and at the gateway, and can pay no more', async () => {
    const buyer = await proven(await first())
    const [card] = await cardsOf(buyer)
    assert(card)
    await expectStatus(200, choose(buyer, card.id))
    const answer = await expectStatus(
      200,
      buyer.delete<{ cards: unknown[] }>(`/api/payments/${buyer.order.id}/cards/${card.id}`),
    )
    assert.deepEqual(answer.cards, [])
    await buyer.reload()
    const { status, body } = await buyer.try('CONFIRM_PAYMENT_SELECTION')
    assert.deepEqual([status, body.error.code], [409, 'card.gone'])
    assert.equal((await paymentsOf(buyer.order)).length, 0)
    await expectStatus(200, buyer.try('SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'card' }))
    await buyer.reload()
    await payByCard(shop, buyer)
    await becomes(buyer, 'CONFIRMED')
  })
})
