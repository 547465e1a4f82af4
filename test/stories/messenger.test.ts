import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Messages } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import { Orders } from '../../models/order.ts'
import type { Entry } from '../../sandbox/messenger/types.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import { aShopper } from '../support/catalogue.ts'
import { expectStatus } from '../support/client.ts'
import { pageSays } from '../support/messenger.ts'
import { buttonsOf, isReceipt, onMessenger } from '../support/on-messenger.ts'
import { aProduct, bangkok, type Story, startStory } from '../support/story.ts'

describe('an order on Messenger', () => {
  let shop: Story
  const { somebody, openOrder, cardOf, identify, linkOf } = onMessenger(() => shop)
  before(async () => {
    shop = await startStory()
    await fetch(`${shop.sandbox.url}/__sim/faults`, { method: 'DELETE' })
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  it('goes from the card to the receipt, inside the chat where its domain is listed', async () => {
    const { messenger } = shop.sandbox
    messenger.whitelist(shop.settings.publicUrl)
    const { person, conversation } = await somebody()
    const order = await openOrder(conversation._id)
    const link = await cardOf(person, order)
    const card = messenger.received(person.psid).find(pageSays(order.regNo)) as Entry
    assert.equal(buttonsOf(card)[0]?.messenger_extensions, true)
    const stored = await Messages.findOne({ order: order.id, kind: 'card' }).lean()
    assert.deepEqual(stored?.card, card.message, 'what staff see is what was sent')

    const buyer = await shop.open(new URL(link).pathname)
    await buyer.act('UPDATE_DELIVERY_ADDRESS', { address: bangkok })
    await buyer.act('SELECT_LOGISTIC_METHOD', { type: 'courier', companyName: 'Kerry', costConfirmed: true })
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'card' })
    await buyer.act('VERIFY_ORDER_CONTEXT', buyer.shown())
    await buyer.act('CHECK_PRODUCT_SUFFICIENT')
    const cardToken = await shop.cardToken()
    await buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken }, { 'idempotency-key': randomUUID() })
    const receipt = await messenger.waitFor(person.psid, isReceipt)
    const { payload } = (receipt.message as { attachment: { payload: Record<string, unknown> } }).attachment
    const { totals } = await shop.staffView(order.id)
    assert.deepEqual(
      [payload['order_number'], payload['currency'], payload['summary']],
      [
        order.regNo,
        'THB',
        {
          subtotal: totals.items / 100,
          shipping_cost: totals.delivery / 100,
          total_cost: totals.total / 100,
        },
      ],
    )
    await shop.clean()
  })

  it('opens as any page does where the domain is not listed yet: the card arrives all the same', async () => {
    const { messenger } = shop.sandbox
    messenger.whitelist('https://somewhere.example')
    const { person, conversation } = await somebody()
    const order = await openOrder(conversation._id)
    const link = await cardOf(person, order)
    const card = messenger.received(person.psid).find(pageSays(order.regNo)) as Entry
    assert.equal(buttonsOf(card)[0]?.messenger_extensions, undefined)
    assert(link.startsWith(shop.settings.publicUrl))
  })

  it('is not opened by whoever only looks at the link, as crawlers of previews do', async () => {
    const { person, conversation } = await somebody()
    const order = await openOrder(conversation._id)
    const link = await cardOf(person, order)
    const before = await Orders.findById(order.id).lean()
    for (const agent of ['facebookexternalhit/1.1', 'Facebot', 'Mozilla/5.0 (compatible; Twitterbot/1.0)']) {
      const page = await fetch(new URL(new URL(link).pathname, shop.url), {
        headers: { 'user-agent': agent },
      })
      assert.equal(page.headers.get('referrer-policy'), 'no-referrer')
      assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors[^;]*messenger\.com/)
      assert.equal(page.headers.get('set-cookie'), null)
      const head = await fetch(new URL(new URL(link).pathname, shop.url), {
        method: 'HEAD',
        headers: { 'user-agent': agent },
      })
      assert(head.status < 500)
    }
    const after = await Orders.findById(order.id).lean()
    assert.deepEqual([after?.version, after?.page], [before?.version, null])
    const customer = await Customers.findById(conversation.customer).lean()
    assert.equal(customer?.status, 'FOLLOW')
  })

  it('fills in the last address for the person whom Messenger has signed, and for nobody else', async () => {
    const { messenger } = shop.sandbox
    const { person, conversation } = await somebody('Signed')
    await Customers.updateOne({ _id: conversation.customer }, { $set: { addresses: [bangkok] } })
    const order = await openOrder(conversation._id)
    const { link: url } = await linkOf(order)
    const visit = async () => {
      const browser = shop.browser()
      const { order: view } = await expectStatus(200, browser.post<{ order: OrderView }>(`${url}/open`))
      return { browser, view }
    }
    const { browser, view } = await visit()
    assert.deepEqual([view.proven, view.savedAddresses], [false, []])

    const stranger = messenger.createPerson({ firstName: 'Stranger' })
    const old = Math.floor(Date.now() / 1000) - 3600
    for (const [forged, status] of [
      [`${messenger.signedRequest(person.psid)}x`, 401],
      [messenger.signedRequest(person.psid).replace(/^./, (first) => (first === 'A' ? 'B' : 'A')), 401],
      [messenger.signedRequest(person.psid, { issued_at: old }), 401],
      [messenger.signedRequest(person.psid, { page_id: '1' }), 401],
      [messenger.signedRequest(person.psid, { algorithm: 'none' }), 401],
      ['nonsense', 401],
      [messenger.signedRequest(stranger.psid), 404],
    ] as const) {
      assert.equal((await identify(browser, order.id, forged)).status, status, forged)
    }
    const proven = await expectStatus(200, identify(browser, order.id, messenger.signedRequest(person.psid)))
    assert.equal(proven.proven, true)
    assert.equal(proven.savedAddresses[0]?.line1, bangkok.line1)
    const other = await visit()
    assert.deepEqual([other.view.proven, other.view.savedAddresses], [false, []])
  })

  it('knows in the catalogue, too, whom Messenger has signed, and at the checkout that follows', async () => {
    const { messenger } = shop.sandbox
    const { person, conversation } = await somebody('Browsing')
    await Customers.updateOne({ _id: conversation.customer }, { $set: { addresses: [bangkok] } })
    const buyer = await aShopper(shop, { conversation: String(conversation._id) })
    const show = (signedRequest: string) =>
      buyer.post<{ proven: boolean }>(`/api/catalogue/${buyer.id}/identify`, { signedRequest })
    assert.equal((await show(`${messenger.signedRequest(person.psid)}x`)).status, 401)
    const stranger = messenger.createPerson({ firstName: 'Stranger' })
    assert.equal((await show(messenger.signedRequest(stranger.psid))).status, 404)
    assert.deepEqual(await expectStatus(200, show(messenger.signedRequest(person.psid))), { proven: true })

    const product = await aProduct()
    await buyer.want(product, 1)
    const url = await buyer.confirm()
    const { order } = await expectStatus(200, buyer.post<{ order: OrderView }>(`${url}/open`))
    assert.deepEqual([order.proven, order.savedAddresses[0]?.line1], [true, bangkok.line1])
    const page = await (await fetch(new URL(buyer.link, shop.url))).text()
    assert.match(page, /"messenger":\{"appId"/)
  })
})
