import assert from 'node:assert/strict'
import { messagingApi } from '@line/bot-sdk'
import { type LineWorld, refused, startLine } from '../support/line-sandbox.ts'

const hello = { type: 'text', text: 'สวัสดี' } as const

describe("the simulated LINE's API", () => {
  let world: LineWorld

  before(async () => {
    world = await startLine()
  })
  afterEach(() => world.faults.reset())
  after(() => world.close())

  const newFriend = () => world.line.createUser({ displayName: 'Somchai' }).userId

  describe('access', () => {
    it('is refused with a wrong token', async () => {
      const stranger = new messagingApi.MessagingApiClient({
        channelAccessToken: 'wrong',
        baseURL: world.url,
      })
      const { status, body, headers } = await refused(stranger.getBotInfo())
      assert.equal(status, 401)
      assert.match(body.message, /^Authentication failed due to the following reason: /)
      assert.match(headers.get('x-line-request-id') ?? '', /^[0-9a-f-]{36}$/)
    })

    it('ends with a short-lived token, after its 15 minutes', async () => {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: world.channel.channelId,
        client_secret: world.channel.channelSecret,
      })
      const issued = await fetch(`${world.url}/oauth2/v3/token`, { method: 'POST', body: form })
      const { access_token: channelAccessToken } = (await issued.json()) as { access_token: string }
      const client = new messagingApi.MessagingApiClient({ channelAccessToken, baseURL: world.url })
      assert.equal((await client.getBotInfo()).userId, world.channel.botUserId)

      world.line.advance(16 * 60_000)
      assert.match((await refused(client.getBotInfo())).body.message, /expired/)
    })

    it('is refused to a login channel', async () => {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: world.channel.loginChannelId,
        client_secret: world.channel.loginChannelSecret,
      })
      const issued = await fetch(`${world.url}/v2/oauth/accessToken`, { method: 'POST', body: form })
      const { access_token: channelAccessToken } = (await issued.json()) as { access_token: string }
      const client = new messagingApi.MessagingApiClient({ channelAccessToken, baseURL: world.url })
      assert.equal((await refused(client.getBotInfo())).status, 401)
    })
  })

  it('shows the profile of friends, and of nobody else', async () => {
    const userId = newFriend()
    const profile = await world.client.getProfile(userId)
    assert.equal(profile.displayName, 'Somchai')
    assert.equal((await fetch(profile.pictureUrl ?? '')).status, 200)
    await world.line.unfollow(userId)
    const blocked = await refused(world.client.getProfile(userId))
    assert.deepEqual([blocked.status, blocked.body.message], [404, 'Not found'])
    const { userId: stranger } = world.line.createUser({ follow: false })
    assert.equal((await refused(world.client.getProfile(stranger))).status, 404)
  })

  it('shows the loading animation until a message comes', async () => {
    const chatId = newFriend()
    await world.client.showLoadingAnimation({ chatId, loadingSeconds: 10 })
    assert.ok(world.line.view(chatId).loadingFor > 5000)
    await world.client.pushMessage({ to: chatId, messages: [hello] })
    assert.equal(world.line.view(chatId).loadingFor, 0)
    const odd = await refused(world.client.showLoadingAnimation({ chatId, loadingSeconds: 7 }))
    assert.equal(odd.body.details?.[0]?.property, 'loadingSeconds')
  })

  it('marks everything up to a message as read', async () => {
    const userId = newFriend()
    await world.line.say(userId, 'one')
    await world.line.say(userId, 'two')
    const markAsReadToken = String(world.events().at(-1)?.message?.['markAsReadToken' as 'text'])
    await world.client.markMessagesAsReadByToken({ markAsReadToken })
    assert.deepEqual(
      world.line.chat(userId).map(({ read }) => read),
      [true, true],
    )
  })

  describe('the file that somebody sent', () => {
    const bytes = Buffer.from('not really a picture, but it is what was sent')

    it('can be fetched as it was sent', async () => {
      const id = await world.line.sendMedia(newFriend(), { contentType: 'image/jpeg', bytes })
      const response = await download(id)
      assert.equal(response.headers.get('content-type'), 'image/jpeg')
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes)
    })

    it('is not ready at first, there in between, and gone later', async () => {
      const id = await world.line.sendMedia(newFriend(), { contentType: 'video/mp4', bytes })
      world.faults.set('line', 'contentNotReady', true)
      assert.equal((await download(id)).status, 202)
      assert.deepEqual(await world.blobs.getMessageContentTranscodingByMessageId(id), {
        status: 'processing',
      })
      world.faults.reset()
      assert.equal((await download(id)).status, 200)
      world.faults.set('line', 'contentGone', true)
      assert.equal((await download(id)).status, 404)
    })

    it('is gone for good after it was unsent', async () => {
      const userId = newFriend()
      const id = await world.line.sendMedia(userId, { contentType: 'image/png', bytes })
      await world.line.unsend(userId, id)
      assert.equal((await download(id)).status, 410)
    })

    it('can break off in the middle', async () => {
      const id = await world.line.sendMedia(newFriend(), { contentType: 'image/png', bytes })
      world.faults.set('line', 'contentCutShort', true, 1)
      const response = await download(id)
      await assert.rejects(response.arrayBuffer(), /terminated/)
    })

    const download = (id: string) =>
      fetch(`${world.url}/v2/bot/message/${id}/content`, {
        headers: { authorization: `Bearer ${world.channel.accessToken}` },
      })
  })

  it('refuses what is no JSON, and what is too much of it', async () => {
    const post = (body: string) =>
      fetch(`${world.url}/v2/bot/message/push`, {
        method: 'POST',
        headers: { authorization: `Bearer ${world.channel.accessToken}`, 'content-type': 'application/json' },
        body,
      })
    assert.equal((await post('{"to":')).status, 400)
    assert.equal((await post('[]')).status, 400)
    assert.equal((await post(JSON.stringify({ text: 'x'.repeat(2_100_000) }))).status, 413)
  })

  it('tries out the webhook address, and changes it', async () => {
    const tried = await world.client.testWebhookEndpoint({})
    assert.deepEqual([tried.success, tried.statusCode], [true, 200])
    assert.equal(
      world.arrived.at(-1)?.body,
      JSON.stringify({ destination: world.channel.botUserId, events: [] }),
    )
    assert.equal(world.arrived.at(-1)?.signed, true)
    const plain = await refused(world.client.setWebhookEndpoint({ endpoint: 'http://shop.example.com/hook' }))
    assert.equal(plain.status, 400)
    const { endpoint } = await world.client.getWebhookEndpoint()
    await world.client.setWebhookEndpoint({ endpoint: 'https://shop.example.com/hook' })
    assert.equal((await world.client.getWebhookEndpoint()).endpoint, 'https://shop.example.com/hook')
    await world.client.setWebhookEndpoint({ endpoint })
  })
})
