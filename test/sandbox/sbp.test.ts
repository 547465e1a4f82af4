import assert from 'node:assert/strict'
import { callSbp, type SbpSandbox, startSbp } from '../support/sbp-sandbox.ts'

const payment = {
  amount: { value: '100.00', currency: 'RUB' },
  capture: true,
  payment_method_data: { type: 'sbp' },
  confirmation: { type: 'redirect', return_url: 'http://127.0.0.1:3000/back' },
}

describe('the simulated SBP', () => {
  let platform: SbpSandbox
  before(async () => {
    platform = await startSbp()
  })
  after(() => platform.close())
  afterEach(() => platform.faults.reset())

  let last = 0
  const key = () => {
    last += 1
    return `key-${last}`
  }
  const create = async (change: object = {}, options: { key?: string } = { key: key() }) =>
    callSbp(platform, 'POST', '/payments', { body: { ...payment, ...change }, ...options })
  const press = async (url: unknown, action: string) => {
    const response = await fetch(String(url), {
      method: 'POST',
      body: new URLSearchParams({ action }),
      redirect: 'manual',
    })
    await response.text()
    return response
  }

  it('knows its keys, and its own words for a wrong one', async () => {
    const { status, body } = await callSbp(platform, 'GET', '/me', { secretKey: 'test_wrong' })
    assert.deepEqual([status, body['type'], body['code']], [401, 'error', 'invalid_credentials'])
  })

  it('wants a key with every wish, and answers the same wish as before', async () => {
    const without = await create({}, {})
    assert.deepEqual([without.status, without.body['parameter']], [400, 'Idempotence-Key'])
    const long = await create({}, { key: 'k'.repeat(65) })
    assert.equal(long.status, 400)
    const [first, again] = [await create({}, { key: 'same' }), await create({}, { key: 'same' })]
    assert.equal(first.body['id'], again.body['id'])
    const other = await create({ description: 'another' }, { key: 'same' })
    assert.equal(other.status, 400)
  })

  it('takes rubles as text, within its limits, in one stage', async () => {
    for (const change of [
      { amount: { value: 100, currency: 'RUB' } },
      { amount: { value: '100', currency: 'RUB' } },
      { amount: { value: '100.00', currency: 'USD' } },
      { amount: { value: '0.99', currency: 'RUB' } },
      { amount: { value: '700000.01', currency: 'RUB' } },
      { capture: false },
      { confirmation: { type: 'redirect' } },
      { confirmation: { type: 'external' } },
      { description: 'x'.repeat(129) },
      { metadata: { attempt: 5 } },
      { unheard: true },
    ]) {
      const { status, body } = await create(change)
      assert.deepEqual([status, body['code']], [400, 'invalid_request'], JSON.stringify(change))
    }
    assert.equal((await create({ amount: { value: '700000.00', currency: 'RUB' } })).status, 200)
  })

  it('asks the customer on a page: pay, decline, cancel, leave', async () => {
    for (const [action, status, reason] of [
      ['pay', 'succeeded', undefined],
      ['decline', 'canceled', 'insufficient_funds'],
      ['cancel', 'canceled', 'payment_canceled'],
      ['leave', 'pending', undefined],
    ] as const) {
      const { body } = await create()
      const { confirmation_url: url } = body['confirmation'] as { confirmation_url: string }
      assert.match(await (await fetch(url)).text(), /100\.00 ₽/)
      const answer = await press(url, action)
      assert.equal(answer.headers.get('location'), action === 'leave' ? null : 'http://127.0.0.1:3000/back')
      const after = await callSbp(platform, 'GET', `/payments/${body['id']}`)
      assert.equal(after.body['status'], status)
      assert.equal((after.body['cancellation_details'] as { reason?: string } | undefined)?.reason, reason)
      if (status !== 'pending') assert.equal((await press(url, 'pay')).status, 409)
    }
  })

  it('ends a payment that nobody made within the hour, and lets nobody end one before', async () => {
    const { body } = await create()
    const cancel = await callSbp(platform, 'POST', `/payments/${body['id']}/cancel`, { body: {}, key: key() })
    assert.equal(cancel.status, 400)
    platform.clock.advance(61 * 60_000)
    const after = await callSbp(platform, 'GET', `/payments/${body['id']}`)
    platform.clock.advance(-61 * 60_000)
    assert.equal(after.body['status'], 'canceled')
    assert.equal((after.body['cancellation_details'] as { reason: string }).reason, 'expired_on_confirmation')
  })

  it('sends a notification again until it is answered 200', async () => {
    await platform.handle.settled()
    platform.received.splice(0)
    platform.answer.status = 500
    const { body } = await create()
    platform.handle.pay(String(body['id']))
    await platform.handle.settled()
    platform.answer.status = 200
    assert.equal(platform.received.length, 3)
    assert.equal(new Set(platform.received.map((one) => one.body.toString())).size, 1)
  })

  it('knows nothing of what it never made', async () => {
    assert.equal((await callSbp(platform, 'GET', '/payments/nobody')).body['code'], 'not_found')
    assert.equal((await callSbp(platform, 'GET', '/refunds/nobody')).status, 404)
    assert.equal((await callSbp(platform, 'GET', '/deals')).status, 404)
    assert.equal((await callSbp(platform, 'GET', '/payments?limit=500')).status, 400)
    assert.equal((await callSbp(platform, 'GET', '/payments?cursor=nowhere')).status, 400)
  })
})
