import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { DeadLetters, Inbox } from '../../models/broker.ts'
import { Payments } from '../../models/payment.ts'
import { StaffTasks } from '../../models/shop.ts'
import { routes } from '../../server/wiring.ts'
import { eventually, type Story, startStory } from '../support/story.ts'

/** Addresses that ask for no session: whatever comes there, nothing breaks, and nothing moves. */
describe('what strangers post to the addresses of platforms', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())

  const gateways = ['omise', 'komoju', 'ipaymu', 'sbp', 'halkbank', 'foreignAffairsBank', 'promptpay', 'nope']
  const addresses = () =>
    routes
      .filter(({ method, access, raw }) => method === 'POST' && access === 'anyone' && raw)
      .flatMap(({ path }) => {
        if (path.includes(':gateway')) return gateways.map((name) => path.replace(':gateway', name))
        if (path.includes(':channel'))
          return ['line', 'messenger', 'viber'].map((name) => path.replace(':channel', name))
        return [path]
      })
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    shop.browser().send('POST', path, { body, headers: { 'content-type': 'application/json', ...headers } })
  /** As if whoever writes knew every secret. */
  const signed = (body: string): Record<string, string> => {
    const { line, messenger, gateways: keys } = shop.settings
    const mac = (secret: string | Buffer, text: string, as: 'hex' | 'base64') =>
      createHmac('sha256', secret).update(text).digest(as)
    const stamp = String(Math.floor(Date.now() / 1000))
    const omise = Buffer.from(keys.omise?.webhookSecret ?? '', 'base64')
    return {
      'x-line-signature': mac(line?.channelSecret ?? '', body, 'base64'),
      'x-hub-signature-256': `sha256=${mac(messenger?.appSecret ?? '', body, 'hex')}`,
      'x-komoju-signature': mac(keys.komoju?.webhookSecret ?? '', body, 'hex'),
      'omise-signature': mac(omise, `${stamp}.${body}`, 'hex'),
      'omise-signature-timestamp': stamp,
    }
  }

  it('is never an accident, not even when it is signed', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const bodies = [
      '',
      'null',
      '[]',
      '{"a',
      '\u0000\ufffd',
      deep,
      `{"events":[${deep},{"type":"message","source":{"userId":"U1"},"message":${deep}}]}`,
      `{"object":"page","entry":[{"id":"${shop.settings.messenger?.pageId}","messaging":[${deep}]}]}`,
      '{"__proto__":{"polluted":true},"object":"event","key":"charge.create","data":{"object":"charge","id":"\\u0000"}}',
      JSON.stringify({
        object: 'event',
        id: 'x'.repeat(50_000),
        key: 'charge.create',
        data: { object: 'charge' },
      }),
      JSON.stringify({
        resource: 'event',
        type: 'payment.captured',
        data: { resource: 'payment', id: '../x' },
      }),
      'trx_id=1&trx_id=2&sid[$ne]=1&__proto__[polluted]=1&reference_id=../../x',
    ]
    for (const path of addresses()) {
      for (const body of bodies) {
        for (const headers of [{}, signed(body)]) {
          const { status, text } = await post(path, body, headers)
          assert(status < 500, `${path} ${body.slice(0, 60)}: ${status} ${text.slice(0, 200)}`)
        }
      }
    }
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
    assert.equal(await Payments.countDocuments(), 0)
    await Inbox.deleteMany({})
  })

  it('fills no disk: names longer than any platform has are let drop', async () => {
    const metadata = { attempt: 'a1' }
    for (const id of ['x'.repeat(100), 'x'.repeat(100_000)]) {
      const object = { id, status: 'succeeded', test: true, metadata }
      const body = JSON.stringify({ type: 'notification', event: `payment.${id}`, object })
      assert.equal((await post('/webhooks/payments/sbp', body)).status, 200)
    }
    const kept = await Inbox.find({ source: 'payment:sbp' }).lean()
    assert.deepEqual([kept.length, JSON.stringify(kept).length < 2000], [1, true])
    await Inbox.deleteMany({})
  })

  it('is refused without its signature, wherever the platform signs', async () => {
    for (const path of ['/webhooks/line', '/webhooks/messenger', '/webhooks/payments/omise']) {
      assert.equal((await post(path, '{}')).status, 401, path)
      assert.equal((await post(path, '{}', signed('{ }'))).status, 401, path)
    }
    for (const path of ['/webhooks/payments/komoju', '/checkout/webhook']) {
      assert.equal((await post(path, '{}', signed('{ }'))).status, 401, path)
    }
  })

  it('is one task for the staff, however many payments somebody invents', async () => {
    for (let number = 1; number <= 5; number += 1) {
      const { status } = await post('/ipaymu/callback', JSON.stringify({ trx_id: 990_000 + number }))
      assert.equal(status, 200)
    }
    const invented = { source: 'payment:ipaymu' }
    await eventually('each was looked for', async () => !(await Inbox.exists({ ...invented, tries: 0 })))
    await Inbox.updateMany(invented, { $set: { tries: 11, availableAt: new Date(0) } })
    await eventually('they are given up', async () => {
      return (await Inbox.countDocuments({ ...invented, state: 'DEAD' })) === 5
    })
    assert.equal(await DeadLetters.countDocuments(), 5)
    assert.equal(await StaffTasks.countDocuments({ kind: 'dead_letter' }), 1)
    await shop.clean()
  })
})
