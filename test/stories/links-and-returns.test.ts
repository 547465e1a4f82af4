import assert from 'node:assert/strict'
import { WebviewLinks } from '../../models/order.ts'
import { inMs } from '../../server/database/index.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import { askedCard, becomes, chargesOf, paid, payByCard, paymentsOf, pollNow } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { aProduct, type Buyer, bangkok, type Story, startStory } from '../support/story.ts'

describe('a link to an order', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  const opening = (link: string) =>
    shop
      .browser()
      .post<{ error: { code: string } }>(`${link}/open`)
      .then(({ status, body }) => [status, body.error?.code])

  it('that is forged opens nothing, and tells nothing', async () => {
    const { link } = await shop.order({ product: await aProduct() })
    const forged = link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A')
    for (const wrong of [
      forged,
      '/w/x',
      `/w/${'a'.repeat(32)}`,
      `/w/${'a'.repeat(5000)}`,
      '/w/%00',
      '/w/$ne',
    ]) {
      const [status] = await opening(wrong)
      assert.equal(status, wrong.includes('%00') ? 400 : 404, wrong.slice(0, 60))
      const page = await shop.browser().get(wrong)
      assert(page.status >= 400 && page.status < 500, `${page.status} ${wrong.slice(0, 60)}`)
    }
  })

  it('that is expired or revoked says so, and a new one opens', async () => {
    const { order, link } = await shop.order({ product: await aProduct() })
    await WebviewLinks.updateMany({ order: order.id }, { $set: { expiresAt: inMs(-1000) } })
    assert.deepEqual(await opening(link), [410, 'link.expired'])
    await WebviewLinks.updateMany(
      { order: order.id },
      { $set: { expiresAt: inMs(60_000), revokedAt: inMs(0) } },
    )
    assert.deepEqual(await opening(link), [410, 'link.revoked'])
    const { url } = await expectStatus(200, shop.agent.post<{ url: string }>(`/api/orders/${order.id}/link`))
    assert.deepEqual(await opening(new URL(url).pathname), [200, undefined])
  })

  it('changes nothing when it is only looked at: crawlers follow links', async () => {
    const { order, link } = await shop.order({ product: await aProduct() })
    await shop.browser().get(link)
    const { customer, page } = await shop.staffView(order.id)
    assert.equal(customer.status, 'FOLLOW')
    assert.equal(page, null)
  })

  it('lets nobody at another order than its own', async () => {
    const [mine, other] = [
      await shop.buyer('card', { product: await aProduct() }),
      await shop.buyer('card', { product: await aProduct() }),
    ]
    const path = `/api/pipeline/${other.order.id}`
    assert.equal((await mine.get(path)).status, 404)
    for (const [action, data] of [
      ['UPDATE_DELIVERY_ADDRESS', { address: bangkok }],
      ['CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() }],
      ['CANCEL_PAYMENT', {}],
      ['CHECK_PAYMENT', {}],
      ['REOPEN_ORDER', {}],
    ] as const) {
      const body = { version: other.order.version, ...data }
      assert.equal((await mine.post(`${path}/${action}`, body)).status, 404, action)
      const nobody = (await shop.browser().post(`${path}/${action}`, body)).status
      assert(nobody === 401 || nobody === 404, `${nobody}`)
    }
    assert.equal(chargesOf(shop, other.order).length, 0)
    await shop.clean()
  })

  it('shows no address to another browser, and no last addresses to who merely holds it', async () => {
    const { link } = await shop.order({ product: await aProduct() })
    const buyer = await shop.open(link)
    await buyer.act('UPDATE_DELIVERY_ADDRESS', { address: bangkok })
    const page = await shop.browser().get(link)
    assert(!page.text.includes(bangkok.line1))
    assert(!page.text.includes('somchai@example.com'))
    assert.deepEqual(buyer.order.savedAddresses, [])
  })

  it('of a paid order shows what became of it, and takes no second payment', async () => {
    const buyer = await paid(shop)
    await becomes(buyer, 'CONFIRMED')
    const { url } = await expectStatus(
      200,
      shop.agent.post<{ url: string }>(`/api/orders/${buyer.order.id}/link`),
    )
    const again = await shop.open(new URL(url).pathname)
    assert.equal(again.order.state, 'CONFIRMED')
    assert.equal((await shop.staffView(buyer.order.id)).customer.status, 'FOLLOW')
    const answer = await again.try('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() })
    assert.equal(answer.status, 409)
    assert.equal(answer.body.error.details.order.state, 'CONFIRMED')
    assert.equal(chargesOf(shop, buyer.order).length, 1)
    await shop.clean()
  })
})

describe('the way back from the bank', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  /** A customer at the page of the bank: where it is, and where it sends them back to. */
  async function atTheBank(number = askedCard): Promise<{ buyer: Buyer; bank: string; key: string }> {
    const buyer = await shop.buyer('card', { product: await aProduct() })
    const next = await payByCard(shop, buyer, number)
    assert(next?.kind === 'redirect', JSON.stringify(next))
    assert.equal(buyer.order.state, 'AWAITING_PAYMENT')
    const [payment] = await paymentsOf(buyer.order)
    return { buyer, bank: next.url, key: payment?.key ?? '' }
  }
  const answer = (bank: string, action: string) =>
    fetch(bank, { method: 'POST', body: new URLSearchParams({ action }), redirect: 'manual' })
  const result = (key: string, query = '') =>
    shop.browser().get<{ order: OrderView }>(`/api/results/${key}${query}`)
  const back = (key: string) => shop.browser().post<{ order: OrderView }>(`/api/results/${key}/check`)

  it('says paid after the bank agreed, with the webhook', async () => {
    const { buyer, bank, key } = await atTheBank()
    const sentBack = await answer(bank, 'pay')
    assert.equal(sentBack.status, 303)
    assert(new URL(sentBack.headers.get('location') ?? '').pathname.endsWith(`/r/${key}`))
    await becomes(buyer, 'CONFIRMED')
    assert.equal((await result(key)).body.order.state, 'CONFIRMED')
    await shop.clean()
  })

  it('finds out by itself when no webhook came, in another browser too', async () => {
    shop.sandbox.faults.set('omise', 'webhookTiming', 'never')
    const { buyer, bank, key } = await atTheBank()
    await answer(bank, 'pay')
    const { order } = await expectStatus(200, back(key))
    assert.notEqual(order.state, 'AWAITING_PAYMENT')
    assert.notEqual(order.paidAt, null)
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('decides nothing by itself: come back early, or write "successful" behind it, and nothing is paid', async () => {
    const { buyer, bank, key } = await atTheBank()
    for (const query of [
      '',
      '?is_payment_successful=1',
      '?status=successful&paid=true&state=PAID',
      '?is_payment_cancelled=1',
    ]) {
      const page = await shop.browser().get(`/r/${key}${query}`)
      assert.equal(page.status, 200, `${query} ${page.text.slice(0, 200)}`)
      assert.equal((await result(key, query)).body.order.state, 'AWAITING_PAYMENT')
    }
    await expectStatus(200, back(key))
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    await answer(bank, 'pay')
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('shows nothing of the person to whoever has the address', async () => {
    const { buyer, bank, key } = await atTheBank()
    await answer(bank, 'pay')
    await becomes(buyer, 'CONFIRMED')
    const page = await shop.browser().get(`/r/${key}`)
    const api = await result(key)
    for (const text of [page.text, api.text]) {
      for (const personal of [bangkok.name, bangkok.line1, bangkok.subdistrict, 'somchai@example.com']) {
        assert(!text.includes(personal), personal)
      }
    }
    assert.equal(api.body.order.address, null)
  })

  it('of an address that was made up leads nowhere', async () => {
    for (const key of ['x', 'a'.repeat(32), 'a'.repeat(3000), '$ne']) {
      assert.equal((await result(key)).status, 404)
      assert.equal((await back(key)).status, 404)
      const page = await shop.browser().get(`/r/${key}`)
      assert(page.status >= 400 && page.status < 500, String(page.status))
    }
  })

  for (const [action, code] of [
    ['decline', 'payment_rejected'],
    ['cancel', 'payment_cancelled'],
  ] as const) {
    it(`after "${action}" keeps the cart, says why, and takes another card`, async () => {
      const { buyer, bank, key } = await atTheBank()
      await answer(bank, action)
      await becomes(buyer, 'DRAFT')
      assert.equal(buyer.order.attempt?.failureCode, code)
      assert.equal((await result(key)).body.order.state, 'DRAFT')
      await payByCard(shop, buyer)
      await becomes(buyer, 'CONFIRMED')
      await shop.clean()
    })
  }

  it('after a card that the bank does not know in the end says so', async () => {
    const { buyer, bank } = await atTheBank('4111111111140003')
    await answer(bank, 'pay')
    await becomes(buyer, 'DRAFT')
    assert.equal(buyer.order.attempt?.failureCode, 'failed_processing')
    await shop.clean()
  })

  it('never taken: another way can be chosen, and what the bank agrees to later is given back', async () => {
    const { buyer, bank } = await atTheBank()
    await answer(bank, 'leave')
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    await buyer.act('CANCEL_PAYMENT')
    assert.equal(buyer.order.state, 'DRAFT')
    await payByCard(shop, buyer)
    await becomes(buyer, 'CONFIRMED')
    await answer(bank, 'pay')
    await pollNow(buyer.order)
    await shop.idle()
    const { payments } = await shop.staffView(buyer.order.id)
    assert.equal(payments.filter(({ captured }) => captured > 0).length, 2)
    assert.equal(payments[0]?.flags.duplicate, true)
    assert.equal((await buyer.reload()).state, 'CONFIRMED')
    await shop.clean()
  })
})
