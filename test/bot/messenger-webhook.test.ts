import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { Inbox } from '../../models/broker.ts'
import { Customers } from '../../models/customer.ts'
import { StaffTasks } from '../../models/shop.ts'
import { brokerIdle } from '../../server/broker/index.ts'
import { until } from '../support/chat.ts'
import { type MessengerShop, openMessenger } from '../support/messenger.ts'

describe('what anybody sends to the webhook of Messenger', () => {
  let shop: MessengerShop
  before(async () => {
    shop = await openMessenger()
  })
  after(() => shop.close())

  const sign = (body: string, secret = shop.messenger.page.appSecret) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  })
  const post = (body: string, headers: Record<string, string>) =>
    fetch(`${shop.server.url}/webhooks/messenger`, { method: 'POST', body, headers })
  const ask = (query: Record<string, string>) =>
    fetch(`${shop.server.url}/webhooks/messenger?${new URLSearchParams(query)}`)

  it('is the handshake, which repeats the challenge to whoever knows the token', async () => {
    const { verifyToken } = shop.messenger.page
    const question = {
      'hub.mode': 'subscribe',
      'hub.challenge': '<b>1158201444</b>',
      'hub.verify_token': verifyToken,
    }
    const answer = await ask(question)
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/)
    assert.equal(await answer.text(), '<b>1158201444</b>')
    assert.equal((await ask({ ...question, 'hub.verify_token': 'wrong' })).status, 403)
    assert.equal((await ask({})).status, 403)
  })

  it('is refused without a signature, with a wrong one, and when it is about something else', async () => {
    const stored = await Inbox.countDocuments()
    const body = JSON.stringify({ object: 'page', entry: [] })
    assert.equal((await post(body, {})).status, 401)
    assert.equal((await post(body, sign(body, 'another secret'))).status, 401)
    assert.equal((await post(body, { 'x-hub-signature-256': 'sha256=AAAA' })).status, 401)
    assert.equal((await post('[]', sign('[]'))).status, 400)
    const other = JSON.stringify({ object: 'instagram', entry: [] })
    assert.equal((await post(other, sign(other))).status, 404)
    assert.equal((await post(body, sign(body))).status, 200)
    assert.equal(await Inbox.countDocuments(), stored)
  })

  it('is stored and left alone when it is for another page, or of a kind that nobody knows', async () => {
    const people = await Customers.countDocuments()
    const { pageId } = shop.messenger.page
    const from = { sender: { id: '70000000000000777' }, recipient: { id: pageId }, timestamp: Date.now() }
    const body = JSON.stringify({
      object: 'page',
      entry: [
        { id: '555', time: 1, messaging: [{ ...from, message: { mid: 'm_other_page', text: 'hello' } }] },
        { id: pageId, time: 1, messaging: [{ ...from, telepathy: {} }, null, 7, { message: null }] },
        {
          id: pageId,
          time: 1,
          messaging: [{ sender: { user_ref: 'x' }, recipient: { id: pageId }, optin: {} }],
        },
        { id: pageId, time: 1, changes: [{ field: 'feed' }] },
        'nonsense',
      ],
    })
    assert.equal((await post(body, sign(body))).status, 200)
    await brokerIdle()
    assert.equal(await Customers.countDocuments(), people)
    assert(await Inbox.exists({ source: 'messenger', 'payload.event.type': 'other_account' }))
  })

  it('can hold a thousand updates, and be as large as those are', async () => {
    const { pageId } = shop.messenger.page
    const psid = '70000000000000999'
    const update = (number: number) => ({
      id: pageId,
      time: 1,
      messaging: [
        {
          sender: { id: psid },
          recipient: { id: pageId },
          timestamp: Date.now() + number,
          message: { mid: `m_many_${number}`, text: `${number} ${'x'.repeat(1900)}` },
        },
      ],
    })
    const body = JSON.stringify({
      object: 'page',
      entry: Array.from({ length: 1000 }, (_, at) => update(at)),
    })
    assert.equal((await post(body, sign(body))).status, 200)
    assert.equal(await Inbox.countDocuments({ eventId: /^m_many_/ }), 1000)
    const larger = 'x'.repeat(9 * 1024 * 1024)
    assert.equal((await post(larger, sign(larger))).status, 413)
    await Inbox.deleteMany({ eventId: /^m_many_/ })
  })

  it('is a warning of Meta, which becomes a task for staff', async () => {
    const { pageId } = shop.messenger.page
    const body = JSON.stringify({
      object: 'page',
      entry: [
        {
          id: pageId,
          time: 1,
          messaging: [
            {
              recipient: { id: pageId },
              timestamp: Date.now(),
              policy_enforcement: { action: 'warning', reason: 'Too many promotions' },
            },
          ],
        },
      ],
    })
    assert.equal((await post(body, sign(body))).status, 200)
    await until(async () => StaffTasks.exists({ kind: 'channel.warning', summary: /Too many promotions/ }))
  })
})
