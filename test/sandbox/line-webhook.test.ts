import assert from 'node:assert/strict'
import { type LineWorld, startLine } from '../support/line-sandbox.ts'

describe("the simulated LINE's webhooks", () => {
  let world: LineWorld
  let userId: string

  beforeEach(async () => {
    world = await startLine()
    userId = world.line.createUser().userId
  })
  afterEach(() => world.close())

  const last = () => {
    const event = world.events().at(-1)
    assert.ok(event)
    return event
  }

  it('are signed over the very bytes, whatever is escaped in them', async () => {
    for (const escapes of ['emoji', 'always', 'never']) {
      world.faults.set('line', 'webhookEscapes', escapes)
      await world.line.say(userId, 'ขอบคุณครับ 🙏')
      assert.equal(world.arrived.at(-1)?.signed, true)
      assert.equal(last().message?.text, 'ขอบคุณครับ 🙏')
    }
    const [emoji, always, never] = world.arrived.map(({ body }) => body)
    assert.match(emoji ?? '', /ขอบคุณครับ \\ud83d\\ude4f/)
    assert.match(always ?? '', /\\u0e02/)
    assert.match(never ?? '', /🙏/)
  })

  it('can be signed with a wrong secret', async () => {
    world.faults.set('line', 'webhookBadSignature', true, 1)
    await world.line.say(userId, 'trust me')
    assert.equal(world.arrived.at(-1)?.signed, false)
  })

  it('tell of everything that people do', async () => {
    const stranger = world.line.createUser({ follow: false }).userId
    await world.line.follow(stranger)
    assert.deepEqual([last().type, last()['follow']], ['follow', { isUnblocked: false }])
    await world.line.unfollow(stranger)
    assert.deepEqual([last().type, last().replyToken], ['unfollow', undefined])
    await world.line.follow(stranger)
    assert.deepEqual(last()['follow'], { isUnblocked: true })

    await world.line.sendSticker(userId, { packageId: '446', stickerId: '1988' })
    assert.equal(last().message?.type, 'sticker')
    assert.ok(last().message?.['quoteToken' as 'text'], 'it can be quoted')
    await world.line.sendLocation(userId, { latitude: 13.7, longitude: 100.5 })
    assert.equal(last().message?.type, 'location')
    assert.equal(last().message?.['quoteToken' as 'text'], undefined, 'it cannot')
    await world.line.sendMedia(
      userId,
      { contentType: 'application/pdf', bytes: Buffer.from('%PDF') },
      { fileName: 'slip.pdf' },
    )
    assert.deepEqual(
      [last().message?.type, last().message?.['fileName' as 'text'], last().message?.['fileSize' as 'text']],
      ['file', 'slip.pdf', 4],
    )
    await world.line.postback(userId, 'date', { params: { date: '2026-11-21' } })
    assert.deepEqual(last().postback, { data: 'date', params: { date: '2026-11-21' } })
    const messageId = await world.line.say(userId, 'oops')
    await world.line.unsend(userId, messageId)
    assert.deepEqual([last().type, last()['unsend']], ['unsend', { messageId }])
    const groupId = await world.line.joinGroup([userId])
    assert.deepEqual([last().type, last().source], ['join', { type: 'group', groupId }])
    await world.line.sayInGroup(groupId, userId, 'hi all')
    assert.deepEqual(last().source, { type: 'group', groupId, userId })
  })

  it('carry ids that differ, and a time in milliseconds', async () => {
    await world.line.say(userId, 'one')
    await world.line.say(userId, 'two')
    const [one, two] = world.events()
    assert.notEqual(one?.webhookEventId, two?.webhookEventId)
    assert.match(one?.webhookEventId ?? '', /^[0-9A-HJKMNP-TV-Z]{26}$/)
    assert.ok(BigInt(one?.message?.id ?? 0) < BigInt(two?.message?.id ?? 0))
    assert.ok(Math.abs(Date.now() - (one?.timestamp ?? 0)) < 60_000)
  })

  it('come again, with the same ids and marked, until the shop takes them', async () => {
    world.faults.set('line', 'webhookRedelivery', true)
    world.faults.set('line', 'webhookRedeliveryMs', 10)
    world.answer.status = 500
    await world.line.say(userId, 'are you there?')
    world.answer.status = 200
    await world.line.settled()
    const [first, ...again] = world.events()
    assert.ok(again.length >= 1)
    for (const event of again) {
      assert.equal(event.webhookEventId, first?.webhookEventId)
      assert.equal(event.replyToken, first?.replyToken)
      assert.equal(event.deliveryContext.isRedelivery, true)
    }
    assert.equal(world.line.deliveries().at(-1)?.status, 200)
  })

  it('do not come again by default', async () => {
    world.answer.status = 500
    await world.line.say(userId, 'are you there?')
    await world.line.settled()
    assert.equal(world.arrived.length, 1)
    assert.equal(world.line.deliveries()[0]?.reason, 'error_status_code')
  })

  it('give up on a shop that is too slow', async () => {
    world.faults.set('line', 'webhookTimeoutMs', 20)
    world.answer.afterMs = 300
    await world.line.say(userId, 'hello')
    assert.equal(world.line.deliveries()[0]?.reason, 'request_timeout')
  })

  it('can come twice, or never', async () => {
    world.faults.set('line', 'webhookDuplicates', 1, 1)
    await world.line.say(userId, 'twice')
    assert.equal(world.arrived.length, 2)
    assert.equal(world.arrived[0]?.body, world.arrived[1]?.body)
    world.faults.set('line', 'webhookLost', true, 1)
    await world.line.say(userId, 'never')
    assert.equal(world.arrived.length, 2)
    assert.equal(world.line.deliveries().at(-1)?.reason, 'lost')
  })

  it('can bring the events of many people in one request, in any order', async () => {
    const other = world.line.createUser({ displayName: 'Amy' }).userId
    world.faults.set('line', 'webhookBatch', 10)
    world.faults.set('line', 'webhookShuffled', true)
    for (let turn = 0; turn < 5; turn++) {
      await world.line.say(userId, `a${turn}`)
      await world.line.say(other, `b${turn}`)
    }
    assert.equal(world.arrived.length, 1)
    const said = world.events().map(({ message }) => message?.text)
    assert.deepEqual([...said].sort(), ['a0', 'a1', 'a2', 'a3', 'a4', 'b0', 'b1', 'b2', 'b3', 'b4'])
  })

  it('in standby carry no reply token', async () => {
    await world.line.emit(
      { type: 'message', message: { id: '1', type: 'text', text: 'hi' }, source: { type: 'user', userId } },
      { replyable: true, mode: 'standby' },
    )
    assert.deepEqual([last().mode, last().replyToken], ['standby', undefined])
  })

  it('stop while the person blocks the shop', async () => {
    await world.line.unfollow(userId)
    await assert.rejects(world.line.say(userId, 'hello'), /has blocked the shop/)
  })
})
