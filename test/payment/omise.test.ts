import assert from 'node:assert/strict'
import nock from 'nock'
import { inWords } from '../../server/language/index.ts'
import { type Attempt, type Gateway, Refused, Unanswered } from '../../server/payment/gateway.ts'
import { omise, gateway as omiseGateway } from '../../server/payment/gateways/omise.ts'
import { readSettings } from '../../server/settings.ts'
import { listen } from '../support/listen.ts'
import { call, keys, type OmiseSandbox, startOmise, webhookSecret } from '../support/omise-sandbox.ts'

const host = 'https://api.omise.co'
const id = 'chrg_test_5xuy4w91xqz7d1w9u0t'
const account = {
  publicKey: 'pkey_test_123',
  secretKey: 'skey_test_123',
  webhookSecret,
  apiUrl: host,
  vaultUrl: 'https://vault.omise.co',
  scriptUrl: '',
}
const shop = 'https://shop.example.com'

const attempt: Attempt = {
  id: 'attempt-1',
  method: 'card',
  money: { amount: 30000, currency: 'THB' },
  refs: [{ kind: 'charge', value: id }],
  createdAt: new Date(),
  expiresAt: new Date(Date.now() + 900_000),
  now: new Date(),
}

/** A charge as the platform writes it today; `change` makes it odd. */
const charge = (change: object = {}) => ({
  object: 'charge',
  id,
  livemode: false,
  amount: 30000,
  currency: 'THB',
  status: 'pending',
  paid: false,
  authorized: false,
  capture: true,
  expired: false,
  reversed: false,
  voided: false,
  refunded_amount: 0,
  failure_code: null,
  authorize_uri: null,
  paid_at: null,
  expires_at: '2030-01-01T00:00:00Z',
  metadata: { attempt: attempt.id },
  source: null,
  refunds: { object: 'list', total: 0, data: [] },
  ...change,
})
const paid = { status: 'successful', paid: true, authorized: true, captured_amount: 30000 }

describe('what Omise says of a charge', () => {
  const gateway = omiseGateway(account, shop)
  const said = async (body: object, by: Gateway = gateway, asked: Attempt = attempt) => {
    nock(host).get(`/charges/${id}`).reply(200, body)
    return by.check(asked)
  }
  afterEach(() => nock.cleanAll())

  for (const [what, change, state] of [
    ['waits for the customer', {}, 'PENDING'],
    ['is held on the card', { authorized: true, capture: false }, 'AUTHORIZED'],
    ['is paid', paid, 'CAPTURED'],
    ['is paid, in an answer without captured_amount', { ...paid, captured_amount: undefined }, 'CAPTURED'],
    ['was declined', { status: 'failed', failure_code: 'insufficient_fund' }, 'FAILED'],
    ['failed for a reason of tomorrow', { status: 'failed', failure_code: 'Solar-Flare' }, 'FAILED'],
    ['ran out', { status: 'expired', expired: true }, 'EXPIRED'],
    ['was reversed', { status: 'reversed', reversed: true, authorized: true }, 'CANCELED'],
    ['was reversed, and still says paid', { ...paid, reversed: true }, 'CANCELED'],
    ['was voided, and the money is back', { ...paid, voided: true, refunded_amount: 30000 }, 'REFUNDED'],
    ['was given back in part', { ...paid, refunded_amount: 1 }, 'PARTIALLY_REFUNDED'],
    ['was given back', { ...paid, refunded_amount: 30000 }, 'REFUNDED'],
    [
      'was captured in part and given back so far',
      { ...paid, captured_amount: 20000, refunded_amount: 20000 },
      'REFUNDED',
    ],
    ['has a status of tomorrow', { ...paid, status: 'on_hold' }, 'UNKNOWN'],
    ['is successful and paid by nobody', { status: 'successful' }, 'UNKNOWN'],
    [
      'has no status, as in 2014, and was captured',
      { status: undefined, paid: undefined, captured: true },
      'CAPTURED',
    ],
    ['has no status and ran out', { status: undefined, expired: true }, 'EXPIRED'],
    ['has no status and failed', { status: undefined, failure_code: 'timeout' }, 'FAILED'],
    ['has no status and waits', { status: undefined }, 'PENDING'],
  ] as const) {
    it(`is ${state} when it ${what}`, async () => {
      assert.equal((await said(charge(change))).state, state)
    })
  }

  it('comes with a code that screens can translate', async () => {
    const found = await said(charge({ status: 'failed', failure_code: 'Solar-Flare' }))
    assert.equal(found.failureCode, 'solar_flare')
    assert.equal(found.said, 'failed: Solar-Flare')
  })

  it('ends for us when we said so, though the bank page waits seven days', async () => {
    const old = { ...attempt, now: new Date(), expiresAt: new Date(Date.now() - 1000) }
    const waiting = charge({ authorize_uri: 'https://pay.omise.co/x' })
    assert.deepEqual((await said(waiting)).next, { kind: 'redirect', url: 'https://pay.omise.co/x' })
    const found = await said(waiting, gateway, old)
    assert.equal(found.state, 'EXPIRED')
    assert.equal(found.next, undefined)
    assert.equal((await said(charge(paid), gateway, old)).state, 'CAPTURED')
  })

  it('does not send the customer to an address that is none', async () => {
    assert.equal((await said(charge({ authorize_uri: 'javascript:alert(1)' }))).next, undefined)
  })

  it('counts for nothing when it is of the other environment, or no charge at all', async () => {
    const live = omiseGateway({ ...account, secretKey: 'skey_live' }, shop)
    await assert.rejects(said(charge({ ...paid }), live), Unanswered)
    assert.equal((await said(charge({ ...paid, livemode: true }), live)).state, 'CAPTURED')
    await assert.rejects(said({ object: 'charge', id }), Unanswered)
    await assert.rejects(said(charge({ amount: 300.5 })), Unanswered)
    await assert.rejects(said({ object: 'error', code: 'x', message: 'y' }), Unanswered)
  })

  it('has all its refunds, though it shows only the first twenty itself', async () => {
    const refund = (number: number) => ({
      object: 'refund',
      id: `rfnd_test_${number}`,
      amount: 1,
      status: 'closed',
      metadata: number ? { operation: `op${number}` } : {},
    })
    const all = Array.from({ length: 25 }, (_, number) => refund(number))
    nock(host).get(`/charges/${id}/refunds`).query(true).reply(200, { object: 'list', total: 25, data: all })
    const found = await said(
      charge({
        ...paid,
        refunded_amount: 25,
        refunds: { object: 'list', total: 25, data: all.slice(0, 20) },
      }),
    )
    assert.equal(found.refunds.length, 25)
    assert.equal(found.refunds[0]?.opId, null)
    assert.equal(found.refunds[24]?.opId, 'op24')
  })
})

