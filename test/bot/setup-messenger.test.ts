import assert from 'node:assert/strict'
import { setupMessenger } from '../../bot/index.ts'
import type { SetupLine } from '../../bot/setup-line.ts'
import type { MessengerSettings } from '../../server/settings.ts'
import { type MessengerShop, openMessenger } from '../support/messenger.ts'

describe('setting up Messenger', () => {
  let shop: MessengerShop
  before(async () => {
    shop = await openMessenger()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const setUp = (keys: Partial<MessengerSettings> = {}, publicUrl = shop.server.settings.publicUrl) => {
    const { settings } = shop.server
    const messenger = settings.messenger && { ...settings.messenger, ...keys }
    return setupMessenger({ ...settings, messenger, publicUrl })
  }
  const told = (lines: SetupLine[], what: string) => lines.find((line) => line.what === what)
  const profileCalls = () =>
    shop.messenger.calls().filter(({ method, path }) => method === 'POST' && /messenger_profile/.test(path))
      .length

  it('sets and tries the webhook address, the menu, the first questions and the domain', async () => {
    const { messenger, server } = shop
    messenger.webhook.endpoint.url = 'https://elsewhere.example/hook'
    messenger.webhook.endpoint.active = false
    const lines = await setUp()
    assert.deepEqual(
      lines.filter(({ ok }) => !ok),
      [],
    )
    assert.equal(messenger.webhook.endpoint.url, `${server.settings.publicUrl}/webhooks/messenger`)
    assert.equal(messenger.webhook.endpoint.active, true)
    const profile = JSON.stringify(messenger.view(messenger.createPerson().psid).profile)
    for (const what of ['my_orders', 'get_started', server.settings.publicUrl, 'ice_breakers', 'greeting']) {
      assert(profile.includes(what), what)
    }
  })

  it('sets nothing twice when it runs again: Meta takes ten calls in ten minutes', async () => {
    await setUp()
    const before = profileCalls()
    const lines = await setUp()
    assert.match(told(lines, 'Menu and greeting')?.answer ?? '', /already/)
    assert.match(told(lines, 'Pages inside the chat')?.answer ?? '', /already/)
    assert.equal(profileCalls(), before)
  })

  it('says what to do when the token or the secret is wrong, and nothing else', async () => {
    const lines = await setUp({ pageToken: 'wrong' })
    assert.equal(lines.length, 1)
    assert.match(lines[0]?.advice ?? '', /MESSENGER_PAGE_TOKEN/)
    assert.match((await setUp({ appSecret: 'wrong' }))[0]?.advice ?? '', /MESSENGER_APP_SECRET/)
    assert.match((await setUp({ pageId: '1' }))[0]?.advice ?? '', /MESSENGER_PAGE_ID/)
  })

  it('says what to do when the shop cannot be reached, or does not know the verify token', async () => {
    const webhook = told(await setUp({ verifyToken: 'something else' }), 'Webhook address')
    assert.equal(webhook?.ok, false)
    assert.match(webhook?.advice ?? '', /MESSENGER_VERIFY_TOKEN/)
    assert.match(told(await setUp({ appId: null }), 'Webhook address')?.answer ?? '', /MESSENGER_APP_ID/)
    const plain = await setUp({}, 'http://shop.example')
    assert.match(told(plain, 'Webhook address')?.advice ?? '', /https/)
    assert.match(told(plain, 'Pages inside the chat')?.advice ?? '', /https/)
  })

  it('says so when there are no keys', async () => {
    const [line] = await setupMessenger({ ...shop.server.settings, messenger: null })
    assert.match(line?.advice ?? '', /MESSENGER_APP_SECRET/)
  })
})
