import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { becomes, chargesOf, decide, payByCard, paymentsOf, poorCard, toldOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs } from '../support/people.ts'
import { aProduct, type Buyer, type Story, startStory } from '../support/story.ts'

describe('paying', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  const taps = async (buyer: Buyer, tokens: string[], headers: Record<string, string> = {}) =>
    Promise.all(tokens.map((cardToken) => buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken }, headers)))
  const nexts = (answers: Awaited<ReturnType<typeof taps>>) =>
    answers.map(({ status, body }) => [status, (body as { next?: { kind: string } }).next?.kind])

  it('charges once for a double tap without a key: one pays, the others hear that it is under way', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    const tokens = await Promise.all([1, 2, 3].map(() => shop.cardToken()))
    const answers = await taps(buyer, tokens)
    const statuses = answers.map(({ status }) => status).sort()
    assert.deepEqual(statuses, [200, 409, 409])
    await becomes(buyer, 'CONFIRMED')
    assert.equal(chargesOf(shop, buyer.order).length, 1)
    await shop.clean()
  })

  it('charges once for a double tap with one key, and answers each tap alike', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    const cardToken = await shop.cardToken()
    const key = { 'idempotency-key': randomUUID() }
    const answers = nexts(await taps(buyer, [cardToken, cardToken, cardToken, cardToken], key))
    for (const [status, kind] of answers) {
      assert.equal(status, 200)
      assert(kind === 'paid' || kind === 'checking', String(kind))
    }
    assert.deepEqual(nexts(await taps(buyer, [cardToken], key)), [[200, 'paid']])
    await becomes(buyer, 'CONFIRMED')
    assert.equal(chargesOf(shop, buyer.order).length, 1)
    assert.equal((await paymentsOf(buyer.order)).length, 1)
    await shop.clean()
    assert.deepEqual(await toldOf(buyer.order), ['receipt'])
  })

  it('shows the same QR again to the same key', async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    const key = { 'idempotency-key': randomUUID() }
    const { version } = buyer.order
    const first = await buyer.act('CONFIRM_PAYMENT_SELECTION', {}, key)
    const again = await buyer.act('CONFIRM_PAYMENT_SELECTION', { version }, key)
    assert.equal(first?.kind, 'qr')
    assert.deepEqual(again, first)
    assert.equal(chargesOf(shop, buyer.order).length, 1)
    await shop.clean()
  })

  it('refuses a key that was used for another request', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    const key = { 'idempotency-key': randomUUID() }
    const { version } = buyer.order
    await buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() }, key)
    const other = await buyer.try(
      'CONFIRM_PAYMENT_SELECTION',
      { version, cardToken: await shop.cardToken() },
      key,
    )
    assert.equal(other.status, 422)
    assert.equal(chargesOf(shop, buyer.order).length, 1)
    await shop.clean()
  })

  it('repeats a decline for the same key, and takes another card under another', async () => {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    const cardToken = await shop.cardToken(poorCard)
    const key = { 'idempotency-key': randomUUID() }
    const { version } = buyer.order
    for (let tap = 0; tap < 2; tap += 1) {
      const declined = await buyer.try('CONFIRM_PAYMENT_SELECTION', { version, cardToken }, key)
      assert.equal(declined.status, 402)
      assert.equal(declined.body.error.details.failureCode, 'insufficient_fund')
      assert.equal(declined.body.error.details.order.state, 'DRAFT')
    }
    await buyer.reload()
    assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
    assert.deepEqual(
      chargesOf(shop, buyer.order).map(({ status }) => status),
      ['failed', 'successful'],
    )
    await shop.clean()
  })

  it('asks no bank for a total of nothing', async () => {
    const product = await aProduct({ price: 1000 })
    const { order, link } = await shop.order({ product })
    const admin = await loginAs(shop.url, 'admin')
    const { version } = order
    const gift = { version, amount: 1000, reason: 'an old friend' }
    await expectStatus(200, admin.put(`/api/orders/${order.id}/discount`, gift))
    await decide({ logistics: false })
    try {
      const buyer = await shop.open(link)
      assert.equal(buyer.order.totals.total, 0)
      assert.equal(buyer.order.needsDelivery, false)
      assert.deepEqual(await buyer.act('CONFIRM_PAYMENT_SELECTION'), { kind: 'paid' })
      await becomes(buyer, 'CONFIRMED')
      assert.equal(chargesOf(shop, buyer.order).length, 0)
      await shop.clean()
    } finally {
      await decide({ logistics: true })
    }
  })
})