describe('what we send to Omise', () => {
  const gateway = omiseGateway(account, shop)
  const details = {
    orderRegNo: 'P-1',
    description: 'Order P-1',
    returnUrl: 'https://shop.example.com/back/key',
    cardToken: 'tokn_test_1',
    customer: { name: 'M', email: '', phone: '', language: 'th', ip: 'not an address' },
  }
  const fresh = (id: string) => ({ ...attempt, id, refs: [], createdAt: new Date() })
  afterEach(() => nock.cleanAll())

  it('names version, key and attempt, and no card', async () => {
    let sent: { headers: Headers; body: Record<string, unknown> } | undefined
    nock(host)
      .post('/charges')
      .reply(async (request: Request) => {
        sent = { headers: request.headers, body: (await request.json()) as Record<string, unknown> }
        return [200, charge(paid)]
      })
    const { next } = await gateway.open(fresh('attempt-1'), details)
    assert.deepEqual(next, { kind: 'paid' })
    assert.equal(sent?.headers.get('omise-version'), '2019-05-29')
    assert.equal(sent.headers.get('authorization'), `Basic ${btoa('skey_test_123:')}`)
    assert.equal(sent.headers.get('idempotency-key'), 'attempt-1')
    assert.deepEqual(sent.body, {
      amount: 30000,
      currency: 'THB',
      card: 'tokn_test_1',
      description: 'Order P-1',
      metadata: { attempt: 'attempt-1', order: 'P-1' },
      return_uri: 'https://shop.example.com/back/key',
    })
  })

  it('does not follow a redirect with the key in hand', async () => {
    nock(host).post('/charges').times(2).reply(307, '', { Location: 'https://elsewhere.example.com/' })
    nock(host).get('/charges').query(true).times(2).reply(200, { object: 'list', total: 0, data: [] })
    await assert.rejects(gateway.open(fresh('attempt-2'), details), Unanswered)
  })

  it('does not ask again after a time-out, as the first request may still be under way', async () => {
    let posts = 0
    const { server, url } = await listen((request, response) => {
      if (request.method === 'POST') posts += 1
      else response.end(JSON.stringify({ object: 'list', total: 0, data: [] }))
    })
    const impatient = omiseGateway({ ...account, apiUrl: url }, shop, 200)
    await assert.rejects(impatient.open(fresh('attempt-3'), details), Unanswered)
    server.close()
    server.closeAllConnections()
    assert.equal(posts, 1)
  })

  it('takes 409 for "not now" and 400 for no', async () => {
    const error = {
      object: 'error',
      code: 'invalid_card_token',
      message: 'tokn_test_1 is no token for 4242 4242 4242 4242',
    }
    nock(host).post('/charges').reply(400, error)
    await assert.rejects(gateway.open(fresh('attempt-4'), details), (refusal: Refused) => {
      assert.ok(refusal instanceof Refused)
      assert.equal(refusal.code, 'invalid_card_token')
      assert.equal(refusal.message, 'tokn_… is no token for …')
      return true
    })
    nock(host).post('/charges').times(2).reply(409, error)
    nock(host).get('/charges').query(true).times(2).reply(200, { object: 'list', total: 0, data: [] })
    await assert.rejects(gateway.open(fresh('attempt-5'), details), Unanswered)
  })
})

