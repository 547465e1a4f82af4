import assert from 'node:assert/strict'
import { setupLine } from '../../bot/index.ts'
import type { SetupLine } from '../../bot/setup-line.ts'
import { type ChatShop, lineKeys, openShop } from '../support/chat.ts'

describe('setting up LINE', () => {
  let shop: ChatShop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const setUp = (env: Partial<typeof shop.server.settings.line> = {}) => {
    const { settings } = shop.server
    const line = settings.line && { ...settings.line, ...env }
    return setupLine({ ...settings, line })
  }
  const told = (lines: SetupLine[], what: string) => lines.find((line) => line.what === what)

  it('sets and tries the webhook address, draws the menu and points LIFF at the order page', async () => {
    const { line, server } = shop
    line.webhook.endpoint.url = 'https://elsewhere.example/hook'
    const lines = await setUp()
    assert.deepEqual(
      lines.filter(({ ok }) => !ok),
      [],
    )
    assert.equal(line.webhook.endpoint.url, `${server.settings.publicUrl}/webhooks/line`)
    const user = line.createUser()
    const { richMenu } = line.view(user.userId) as { richMenu?: unknown }
    assert(JSON.stringify(richMenu ?? line.view(user.userId)).includes('my_orders'))
    assert(told(lines, 'LIFF app')?.answer.includes('/w'))
  })

  it('makes no second menu when it runs again', async () => {
    await setUp()
    const before = shop.line
      .calls()
      .filter(({ path, method }) => method === 'POST' && /richmenu$/.test(path)).length
    const lines = await setUp()
    assert.match(told(lines, 'Rich menu')?.answer ?? '', /already/)
    const after = shop.line
      .calls()
      .filter(({ path, method }) => method === 'POST' && /richmenu$/.test(path)).length
    assert.equal(after, before)
  })

  it('says what to do when the token is wrong, and nothing else', async () => {
    const lines = await setUp({ channelAccessToken: 'wrong' })
    assert.equal(lines.length, 1)
    assert.match(lines[0]?.advice ?? '', /LINE_CHANNEL_ACCESS_TOKEN/)
  })

  it('says what to do when the shop cannot be reached', async () => {
    shop.sandbox.faults.set('line', 'webhookBadSignature', true)
    const webhook = told(await setUp(), 'Webhook address')
    assert.equal(webhook?.ok, false)
    assert.match(webhook?.advice ?? '', /LINE_CHANNEL_SECRET/)
  })

  it('says what to set by hand where it has no keys for LIFF', async () => {
    const withoutKeys = told(await setUp({ loginChannelId: null, loginChannelSecret: null }), 'LIFF app')
    assert.match(withoutKeys?.advice ?? '', /endpoint URL/)
    const without = told(await setUp({ liffId: null }), 'LIFF app')
    assert.match(without?.advice ?? '', /LIFF_ID/)
    const wrong = told(await setUp({ liffId: '1655000001-Nothing1' }), 'LIFF app')
    assert(
      wrong?.answer.includes(lineKeys(shop.sandbox)['LIFF_ID'] ?? '') ||
        wrong?.advice.includes(shop.sandbox.channel.liffId),
    )
  })
})
