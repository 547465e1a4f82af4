import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type LineWorld, refused, startLine } from '../support/line-sandbox.ts'

const hello = { type: 'text', text: 'สวัสดี' } as const

describe('sending through the simulated LINE', () => {
  let world: LineWorld

  before(async () => {
    world = await startLine()
  })
  afterEach(() => world.faults.reset())
  after(() => world.close())

  const newFriend = () => world.line.createUser({ displayName: 'Somchai' }).userId
  const texts = (userId: string) => world.line.received(userId).map(({ message }) => message['text'])

  describe('a reply', () => {
    const tokenOf = async (userId: string): Promise<string> => {
      await world.line.say(userId, 'a question')
      return world.events().at(-1)?.replyToken ?? ''
    }

    it('reaches the person who wrote, once for each token', async () => {
      const userId = newFriend()
      const replyToken = await tokenOf(userId)
      const { sentMessages } = await world.client.replyMessage({ replyToken, messages: [hello] })
      assert.deepEqual(texts(userId), ['สวัสดี'])
      assert.equal(sentMessages[0]?.id, world.line.received(userId)[0]?.id)

      const again = await refused(world.client.replyMessage({ replyToken, messages: [hello] }))
      assert.equal(again.status, 400)
      assert.equal(again.body.message, 'Invalid reply token')
      assert.equal(texts(userId).length, 1)
    })

    it('is too late after a minute', async () => {
      const replyToken = await tokenOf(newFriend())
      world.line.advance(61_000)
      const late = await refused(world.client.replyMessage({ replyToken, messages: [hello] }))
      assert.equal(late.body.message, 'Invalid reply token')
    })

    it('refuses a retry key, and leaves the token unused', async () => {
      const userId = newFriend()
      const replyToken = await tokenOf(userId)
      const response = await fetch(`${world.url}/v2/bot/message/reply`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${world.channel.accessToken}`,
          'content-type': 'application/json',
          'x-line-retry-key': randomUUID(),
        },
        body: JSON.stringify({ replyToken, messages: [hello] }),
      })
      assert.equal(response.status, 400)
      await world.client.replyMessage({ replyToken, messages: [hello] })
      assert.equal(texts(userId).length, 1)
    })

    it('keeps its token when the message was not valid', async () => {
      const replyToken = await tokenOf(newFriend())
      await refused(world.client.replyMessage({ replyToken, messages: [{ type: 'text', text: '' }] }))
      await world.client.replyMessage({ replyToken, messages: [hello] })
    })
  })

  describe('a push', () => {
    it('is done once for each retry key, and says what was sent the first time', async () => {
      const to = newFriend()
      const key = randomUUID()
      const first = await world.client.pushMessageWithHttpInfo({ to, messages: [hello] }, key)
      const second = await refused(world.client.pushMessage({ to, messages: [hello] }, key))
      assert.equal(second.status, 409)
      assert.equal(second.body.message, 'The retry key is already accepted')
      assert.deepEqual(second.body.sentMessages, first.body.sentMessages)
      assert.equal(
        second.headers.get('x-line-accepted-request-id'),
        first.httpResponse.headers.get('x-line-request-id'),
      )
      assert.equal(texts(to).length, 1)
    })

    it('forgets a retry key after a day', async () => {
      const to = newFriend()
      const key = randomUUID()
      await world.client.pushMessage({ to, messages: [hello] }, key)
      world.line.advance(24 * 3600_000)
      await world.client.pushMessage({ to, messages: [hello] }, key)
      assert.equal(texts(to).length, 2)
    })

    it('can fail after it was sent, and the key then tells', async () => {
      const to = newFriend()
      const key = randomUUID()
      world.faults.set('line', 'failAfterAccepting', true, 1)
      assert.equal((await refused(world.client.pushMessage({ to, messages: [hello] }, key))).status, 500)
      assert.equal((await refused(world.client.pushMessage({ to, messages: [hello] }, key))).status, 409)
      assert.equal(texts(to).length, 1)
    })

    it('can fail before it was sent, and the key then sends it', async () => {
      const to = newFriend()
      const key = randomUUID()
      world.faults.set('line', 'failBeforeAccepting', true, 1)
      assert.equal((await refused(world.client.pushMessage({ to, messages: [hello] }, key))).status, 500)
      await world.client.pushMessage({ to, messages: [hello] }, key)
      assert.equal(texts(to).length, 1)
    })

    it('can lose its answer on the way', async () => {
      const to = newFriend()
      world.faults.set('line', 'hangUpAfterAccepting', true, 1)
      await assert.rejects(world.client.pushMessage({ to, messages: [hello] }, randomUUID()), /fetch failed/)
      assert.equal(texts(to).length, 1)
    })

    it('is answered with two kinds of 429, which only the message tells apart', async () => {
      const to = newFriend()
      world.faults.set('line', 'rateLimited', true, 1)
      const busy = await refused(world.client.pushMessage({ to, messages: [hello] }))
      assert.equal(busy.body.message, 'The API rate limit has been exceeded. Try again later.')
      world.faults.set('line', 'monthlyLimitReached', true, 1)
      const spent = await refused(world.client.pushMessage({ to, messages: [hello] }))
      assert.equal(spent.body.message, 'You have reached your monthly limit.')
      assert.deepEqual([busy.status, spent.status], [429, 429])
      assert.equal(texts(to).length, 0)
    })

    it('counts toward the quota, until that is used up', async () => {
      const to = newFriend()
      const { totalUsage } = await world.client.getMessageQuotaConsumption()
      world.faults.set('line', 'monthlyLimit', totalUsage + 1)
      assert.deepEqual(await world.client.getMessageQuota(), { type: 'limited', value: totalUsage + 1 })
      await world.client.pushMessage({ to, messages: [hello] })
      assert.equal((await refused(world.client.pushMessage({ to, messages: [hello] }))).status, 429)
    })

    it('to somebody unknown is refused', async () => {
      const to = `U${'0'.repeat(32)}`
      const unknown = await refused(world.client.pushMessage({ to, messages: [hello] }))
      assert.equal(unknown.body.message, 'Failed to send messages')
      const garbled = await refused(world.client.pushMessage({ to: 'somchai', messages: [hello] }))
      assert.match(garbled.body.message, /^The property, 'to', in the request body is invalid/)
    })

    it('to somebody who blocked the shop succeeds, and nobody sees it', async () => {
      const to = newFriend()
      await world.line.unfollow(to)
      const { sentMessages } = await world.client.pushMessage({ to, messages: [hello] })
      assert.equal(sentMessages.length, 1)
      assert.deepEqual(texts(to), [])
    })

    it('reaches a stranger for seven days after he wrote', async () => {
      const { userId: to } = world.line.createUser({ follow: false })
      await world.line.say(to, 'hello?')
      await world.client.pushMessage({ to, messages: [hello] })
      world.line.advance(8 * 24 * 3600_000)
      await world.client.pushMessage({ to, messages: [hello] })
      assert.equal(texts(to).length, 1)
    })
  })

  it('multicasts to many, each once', async () => {
    const [a, b] = [newFriend(), newFriend()]
    await world.client.multicast({ to: [a, b, a], messages: [hello] }, randomUUID())
    assert.deepEqual([texts(a).length, texts(b).length], [1, 1])
    const nobody = await refused(world.client.multicast({ to: [], messages: [hello] }))
    assert.equal(nobody.status, 400)
  })
})