describe('Omise, looked through', () => {
  let sandbox: OmiseSandbox
  let gateway: Gateway
  before(async () => {
    sandbox = await startOmise()
    gateway = omiseGateway({ ...account, ...keys, apiUrl: sandbox.url }, shop)
  })
  after(() => sandbox.close())

  const make = (body: object) =>
    call(sandbox.url, 'POST', '/charges', { body: { amount: 30000, currency: 'THB', ...body } })

  it('gives up an attempt on any page of its list, and another shop’s charges not at all', async () => {
    const source = { type: 'promptpay' }
    for (let i = 0; i < 101; i += 1) await make({ source, metadata: { order: `WOO-${i}` } })
    await make({ source, metadata: { attempt: 'attempt-far' } })
    const found = await gateway.check({ ...attempt, id: 'attempt-far', refs: [] })
    assert.equal(found.state, 'PENDING')
    assert.equal((await gateway.check({ ...attempt, id: 'attempt-none', refs: [] })).state, 'MISSING')
  })

  it('shows a QR code until its end', async () => {
    const promptpay = { ...attempt, id: 'attempt-qr', method: 'promptpay', refs: [] }
    const { next, refs } = await gateway.open(promptpay, {
      orderRegNo: 'P-2',
      description: 'Order P-2',
      returnUrl: 'https://shop.example.com/back/key',
      customer: { name: 'M', email: '', phone: '', language: 'th', ip: '203.0.113.7' },
    })
    assert.equal(next.kind, 'qr')
    assert.ok(next.kind === 'qr')
    assert.equal(Date.parse(next.expiresAt), Math.floor(attempt.expiresAt.getTime() / 1000) * 1000)
    assert.match((await fetch(next.image)).headers.get('content-type') ?? '', /svg/)
    assert.deepEqual(
      refs.map(({ kind }) => kind),
      ['charge', 'source'],
    )
  })

  it('lets go of money that is only held', async () => {
    const token = await call(sandbox.url, 'POST', '/tokens', {
      key: keys.publicKey,
      body: { card: { name: 'M', number: '4242424242424242', expiration_month: 1, expiration_year: 2040 } },
    })
    await make({ card: token.body['id'], capture: false, metadata: { attempt: 'attempt-held' } })
    const held = { ...attempt, id: 'attempt-held', refs: [] }
    assert.equal((await gateway.check(held)).state, 'AUTHORIZED')
    assert.equal(await gateway.cancel(held), true)
    assert.equal((await gateway.check(held)).state, 'CANCELED')
  })

  it('tells where its events go, and where they should', async () => {
    const wrong = await gateway.test()
    assert.equal(wrong.ok, true)
    assert.match(inWords('en', wrong.advice), /https:\/\/shop\.example\.com\/webhooks\/payments\/omise/)
    sandbox.handle.setWebhookUrl('https://shop.example.com/webhooks/payments/omise')
    assert.equal((await gateway.test()).advice, '')
  })
})

describe('the Omise gateway', () => {
  it('is off without its keys, and on in the sandbox', () => {
    const made = () => ({ session: 'x'.repeat(64), encryption: '0'.repeat(64) })
    assert.equal(omise(readSettings({ SANDBOX: '0' }, made)), undefined)
    assert.ok(omise(readSettings({}, made)))
  })
})
