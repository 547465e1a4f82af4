import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Conversations, Messages } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import { Orders } from '../../models/order.ts'
import { AuditEntries } from '../../models/shop.ts'
import type { Entry, Person } from '../../sandbox/messenger/types.ts'
import type { CustomerView } from '../../server/conversation/contract.ts'
import { upsertCustomer } from '../../server/customer/index.ts'
import { now } from '../../server/database/index.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import { aShopper } from '../support/catalogue.ts'
import { expectStatus } from '../support/client.ts'
import { pageSays } from '../support/messenger.ts'
import { aProduct, bangkok, eventually, type Story, startStory } from '../support/story.ts'

describe('an order on Messenger', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
    await fetch(`${shop.sandbox.url}/__sim/faults`, { method: 'DELETE' })
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  /** Somebody who has written to the page, and the conversation with them. */
  async function somebody(firstName = 'Malee') {
    const { messenger } = shop.sandbox
    const person = messenger.createPerson({ firstName, locale: 'en_US' })
    await messenger.say(person.psid, 'hello')
    await messenger.waitFor(person.psid, ({ from }) => from === 'page')
    const conversation = await Conversations.findOne({ channel: 'messenger', externalId: person.psid }).lean()
    assert(conversation)
    return { person, conversation }
  }
  async function openOrder(conversationId: unknown, quantity = 2) {
    const opened = await expectStatus(
      200,
      shop.agent.post<StaffOrderView>(`/api/conversations/${conversationId}/orders`),
    )
    const product = await aProduct()
    const items = [{ productId: String(product._id), quantity }]
    return expectStatus(
      200,
      shop.agent.put<StaffOrderView>(`/api/orders/${opened.id}/items`, { version: opened.version, items }),
    )
  }
  const buttonsOf = ({ message }: Entry) =>
    (
      message as {
        attachment?: { payload?: { buttons?: { url?: string; messenger_extensions?: boolean }[] } }
      }
    ).attachment?.payload?.buttons ?? []
  async function cardOf(person: Person, order: StaffOrderView): Promise<string> {
    await expectStatus(200, shop.agent.post(`/api/orders/${order.id}/card`))
    const entry = await shop.sandbox.messenger.waitFor(person.psid, pageSays(order.regNo))
    const url = buttonsOf(entry).find((button) => button.url)?.url
    assert(url, JSON.stringify(entry.message))
    return url
  }
  const isReceipt = ({ message }: Entry) => JSON.stringify(message).includes('"template_type":"receipt"')
  const identify = (browser: ReturnType<Story['browser']>, orderId: string, signedRequest: string) =>
    browser.post<OrderView>(`/api/pipeline/${orderId}/identify`, { signedRequest })

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

  const linkOf = async (order: StaffOrderView) => {
    const { url } = await expectStatus(200, shop.agent.post<{ url: string }>(`/api/orders/${order.id}/link`))
    return { link: new URL(url).pathname }
  }

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

  describe('and on LINE, by one person', () => {
    /** Somebody on LINE, with a conversation there. */
    async function onLine(name: string) {
      const { line } = shop.sandbox
      const user = line.createUser({ displayName: name, language: 'en' })
      const { customer } = await upsertCustomer({
        channel: 'line',
        externalId: user.userId,
        language: 'en',
        name,
      })
      const conversation = await Conversations.create({
        channel: 'line',
        customer: customer._id,
        externalId: user.userId,
        lastMessageAt: now(),
      })
      return { user, customer: String(customer._id), conversation }
    }
    const merge = (first: string, second: string) =>
      shop.agent.post<CustomerView>(`/api/customers/${first}/merge`, { customerId: second })
    const view = (id: string) => expectStatus(200, shop.agent.get<CustomerView>(`/api/customers/${id}`))

    it('is shown to staff as one, with the orders and chats of both, until they part them again', async () => {
      const { conversation } = await somebody('Nok')
      const there = String(conversation.customer)
      const here = await onLine('Nok')
      const orders = [await openOrder(conversation._id), await openOrder(here.conversation._id)]
      const merged = await expectStatus(200, merge(here.customer, there))
      assert.deepEqual(merged.channels.map(({ channel }) => channel).sort(), ['line', 'messenger'])
      assert.deepEqual(
        merged.merged.map(({ id }) => id),
        [there],
      )
      for (const id of [here.customer, there]) {
        const seen = await view(id)
        assert.deepEqual(
          seen.orders.map(({ regNo }) => regNo).sort(),
          orders.map(({ regNo }) => regNo).sort(),
        )
        assert.deepEqual(seen.conversations.map(({ channel }) => channel).sort(), ['line', 'messenger'])
      }
      assert.equal((await merge(there, here.customer)).status, 409)

      await expectStatus(200, shop.agent.post(`/api/customers/${there}/unmerge`))
      assert.deepEqual(
        (await view(here.customer)).orders.map(({ regNo }) => regNo),
        [orders[1]?.regNo],
      )
      assert.deepEqual(
        (await view(there)).orders.map(({ regNo }) => regNo),
        [orders[0]?.regNo],
      )
      assert.equal((await shop.agent.post(`/api/customers/${there}/unmerge`)).status, 409)
      const audited = await AuditEntries.find({ action: /^customer\.(un)?merged$/ }).lean()
      assert.deepEqual(audited.map(({ action }) => action).sort(), ['customer.merged', 'customer.unmerged'])
    })

    it('stays together with the others when the first of three is parted from them', async () => {
      const [a, b, c] = await Promise.all(['One', 'Two', 'Three'].map(onLine))
      assert(a && b && c)
      await expectStatus(200, merge(a.customer, b.customer))
      await expectStatus(200, merge(c.customer, b.customer))
      assert.equal((await view(b.customer)).merged.length, 2)
      await expectStatus(200, shop.agent.post(`/api/customers/${c.customer}/unmerge`))
      assert.deepEqual(
        (await view(a.customer)).merged.map(({ id }) => id),
        [b.customer],
      )
      assert.deepEqual((await view(c.customer)).merged, [])
    })

    it('is one when two members of staff say so at the same moment', async () => {
      const [a, b] = await Promise.all(['Left', 'Right'].map(onLine))
      assert(a && b)
      const answers = await Promise.all([merge(a.customer, b.customer), merge(b.customer, a.customer)])
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
      assert.equal((await view(a.customer)).merged.length, 1)
      assert.equal((await view(b.customer)).merged.length, 1)
    })

    it('is told about an order where it was opened', async () => {
      const { messenger, line } = shop.sandbox
      const { person, conversation } = await somebody('Both')
      const here = await onLine('Both')
      await expectStatus(200, merge(here.customer, String(conversation.customer)))
      const order = await openOrder(conversation._id)
      const { link } = await linkOf(order)
      const buyer = await shop.open(link)
      await buyer.act('UPDATE_DELIVERY_ADDRESS', { address: bangkok })
      await buyer.act('SELECT_LOGISTIC_METHOD', {
        type: 'courier',
        companyName: 'Kerry',
        costConfirmed: true,
      })
      await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'card' })
      await buyer.act('VERIFY_ORDER_CONTEXT', buyer.shown())
      await buyer.act('CHECK_PRODUCT_SUFFICIENT')
      const cardToken = await shop.cardToken()
      await buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken }, { 'idempotency-key': randomUUID() })
      await messenger.waitFor(person.psid, isReceipt)
      assert.deepEqual(line.received(here.user.userId), [])
    })

    it('is found out when somebody who is known on Messenger logs in by LINE', async () => {
      const { messenger, line } = shop.sandbox
      const { person, conversation } = await somebody('Login')
      const here = await onLine('Login')
      const order = await openOrder(conversation._id)
      const { link } = await linkOf(order)
      const browser = shop.browser()
      await expectStatus(200, browser.post(`${link}/open`))
      const byLine = () =>
        browser.post(`/api/pipeline/${order.id}/identify`, { idToken: line.idToken(here.user.userId) })
      assert.equal((await byLine()).status, 404, 'the link alone proves nothing')
      await expectStatus(200, identify(browser, order.id, messenger.signedRequest(person.psid)))
      await expectStatus(200, byLine())
      assert.deepEqual(
        (await view(here.customer)).merged.map(({ id }) => id),
        [String(conversation.customer)],
      )
      await eventually('an entry in the log', async () =>
        AuditEntries.exists({ action: 'customer.merged', by: String(conversation.customer) }),
      )
    })
  })
})
