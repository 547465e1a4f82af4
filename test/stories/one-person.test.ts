import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Conversations } from '../../models/conversation.ts'
import { AuditEntries } from '../../models/shop.ts'
import type { CustomerView } from '../../server/conversation/contract.ts'
import { upsertCustomer } from '../../server/customer/index.ts'
import { now } from '../../server/database/index.ts'
import { expectStatus } from '../support/client.ts'
import { isReceipt, onMessenger } from '../support/on-messenger.ts'
import { bangkok, eventually, type Story, startStory } from '../support/story.ts'

describe('one person, on Messenger and on LINE', () => {
  let shop: Story
  const { somebody, openOrder, identify, linkOf } = onMessenger(() => shop)
  before(async () => {
    shop = await startStory()
    await fetch(`${shop.sandbox.url}/__sim/faults`, { method: 'DELETE' })
  })
  after(() => shop.close())

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
      assert.deepEqual(seen.orders.map(({ regNo }) => regNo).sort(), orders.map(({ regNo }) => regNo).sort())
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
