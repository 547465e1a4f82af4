import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Conversations, Messages } from '../../models/conversation.ts'
import { StaffTasks } from '../../models/shop.ts'
import type { LineUser } from '../../sandbox/line/types.ts'
import type { MessageView } from '../../server/conversation/contract.ts'
import { say } from '../../server/conversation/index.ts'
import { inWords } from '../../server/language/index.ts'
import type { ReadinessRow } from '../../server/shop/contract.ts'
import { type ChatShop, conversationWith, openShop, shopSays, until } from '../support/chat.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs } from '../support/people.ts'

describe('what the shop sends on LINE', () => {
  let shop: ChatShop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const write = async (user: LineUser, text: string, clientId: string = randomUUID()) => {
    const { _id } = await conversationWith(user)
    return expectStatus<MessageView>(
      200,
      shop.staff.post(`/api/conversations/${_id}/messages`, { kind: 'text', text, clientId }),
    )
  }
  const settled = (id: string, state: string) =>
    until(async () => Messages.findOne({ _id: id, state } as never).lean())
  const paths = (from: number) =>
    shop.line
      .calls()
      .slice(from)
      .map(({ path }) => path)
      .filter((path) => /\/(push|reply)$/.test(path))
      .map((path) => path.split('/').at(-1))
  /** The reply token of the last message is used up, so that what follows is pushed. */
  const useToken = async (user: LineUser) =>
    Conversations.updateOne({ externalId: user.userId }, { $set: { reply: null } })
  const received = (user: LineUser, text: string) =>
    shop.line.received(user.userId).filter(shopSays(text)).length

  it('goes by the free reply token first, and by a push afterwards', async () => {
    const user = await shop.meet()
    await shop.line.say(user.userId, 'hello?')
    await until(async () => (await conversationWith(user)).reply)
    const before = shop.line.calls().length
    await settled((await write(user, 'by reply')).id, 'sent')
    await settled((await write(user, 'by push')).id, 'sent')
    assert.deepEqual(paths(before), ['reply', 'push'])
    assert.equal((await conversationWith(user)).waitingSince, null)
  })

  it('is pushed when LINE no longer takes the reply token', async () => {
    const user = await shop.meet()
    await shop.line.say(user.userId, 'hello?')
    await until(async () => (await conversationWith(user)).reply)
    shop.sandbox.faults.set('line', 'replyTokenSeconds', -1)
    const before = shop.line.calls().length
    await settled((await write(user, 'late answer')).id, 'sent')
    assert.deepEqual(paths(before), ['reply', 'push'])
    assert.equal(received(user, 'late answer'), 1)
  })

  it('is one message for one clientId', async () => {
    const user = await shop.meet()
    const clientId = randomUUID()
    const all = await Promise.all([1, 2, 3, 4].map(() => write(user, 'tapped four times', clientId)))
    assert.equal(new Set(all.map(({ id }) => id)).size, 1)
    await settled(all[0]?.id ?? '', 'sent')
    assert.equal(received(user, 'tapped four times'), 1)
  })

  for (const fault of ['failAfterAccepting', 'hangUpAfterAccepting', 'failBeforeAccepting', 'rateLimited']) {
    it(`arrives once when a push meets ${fault}`, async () => {
      const user = await shop.meet()
      await useToken(user)
      shop.sandbox.faults.set('line', fault, true, 1)
      const { id } = await write(user, `despite ${fault}`)
      const message = await settled(id, 'sent')
      assert.equal(received(user, `despite ${fault}`), 1)
      assert(message.tries > 1)
      assert(message.externalId, "LINE's id is known even when only the second answer told it")
    })
  }

  it('is in doubt when a reply is never answered, and staff decide', async () => {
    const user = await shop.meet()
    await shop.line.say(user.userId, 'hello?')
    await until(async () => (await conversationWith(user)).reply)
    shop.sandbox.faults.set('line', 'hangUpAfterAccepting', true, 1)
    const { id } = await write(user, 'did it arrive?')
    const message = await settled(id, 'unknown')
    assert.match(message.failure ?? '', /LINE/)
    assert(await StaffTasks.exists({ kind: 'message.unknown', subject: id, state: 'open' }))
    await expectStatus(200, shop.staff.post(`/api/messages/${id}/discard`))
    assert(await StaffTasks.exists({ kind: 'message.unknown', subject: id, state: 'done' }))
    assert.equal(received(user, 'did it arrive?'), 1)
    await expectStatus(409, shop.staff.post(`/api/messages/${id}/resend`))
  })

  it('fails in plain words when the month is used up, and goes out when sent again', async () => {
    const user = await shop.meet()
    await useToken(user)
    shop.sandbox.faults.set('line', 'monthlyLimitReached', true, 1)
    const { id } = await write(user, 'over the limit')
    const message = await settled(id, 'failed')
    assert.match(message.failure ?? '', /เดือนนี้/)
    assert(await StaffTasks.exists({ kind: 'channel.quota', state: 'open' }))
    await expectStatus(200, shop.staff.post(`/api/messages/${id}/resend`))
    await settled(id, 'sent')
    assert.equal(received(user, 'over the limit'), 1)
  })

  it('fails, with a task and a red light, while LINE does not take the token', async () => {
    const user = await shop.meet()
    await useToken(user)
    shop.sandbox.faults.set('line', 'tokenRevoked', true)
    const { id } = await write(user, 'nobody hears this')
    await settled(id, 'failed')
    const task = { kind: 'channel.token', subject: 'line' }
    assert(await StaffTasks.exists({ ...task, state: 'open' }))
    const manager = await loginAs(shop.server.url, 'manager')
    const light = async () => {
      const rows = await expectStatus<ReadinessRow[]>(200, manager.get('/api/readiness'))
      return rows.find((row) => row.id === 'line')
    }
    assert.equal((await light())?.state, 'attention')
    assert.match(inWords('en', (await light())?.advice ?? ''), /LINE_CHANNEL_ACCESS_TOKEN/)
    shop.sandbox.faults.set('line', 'tokenRevoked', false)
    await expectStatus(200, shop.staff.post(`/api/messages/${id}/resend`))
    await until(async () => (await light())?.state === 'ready')
    assert(await StaffTasks.exists({ ...task, state: 'done' }))
  })

  it('does not pretend to reach somebody who has blocked the shop', async () => {
    const user = await shop.meet()
    await shop.line.unfollow(user.userId)
    await until(async () => {
      const { _id } = await conversationWith(user)
      return Messages.exists({ conversation: _id, kind: 'event', 'data.event': 'unfollow' })
    })
    const message = await settled((await write(user, 'are you there?')).id, 'failed')
    assert.match(message.failure ?? '', /บล็อก/)
  })

  it('keeps its order, and goes together where it waited together', async () => {
    const user = await shop.meet()
    await useToken(user)
    shop.sandbox.faults.set('line', 'latencyMs', 150)
    const texts = Array.from({ length: 7 }, (_, index) => `number ${index}`)
    for (const text of texts) await write(user, text)
    await until(async () => received(user, 'number 6') === 1)
    const seen = shop.line
      .received(user.userId)
      .map(({ message }) => String(message['text']))
      .filter((text) => text.startsWith('number'))
    assert.deepEqual(seen, texts)
  })

  it('is cut where it is too long for one message, between letters', async () => {
    const user = await shop.meet()
    await useToken(user)
    const long = `${'ก็'.repeat(2600)} ${'👩‍👩‍👧‍👦'.repeat(300)}`
    await settled((await write(user, long)).id, 'sent')
    const pieces = shop.line
      .received(user.userId)
      .map(({ message }) => String(message['text']))
      .filter((text) => text.includes('ก็') || text.includes('👩'))
    assert(pieces.length > 1)
    assert.equal(pieces.join('').replaceAll(' ', ''), long.replaceAll(' ', ''))
    for (const piece of pieces) {
      assert(piece.length <= 5000)
      assert(piece.isWellFormed())
      assert(!/^[็\u200d]/u.test(piece), 'no piece begins inside a letter')
    }
  })

  it('goes on where its process died while pushing, under the same key', async () => {
    const user = await shop.meet()
    await useToken(user)
    const { _id } = await conversationWith(user)
    // As it lies in the database after a kill: LINE has taken it, and nobody was left to note that.
    const retryKey = randomUUID()
    shop.sandbox.faults.set('line', 'failAfterAccepting', true)
    const cutOff = { state: 'sending' as const, via: 'push' as const, retryKey, tries: 1 }
    const message = await say({
      conversation: _id,
      channel: 'line',
      kind: 'text',
      text: 'half sent',
      author: 'bot',
    })
    await until(async () => received(user, 'half sent') === 1)
    shop.sandbox.faults.reset()
    const { retryKey: used } = await until(async () =>
      Messages.findOne({ _id: message._id, retryKey: { $ne: null } }).lean(),
    )
    await Messages.updateOne({ _id: message._id }, { $set: { ...cutOff, retryKey: used, sendAfter: null } })
    await settled(String(message._id), 'sent')
    assert.equal(received(user, 'half sent'), 1)
  })

  it('is in doubt where its process died while replying', async () => {
    const user = await shop.meet()
    const { _id, channel } = await conversationWith(user)
    await Conversations.updateOne(
      { _id },
      { $set: { sendLease: { owner: 'dead', until: new Date(Date.now() + 60_000) } } },
    )
    const message = await say({ conversation: _id, channel, kind: 'text', text: 'cut off', author: 'bot' })
    await Messages.updateOne({ _id: message._id }, { $set: { state: 'sending', via: 'reply', tries: 1 } })
    await Conversations.updateOne({ _id }, { $set: { sendLease: null } })
    await settled(String(message._id), 'unknown')
    assert.equal(received(user, 'cut off'), 0)
  })

  it('never sends a note', async () => {
    const user = await shop.meet()
    const { _id } = await conversationWith(user)
    const note = await expectStatus<MessageView>(
      200,
      shop.staff.post(`/api/conversations/${_id}/messages`, {
        kind: 'note',
        text: 'between us: he always pays late',
        clientId: randomUUID(),
      }),
    )
    assert.equal(note.direction, 'note')
    await settled((await write(user, 'visible')).id, 'sent')
    assert.equal(received(user, 'between us'), 0)
  })

  it('can be a picture, without what the camera wrote into it', async () => {
    const user = await shop.meet()
    const { _id } = await conversationWith(user)
    const { default: sharp } = await import('sharp')
    const bytes = await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#0b6b4f' } })
      .withExif({ IFD0: { Copyright: 'a secret place' } })
      .jpeg()
      .toBuffer()
    const { body } = await shop.staff.send<{ mediaId: string }>('POST', `/api/conversations/${_id}/media`, {
      headers: { 'content-type': 'image/jpeg' },
      body: new Uint8Array(bytes),
    })
    const message = await expectStatus<MessageView>(
      200,
      shop.staff.post(`/api/conversations/${_id}/messages`, {
        kind: 'image',
        mediaId: body.mediaId,
        clientId: randomUUID(),
      }),
    )
    await settled(message.id, 'sent')
    const entry = await shop.line.waitFor(user.userId, ({ message: sent }) => sent['type'] === 'image')
    const picture = await fetch(String(entry.message['originalContentUrl']))
    const stored = Buffer.from(await picture.arrayBuffer())
    assert(!stored.includes('a secret place'))
    assert.equal((await sharp(stored).metadata()).width, 2048)
    const wrong = await shop.staff.send('POST', `/api/conversations/${_id}/media`, {
      headers: { 'content-type': 'image/png' },
      body: '<svg onload="alert(1)"/>',
    })
    assert.equal(wrong.status, 400)
  })
})
