import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import {
  call,
  keys,
  type OmiseSandbox,
  type Received,
  startOmise,
  webhookSecret,
} from '../support/omise-sandbox.ts'

const secret = Buffer.from(webhookSecret, 'base64')
const card = { name: 'Malee', number: '4242424242424242', expiration_month: 1, expiration_year: 2040 }

const event = ({ body }: Received) => JSON.parse(body.toString()) as Record<string, unknown>
const keysOf = (received: Received[]) => received.map((one) => event(one)['key'])
const signed = ({ headers, body }: Received) =>
  createHmac('sha256', secret).update(`${headers['omise-signature-timestamp']}.`).update(body).digest('hex')

describe('an event of the simulated Omise', () => {
  let sandbox: OmiseSandbox
  before(async () => {
    sandbox = await startOmise()
  })
  after(() => sandbox.close())
  beforeEach(async () => {
    await sandbox.handle.settled()
    sandbox.faults.reset('omise')
    sandbox.handle.reset()
    sandbox.received.length = 0
    sandbox.answer.status = 200
  })

  const knob = (name: string, value: string | number | boolean, next?: number) =>
    sandbox.faults.set('omise', name, value, next)
  const qr = async () => {
    const { body } = await call(sandbox.url, 'POST', '/charges', {
      body: { amount: 30000, currency: 'THB', source: { type: 'promptpay' }, metadata: { attempt: 'a1' } },
    })
    return String(body['id'])
  }
  const cardCharge = async (number = card.number, more: object = {}) => {
    const body = { card: { ...card, number } }
    const token = await call(sandbox.url, 'POST', '/tokens', { key: keys.publicKey, body })
    const charge = { amount: 30000, currency: 'THB', card: token.body['id'], ...more }
    return (await call(sandbox.url, 'POST', '/charges', { body: charge })).body
  }

  it('comes when a charge is made, paid, refunded or runs out, signed over its very bytes', async () => {
    const id = await qr()
    sandbox.handle.pay(id)
    await call(sandbox.url, 'POST', `/charges/${id}/refunds`, { body: { amount: 1000 } })
    await qr()
    sandbox.handle.advance(25 * 3600_000)
    await sandbox.handle.settled()
    assert.deepEqual(keysOf(sandbox.received).sort(), [
      'charge.complete',
      'charge.create',
      'charge.create',
      'charge.expire',
      'refund.create',
    ])
    for (const one of sandbox.received) assert.equal(one.headers['omise-signature'], signed(one))
  })

  it('carries a plain card success already in charge.create', async () => {
    await cardCharge()
    await sandbox.handle.settled()
    assert.deepEqual(keysOf(sandbox.received), ['charge.create'])
    const [first] = sandbox.received
    assert.ok(first)
    assert.equal((event(first)['data'] as { status: string }).status, 'successful')
  })

  it('can be there before the answer, or never', async () => {
    knob('webhookTiming', 'before_answer')
    await qr()
    assert.equal(sandbox.received.length, 1)
    knob('webhookTiming', 'never')
    await qr()
    await sandbox.handle.settled()
    assert.equal(sandbox.received.length, 1)
  })

  it('comes again until it is answered with 2xx, and not for ever', async () => {
    sandbox.answer.status = 500
    const id = await qr()
    await sandbox.handle.settled()
    assert.equal(sandbox.received.length, 3)
    const { body } = await call(sandbox.url, 'GET', `/charges/${id}/events`)
    const [stored] = body['data'] as { webhook_deliveries: { status: number }[] }[]
    assert.deepEqual(
      stored?.webhook_deliveries.map(({ status }) => status),
      [500, 500, 500],
    )
  })

  it('comes twice, under one id or two', async () => {
    knob('webhookCopies', 2)
    await qr()
    await sandbox.handle.settled()
    const ids = () => new Set(sandbox.received.map((one) => event(one)['id'])).size
    assert.deepEqual([sandbox.received.length, ids()], [2, 1])
    sandbox.received.length = 0
    knob('webhookCopiesWithNewIds', true)
    await qr()
    await sandbox.handle.settled()
    assert.deepEqual([sandbox.received.length, ids()], [2, 2])
  })

  it('comes in the wrong order', async () => {
    knob('webhookOrder', 'reversed')
    const id = await qr()
    sandbox.handle.pay(id)
    await sandbox.handle.settled()
    assert.deepEqual(keysOf(sandbox.received), ['charge.complete', 'charge.create'])
  })

  it('is signed wrongly in every way that the knob offers', async () => {
    for (const how of ['missing', 'wrong', 'short', 'altered_body', 'secret_as_text']) {
      knob('signature', how, 1)
      sandbox.received.length = 0
      await qr()
      await sandbox.handle.settled()
      const [one] = sandbox.received
      assert.ok(one)
      assert.notEqual(one.headers['omise-signature'], signed(one), how)
    }
  })

  it('holds two signatures while the secret is being changed, and an old time when it is stale', async () => {
    knob('signature', 'rotated', 1)
    await qr()
    await sandbox.handle.settled()
    const [rotated] = sandbox.received
    assert.ok(rotated)
    const values = String(rotated.headers['omise-signature']).split(',')
    assert.equal(values.length, 2)
    assert.ok(values.includes(signed(rotated)))
    sandbox.received.length = 0
    knob('signature', 'stale', 1)
    await qr()
    await sandbox.handle.settled()
    const [stale] = sandbox.received
    assert.ok(stale)
    assert.equal(stale.headers['omise-signature'], signed(stale))
    assert.ok(Number(stale.headers['omise-signature-timestamp']) < Date.now() / 1000 - 3000)
  })

  it('is written in the old version of an account that was never moved on', async () => {
    knob('eventVersion', '2014-07-27')
    await cardCharge()
    await sandbox.handle.settled()
    const [one] = sandbox.received
    assert.ok(one)
    const data = event(one)['data'] as Record<string, unknown>
    assert.equal(data['status'], undefined)
    assert.equal(data['captured'], true)
    assert.equal(data['currency'], 'thb')
    assert.ok(data['created'])
  })

  it('is followed by events about what is not ours', async () => {
    knob('foreignEvents', true)
    await qr()
    await sandbox.handle.settled()
    assert.deepEqual(keysOf(sandbox.received).sort(), ['charge.create', 'charge.create', 'transfer.update'])
  })
})
