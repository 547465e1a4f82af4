import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { BadBody, BadSignature, type Channel, Refused } from '../../bot/channel.ts'
import * as registered from '../../bot/channels/index.ts'
import { readSettings } from '../../server/settings.ts'
import { type ChannelDriver, channelDrivers } from '../support/channels.ts'

const events = { message: 'text', follow: 'follow' }

for (const [name, create] of Object.entries(registered)) {
  describe(`the channel ${name}`, () => {
    let driver: ChannelDriver
    let channel: Channel
    before(async () => {
      const start = channelDrivers[name]
      assert(start, `Add a driver for ${name} to test/support/channels.ts`)
      driver = await start()
      const opened = create(readSettings({ SANDBOX: '1', ...driver.env }))
      assert(opened)
      channel = opened
    })
    after(() => driver.close())

    it('is switched off without its keys', () => {
      assert.equal(create(readSettings({ SANDBOX: '0' })), undefined)
    })

    it('reads what the platform has signed', async () => {
      const { headers, body } = await driver.webhook([events.message, events.follow])
      const [message, follow] = channel.read(headers, body)
      assert.equal(message?.event.kind, 'message')
      assert.equal(follow?.event.kind, 'follow')
      assert(message?.externalId)
      assert.equal(message?.key, message?.externalId)
      assert(message.eventId && message.eventId !== follow?.eventId)
    })

    it('gives the same event the same id, whenever it comes', async () => {
      const { headers, body } = await driver.webhook([events.message])
      assert.deepEqual(
        channel.read(headers, body).map(({ eventId }) => eventId),
        channel.read(headers, body).map(({ eventId }) => eventId),
      )
    })

    it('refuses what nobody has signed, or somebody has changed', async () => {
      const { headers, body } = await driver.webhook([events.message])
      assert.throws(() => channel.read({}, body), BadSignature)
      assert.throws(() => channel.read(headers, Buffer.concat([body, Buffer.from(' ')])), BadSignature)
      const rewritten = Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1))
      assert.throws(() => channel.read(headers, rewritten), BadSignature)
      const { headers: signed } = await driver.sign(Buffer.from('no JSON'))
      assert.throws(() => channel.read(signed, Buffer.from('no JSON')), BadBody)
    })

    it('sends words, a picture and a card, and tells their ids', async () => {
      const to = await driver.person()
      const { ids } = await channel.send({
        to,
        messages: [
          { kind: 'text', text: 'สวัสดี 👋', quickReplies: [{ label: 'Menu', data: 'menu' }] },
          { kind: 'image', url: 'https://shop.example/a.jpg', previewUrl: 'https://shop.example/a.jpg' },
          { kind: 'card', card: driver.card, fallback: 'A card', quickReplies: [{ label: 'Yes' }] },
        ],
        replyToken: null,
        retryKey: randomUUID(),
      })
      assert.equal(ids.length, 3)
      assert.equal((await driver.received(to)).length, 3)
    })

    it('says no, for good, to what the platform will never take', async () => {
      const to = await driver.person()
      const outgoing = { to, replyToken: null, retryKey: randomUUID() }
      await assert.rejects(
        channel.send({
          ...outgoing,
          messages: [{ kind: 'text', text: 'x'.repeat(channel.limits.text + 1) }],
        }),
        Refused,
      )
      await assert.rejects(
        channel.send({ ...outgoing, to: driver.stranger, messages: [{ kind: 'text', text: 'hello' }] }),
        Refused,
      )
    })

    it('knows who somebody is, and that some cannot be seen', async () => {
      assert((await channel.profile(await driver.person()))?.name)
      assert.equal(await channel.profile(driver.stranger), null)
    })

    it('gives null for a file that is not there', async () => {
      assert.equal(await channel.media('404404'), null)
    })

    it('tells in words how its connection is, and never throws', async () => {
      const report = await channel.test()
      assert.equal(typeof report.ok, 'boolean')
      assert(report.answer)
      const lost = create(readSettings({ SANDBOX: '1', ...driver.env, ...driver.lost }))
      const failed = await lost?.test()
      assert.equal(failed?.ok, false)
      assert(failed?.advice)
    })
  })
}
