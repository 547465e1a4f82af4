import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  BadBody,
  BadSignature,
  type Channel,
  type OutgoingMessage,
  Refused,
  TryLater,
  Unanswered,
} from '../../bot/channel.ts'
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

    /** The same channel, with nothing in mind of what was before. */
    const fresh = () => create(readSettings({ SANDBOX: '1', ...driver.env })) as Channel
    const words = (text: string): OutgoingMessage => ({ kind: 'text', text })
    const outgoing = (to: string, messages: OutgoingMessage[]) => ({
      to,
      messages,
      replyToken: null,
      retryKey: randomUUID(),
      marks: messages.map((_, index) => `${'0'.repeat(24)}:${index}`),
      window: 'anybody' as const,
      byPerson: false,
    })
    const send = (to: string, messages: OutgoingMessage[]) => fresh().send(outgoing(to, messages))
    const isRefused = (reason: Refused['reason']) => (error: unknown) =>
      error instanceof Refused && error.reason === reason

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
      const { ids } = await send(to, [
        { kind: 'text', text: 'สวัสดี 👋', quickReplies: [{ label: 'Menu', data: 'menu' }] },
        { kind: 'image', url: 'https://shop.example/a.jpg', previewUrl: 'https://shop.example/a.jpg' },
        { kind: 'card', card: driver.card, fallback: 'A card', quickReplies: [{ label: 'Yes' }] },
      ])
      assert.equal(ids.length, 3)
      assert.equal((await driver.received(to)).length, 3)
    })

    it('says no, for good, to what the platform will never take', async () => {
      const to = await driver.person()
      await assert.rejects(send(to, [words('x'.repeat(channel.limits.text + 1))]), Refused)
      await assert.rejects(send(driver.stranger, [words('hello')]), Refused)
    })

    it('comes back later when the platform is busy, and nothing is lost or doubled', async () => {
      const to = await driver.person()
      driver.fail.busy?.()
      await assert.rejects(send(to, [words('hello')]), TryLater)
      assert.equal((await driver.received(to)).length, 0)
    })

    it('tells a dead token from everything else', async () => {
      const to = await driver.person()
      driver.fail.token?.()
      await assert.rejects(channel.send(outgoing(to, [words('hello')])), isRefused('token'))
      await channel.send(outgoing(to, [words('hello')]))
      assert.equal((await driver.received(to)).length, 1)
    })

    it('never sends twice what may have arrived', async () => {
      for (const fault of ['failedBefore', 'silent'] as const) {
        const to = await driver.person()
        const message = outgoing(to, [words('once')])
        driver.fail[fault]?.()
        const thrown = await channel
          .send(message)
          .then(() => null)
          .catch((error: unknown) => error)
        // With a key the same call may go again; without one nobody may, until an echo or a person has told.
        if (channel.limits.retryKeys) {
          assert(thrown instanceof TryLater, String(thrown))
          await channel.send(message)
          assert.equal((await driver.received(to)).length, 1)
        } else assert(thrown instanceof Unanswered, String(thrown))
        assert((await driver.received(to)).length <= 1)
      }
    })

    it('knows who somebody is, and that some cannot be seen', async () => {
      assert((await channel.profile(await driver.person()))?.name)
      assert.equal(await channel.profile(driver.stranger), null)
    })

    it('gives null for a file that is not there', async () => {
      assert.equal(await channel.media('404404'), null)
    })

    it('copies what somebody has sent, unless it is gone, and tries again when it was cut', async () => {
      const bytes = Buffer.alloc(120_000, 7)
      const reference = await driver.picture(await driver.person(), bytes)
      driver.fail.fileCutShort?.()
      await assert.rejects(channel.media(reference), TryLater)
      assert.deepEqual((await channel.media(reference))?.bytes, bytes)
      driver.fail.fileGone?.()
      assert.equal(await channel.media(reference), null)
    })

    it('goes without a profile where the platform shows none', async () => {
      driver.fail.unseen?.()
      assert.equal(await channel.profile(await driver.person()), null)
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
