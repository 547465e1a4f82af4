import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { Inbox } from '../../models/broker.ts'
import { Messages } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import { Connections } from '../../models/shop.ts'
import { brokerIdle } from '../../server/broker/index.ts'
import type { ConversationView, MessageView } from '../../server/conversation/contract.ts'
import { type ChatShop, conversationWith, openShop, shopSays, threadWith, until } from '../support/chat.ts'
import { expectStatus } from '../support/client.ts'

describe('what a customer writes on LINE', () => {
  let shop: ChatShop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${shop.server.url}/webhooks/line`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers,
    })
  const sign = (body: string | Buffer) =>
    createHmac('sha256', shop.sandbox.channel.channelSecret).update(body).digest('base64')
  const inbound = async (user: Parameters<typeof threadWith>[0]) =>
    (await threadWith(user).catch(() => [])).filter(
      ({ direction, kind }) => direction === 'in' && kind !== 'event',
    )

  it('is seen by staff, and answered with one greeting in their language', async () => {
    const { line, staff } = shop
    const user = line.createUser({ displayName: 'Malee', language: 'th' })
    await line.say(user.userId, 'สวัสดี')
    await line.waitFor(user.userId, shopSays('สวัสดีค่ะ'))
    const { conversations } = await expectStatus<{ conversations: ConversationView[] }>(
      200,
      staff.get('/api/conversations?assignee=none'),
    )
    const seen = conversations.find(({ customer }) => customer.name === 'Malee')
    assert.equal(seen?.customer.domain, 'LEAD')
    assert.equal(seen?.customer.language, 'th')
    assert.equal(seen?.unread, 1)
    assert(seen?.waitingSince)
    await line.say(user.userId, 'มีเสื้อไหม')
    await until(async () => (await inbound(user)).length === 2)
    assert.equal(line.received(user.userId).length, 1, 'greeted once')
    const customer = await Customers.findById(seen?.customer.id).lean()
    assert.equal(customer?.username, `c-${customer?.number}`)
  })

  it('is greeted in English where their phone is English', async () => {
    const user = shop.line.createUser({ displayName: 'Jane', language: 'en' })
    await shop.line.follow(user.userId)
    await shop.line.waitFor(user.userId, shopSays('Hello, and welcome'))
  })

  it('makes one customer and one conversation, however many first messages arrive at once', async () => {
    const { line } = shop
    const user = line.createUser({ displayName: 'Album' })
    await Promise.all(Array.from({ length: 8 }, (_, index) => line.say(user.userId, `picture ${index}`)))
    await until(async () => (await inbound(user)).length === 8)
    assert.equal(await Customers.countDocuments({ 'identities.externalId': user.userId }), 1)
    await line.waitFor(user.userId, shopSays('ยินดีต้อนรับ'))
    assert.equal((await threadWith(user)).filter(({ once }) => once?.startsWith('greeting')).length, 1)
  })

  it('is one message, however often it is delivered', async () => {
    const { line, sandbox } = shop
    const user = await shop.meet()
    sandbox.faults.set('line', 'webhookDuplicates', 19)
    await line.say(user.userId, 'twenty times')
    await brokerIdle()
    assert.equal((await inbound(user)).filter(({ text }) => text === 'twenty times').length, 1)
  })

  it('is told apart in a batch of several customers, in any order', async () => {
    const { line, sandbox } = shop
    const people = [line.createUser({ displayName: 'One' }), line.createUser({ displayName: 'Two' })]
    sandbox.faults.set('line', 'webhookBatch', 4)
    sandbox.faults.set('line', 'webhookShuffled', true)
    for (const text of ['a', 'b']) {
      for (const user of people) await line.say(user.userId, text)
      // LINE's times have no finer unit.
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    for (const user of people) {
      await until(async () => (await inbound(user)).length === 2)
      assert.deepEqual(
        (await inbound(user)).map(({ text }) => text),
        ['a', 'b'],
      )
    }
  })

  it('is forgotten when they take it back', async () => {
    const user = await shop.meet()
    const id = await shop.line.say(user.userId, 'a secret')
    await until(async () => Messages.findOne({ externalId: id }).lean())
    await shop.line.unsend(user.userId, id)
    const gone = await until(async () => Messages.findOne({ externalId: id, state: 'unsent' }).lean())
    assert.equal(gone.text, '')
    await until(async () => !(await conversationWith(user)).preview.includes('secret'))
  })

  it('is never shown when its taking back overtakes it', async () => {
    const user = await shop.meet()
    const { botUserId: destination } = shop.sandbox.channel
    const source = { type: 'user', userId: user.userId }
    const frame = (type: string, more: object) => ({
      type,
      source,
      timestamp: Date.now(),
      mode: 'active',
      webhookEventId: `ev-${type}-${Math.random()}`,
      deliveryContext: { isRedelivery: true },
      ...more,
    })
    for (const event of [
      frame('unsend', { unsend: { messageId: '987654' } }),
      frame('message', { message: { type: 'text', id: '987654', text: 'too late' } }),
    ]) {
      const body = JSON.stringify({ destination, events: [event] })
      assert.equal((await post(body, { 'x-line-signature': sign(body) })).status, 200)
      await brokerIdle()
    }
    const stored = await Messages.find({ externalId: '987654' }).lean()
    assert.deepEqual(
      stored.map(({ state, text }) => [state, text]),
      [['unsent', '']],
    )
  })

  it('comes with its pictures, copied while LINE still has them', async () => {
    const { line, staff, sandbox } = shop
    const user = await shop.meet()
    sandbox.faults.set('line', 'contentNotReady', true, 1)
    const bytes = Buffer.from('not really a jpeg, but these are the bytes')
    const id = await line.sendMedia(user.userId, { contentType: 'image/jpeg', bytes })
    const { _id } = await conversationWith(user)
    const view = await until(async () => {
      const { messages } = await expectStatus<{ messages: MessageView[] }>(
        200,
        staff.get(`/api/conversations/${_id}/messages`),
      )
      return messages.find(({ kind, media }) => kind === 'image' && media?.state === 'stored')
    })
    assert.equal(view.media?.type, 'image/jpeg')
    const picture = await fetch(shop.server.url + view.media?.url)
    assert.equal(picture.headers.get('x-content-type-options'), 'nosniff')
    assert.match(picture.headers.get('content-security-policy') ?? '', /sandbox/)
    assert.deepEqual(Buffer.from(await picture.arrayBuffer()), bytes)
    await line.unsend(user.userId, id)
    await until(async () => (await fetch(shop.server.url + view.media?.url)).status === 404)
  })

  it('says so when a file is gone at LINE', async () => {
    const user = await shop.meet()
    shop.sandbox.faults.set('line', 'contentGone', true)
    await shop.line.sendMedia(user.userId, { contentType: 'video/mp4', bytes: Buffer.from('film') })
    const { _id } = await conversationWith(user)
    await until(async () => {
      const { body } = await shop.staff.get<{ messages: MessageView[] }>(`/api/conversations/${_id}/messages`)
      return body.messages.some(({ media }) => media?.state === 'gone')
    })
  })

  it('survives a connection that LINE cuts in the middle of a file', async () => {
    const user = await shop.meet()
    shop.sandbox.faults.set('line', 'contentCutShort', true, 1)
    const bytes = Buffer.alloc(200_000, 7)
    await shop.line.sendMedia(user.userId, { contentType: 'image/png', bytes })
    const { _id } = await conversationWith(user)
    await until(async () => {
      const { body } = await shop.staff.get<{ messages: MessageView[] }>(`/api/conversations/${_id}/messages`)
      return body.messages.some(({ media }) => media?.state === 'stored' && media.size === bytes.length)
    })
  })

  it('opens a resolved conversation again', async () => {
    const user = await shop.meet()
    const { _id } = await conversationWith(user)
    await expectStatus(200, shop.staff.patch(`/api/conversations/${_id}`, { state: 'resolved' }))
    await shop.line.say(user.userId, 'one more thing')
    await until(async () => (await conversationWith(user)).state === 'open')
  })

  it('does not count as waiting when they block the shop', async () => {
    const user = await shop.meet()
    await shop.line.unfollow(user.userId)
    await until(async () =>
      Customers.exists({ identities: { $elemMatch: { externalId: user.userId, reachable: false } } }),
    )
    await shop.line.follow(user.userId)
    await until(async () =>
      Customers.exists({ identities: { $elemMatch: { externalId: user.userId, reachable: true } } }),
    )
  })

  it('makes the bot say goodbye and leave where it is a group', async () => {
    const { line } = shop
    const [first, second] = [line.createUser({}), line.createUser({})]
    await line.joinGroup([first.userId, second.userId])
    await until(async () => line.calls().some(({ path }) => /\/group\/.*\/leave/.test(path)))
    assert(
      line
        .calls()
        .some(({ path, body }) => path.endsWith('/reply') && JSON.stringify(body).includes('ตัวต่อตัว')),
    )
  })

  describe('and what anybody else sends to that address', () => {
    const body = () => JSON.stringify({ destination: shop.sandbox.channel.botUserId, events: [] })

    it('is refused without a signature, with a wrong one, and when it was altered', async () => {
      const events = await Inbox.countDocuments()
      assert.equal((await post(body())).status, 401)
      assert.equal((await post(body(), { 'x-line-signature': 'AAAA' })).status, 401)
      assert.equal((await post(`${body()} `, { 'x-line-signature': sign(body()) })).status, 401)
      assert.equal(await Inbox.countDocuments(), events)
    })

    it('is refused when it is too large, or no JSON, or for a channel that is not there', async () => {
      assert.equal((await post(Buffer.alloc(1_100_000, 97), { 'x-line-signature': 'AAAA' })).status, 413)
      assert.equal((await post('hello', { 'x-line-signature': sign('hello') })).status, 400)
      assert.equal((await post('[]', { 'x-line-signature': sign('[]') })).status, 400)
      const nowhere = await fetch(`${shop.server.url}/webhooks/viber`, { method: 'POST', body: '{}' })
      assert.equal(nowhere.status, 404)
    })

    it("is accepted when it is LINE's own check, and noted for the page of what is ready", async () => {
      const { status } = await shop.line.webhook.verify()
      assert.equal(status, 200)
      await until(async () => (await Connections.findById('line').lean())?.lastWebhookAt)
    })

    it('is stored and left alone when nobody knows its type', async () => {
      const user = shop.line.createUser({})
      const before = await Customers.countDocuments()
      for (const event of [
        { type: 'telepathy', source: { type: 'user', userId: user.userId } },
        { type: 'message', message: null, source: { type: 'alien' } },
        { type: 7 },
        null,
        'text',
      ]) {
        assert.equal((await shop.line.webhook.sendRaw([event])).status, 200)
      }
      await shop.line.emit(
        {
          type: 'message',
          message: { type: 'text', id: '1', text: 'hi' },
          source: { type: 'user', userId: user.userId },
        } as never,
        { mode: 'standby' },
      )
      await brokerIdle()
      assert.equal(await Customers.countDocuments(), before)
      assert(await Inbox.exists({ 'payload.event.type': 'telepathy', state: 'DONE' }))
    })

    it('keeps a message of a kind that nobody knows, so that staff see that there is one', async () => {
      const user = await shop.meet()
      await shop.line.emit(
        {
          type: 'message',
          message: { type: 'hologram', id: '77001', depth: 3 },
          source: { type: 'user', userId: user.userId },
        } as never,
        { replyable: true },
      )
      const stored = await until(async () => Messages.findOne({ externalId: '77001' }).lean())
      assert.equal(stored.kind, 'unknown')
    })
  })
})
