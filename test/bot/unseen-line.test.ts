import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Inbox } from '../../models/broker.ts'
import { Conversations, Messages } from '../../models/conversation.ts'
import { StaffTasks } from '../../models/shop.ts'
import { checkMessages } from '../../sandbox/line/validate/messages.ts'
import { brokerIdle } from '../../server/broker/index.ts'
import { shopSettings } from '../../server/shop/index.ts'
import { type ChatShop, openShop, until } from '../support/chat.ts'
import { extremeCards } from '../support/extreme-cards.ts'

type Fields = Record<string, unknown>

/** What LINE's own description of its webhooks names, and what nobody has named yet. */
describe('what LINE may send', () => {
  let shop: ChatShop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const group = { source: { type: 'group', groupId: 'C4af4980629', userId: 'U1' } }
  const event = (type: unknown, more: Fields = {}, userId: unknown = `U${randomUUID()}`): Fields => ({
    type,
    mode: 'active',
    timestamp: Date.now(),
    source: { type: 'user', userId },
    webhookEventId: randomUUID(),
    deliveryContext: { isRedelivery: false },
    replyToken: randomUUID(),
    ...more,
  })
  const said = (message: Fields, more: Fields = {}) =>
    event('message', { message: { id: randomUUID(), type: 'text', text: 'hello', ...message }, ...more })
  /** Every event gets its 200, and is followed without an accident; answers what was stored of it. */
  const take = async (...events: unknown[]) => {
    const { status } = await shop.line.webhook.sendRaw(events)
    assert.equal(status, 200, JSON.stringify(events).slice(0, 300))
    await brokerIdle()
    const wrong = await Inbox.findOne({ $or: [{ state: 'DEAD' }, { lastError: { $ne: null } }] }).lean()
    assert.equal(wrong?.lastError, undefined, JSON.stringify(events).slice(0, 300))
  }
  const stored = (externalId: unknown) =>
    until(async () => Messages.findOne({ externalId: String(externalId) }).lean())

  it('is seen by staff when it is a message, of whatever kind and from wherever', async () => {
    const contentProvider = { type: 'line' }
    const inside = {
      type: 'external',
      originalContentUrl: 'http://127.0.0.1:9/',
      previewImageUrl: 'file:///x',
    }
    const kinds: [string, Fields][] = [
      ['text', { emojis: [{ index: 0, length: 5, productId: '1', emojiId: '2' }], quotedMessageId: '9' }],
      ['text', { mention: { mentionees: [{ index: 0, length: 4, type: 'all' }] } }],
      ['image', { contentProvider, imageSet: { id: 'A', index: 1, total: 2 } }],
      ['image', { contentProvider: inside }],
      ['video', { contentProvider, duration: 60_000 }],
      ['audio', { contentProvider, duration: 60_000 }],
      ['file', { fileName: '../../etc/passwd', fileSize: -1 }],
      ['location', { latitude: 35.6, longitude: 139.7, title: 'here', address: 'Tokyo' }],
      ['location', { latitude: null, longitude: 'x' }],
      [
        'sticker',
        { packageId: '1', stickerId: '2', stickerResourceType: 'MESSAGE', keywords: ['a'], text: 'b' },
      ],
    ]
    const messages = kinds.map(([type, more]) => ({ type, id: randomUUID(), ...more }))
    await take(...messages.map((message) => event('message', { message })))
    for (const { id, type } of messages) assert.equal((await stored(id)).kind, type)
    const elsewhere = await stored(messages[3]?.id)
    assert.equal(elsewhere.media, null, 'what lies elsewhere is not fetched')
  })

  it('makes no conversation when it is about a group, the account or something of tomorrow', async () => {
    const before = await Conversations.countDocuments()
    await take(
      event('leave', group),
      event('memberJoined', { ...group, joined: { members: [{ type: 'user', userId: 'U1' }] } }),
      event('memberLeft', { ...group, left: { members: [] } }),
      event('join', { source: { type: 'room', roomId: 'R1' } }),
      said({}, group),
      event('videoPlayComplete', { videoPlayComplete: { trackingId: 't' } }),
      event('beacon', { beacon: { hwid: 'd41d8cd98f', type: 'enter' } }),
      event('accountLink', { link: { result: 'failed', nonce: 'n' }, source: undefined }),
      event('membership', { membership: { type: 'renewed', membershipId: 3189 } }),
      event('module', { module: { type: 'attached', botId: 'U1', scopes: [] } }),
      event('activated', { chatControl: { expireAt: 1 } }),
      event('deactivated'),
      event('botResumed', { source: undefined }),
      event('delivery', { delivery: { data: '15034552939884E2' } }),
      event('things', { things: { deviceId: 't2c449c9d1', type: 'link' } }),
      event('somethingNew', { foo: { bar: [1] } }),
      event('message'),
      event('postback'),
      event('message', { message: { type: 'text', id: '', text: 'without an id' } }),
      event(5),
      said({}, { source: 'nobody' }),
      [],
      null,
      {},
    )
    assert.equal(await Conversations.countDocuments(), before)
  })

  it('is a task for staff when the account is suspended', async () => {
    await take(event('botSuspended', { source: undefined }))
    await until(async () => StaffTasks.exists({ kind: 'channel.warning', summary: /suspended/ }))
  })

  it('is kept whatever shape it has, and spoils nothing else of its batch', async () => {
    const id = { before: randomUUID(), odd: randomUUID(), after: randomUUID(), number: 468_789_577_898 }
    const nested = JSON.parse(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`) as Fields
    const odd = {
      'nul\0key': 1,
      $set: { x: 1 },
      'a.b': 1,
      _bsontype: 'ObjectId',
      inner: { _bsontype: 'Code', code: 1 },
      ['__proto__']: { polluted: true },
      nested,
    }
    await take(
      said({ id: id.before }),
      said({ id: id.odd, text: 'nul\0 and \ud800', ...odd }),
      said({ id: id.number }),
      event('messageEdited', { timestamp: 1e300, message: { id: 'e1', type: 'text', text: 'edited' } }),
      said({}, { timestamp: -1e300 }),
      said({}, { timestamp: '1462629479859' }),
      said({}, { webhookEventId: '', deliveryContext: null }),
      said({ id: id.after }, { webhookEventId: '' }),
    )
    for (const one of Object.values(id)) await stored(one)
    assert.equal(({} as Fields)['polluted'], undefined)
  })

  it('is answered with cards that keep its limits, whatever is in them', async () => {
    for (const [what, { card, text }] of extremeCards('line', await shopSettings(), 'L')) {
      const messages = [{ type: 'flex', altText: text, contents: card }]
      assert.doesNotThrow(() => checkMessages({ messages }), what)
    }
  })
})
