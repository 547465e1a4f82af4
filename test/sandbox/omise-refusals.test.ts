import assert from 'node:assert/strict'
import { call, keys, type OmiseSandbox, startOmise } from '../support/omise-sandbox.ts'

const card = {
  name: 'Somchai Jaidee',
  number: '4242424242424242',
  expiration_month: 12,
  expiration_year: 2035,
  security_code: '123',
}

describe('the simulated Omise, asked wrongly', () => {
  let sandbox: OmiseSandbox
  before(async () => {
    sandbox = await startOmise()
  })
  after(() => sandbox.close())

  const post = (path: string, body: unknown) => call(sandbox.url, 'POST', path, { body })

  for (const [what, body, code] of [
    [
      'an unknown parameter',
      { amount: 3000, currency: 'THB', card: 'tokn_test_x', quantity: 1 },
      'bad_request',
    ],
    ['an amount with a fraction', { amount: 3000.5, currency: 'THB', card: 'tokn_test_x' }, 'bad_request'],
    ['an amount in words', { amount: 'lots', currency: 'THB', card: 'tokn_test_x' }, 'bad_request'],
    ['no amount', { currency: 'THB', card: 'tokn_test_x' }, 'bad_request'],
    ['an amount below the limit', { amount: 1999, currency: 'THB', card: 'tokn_test_x' }, 'invalid_amount'],
    ['an unknown currency', { amount: 3000, currency: 'XYZ', card: 'tokn_test_x' }, 'invalid_charge'],
    ['nothing to pay with', { amount: 3000, currency: 'THB' }, 'missing_card'],
    [
      'two things to pay with',
      { amount: 3000, currency: 'THB', card: 'tokn_test_x', source: 'src_test_x' },
      'bad_request',
    ],
    [
      'PromptPay above its limit',
      { amount: 15_000_001, currency: 'THB', source: { type: 'promptpay' } },
      'invalid_amount',
    ],
    ['PromptPay in yen', { amount: 3000, currency: 'JPY', source: { type: 'promptpay' } }, 'bad_request'],
    [
      'an expiry that has passed',
      { amount: 3000, currency: 'THB', source: { type: 'promptpay' }, expires_at: '2020-01-01T00:00:00Z' },
      'bad_request',
    ],
    ['an unknown token', { amount: 3000, currency: 'THB', card: 'tokn_test_x' }, 'not_found'],
  ] as const) {
    it(`refuses ${what} with ${code}`, async () => {
      const { status, body: error } = await post('/charges', body)
      assert.equal(status, code === 'not_found' ? 404 : 400)
      assert.equal(error['object'], 'error')
      assert.equal(error['code'], code)
      assert.equal(error['location'], `https://www.omise.co/api-errors#${code.replaceAll('_', '-')}`)
      assert.equal(typeof error['message'], 'string')
    })
  }

  it('refuses a card that is wrong or has expired', async () => {
    const wrong = (change: object) =>
      call(sandbox.url, 'POST', '/tokens', { key: keys.publicKey, body: { card: { ...card, ...change } } })
    for (const change of [
      { number: '4242424242424241' },
      { expiration_year: 2020 },
      { expiration_month: 13 },
    ]) {
      const { status, body } = await wrong(change)
      assert.equal(status, 400)
      assert.equal(body['code'], 'invalid_card')
    }
    assert.equal((await wrong({ pin: '1234' })).body['code'], 'bad_request')
  })

  it('takes forms as well as JSON, and refuses what is neither', async () => {
    const form = 'amount=30000&currency=thb&source[type]=promptpay&metadata[attempt]=f1'
    const { status, body } = await call(sandbox.url, 'POST', '/charges', { form })
    assert.equal(status, 200)
    assert.deepEqual(body['metadata'], { attempt: 'f1' })
    const broken = await fetch(`${sandbox.url}/charges`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"amount":',
    })
    assert.equal(broken.status, 400)
    assert.equal(((await broken.json()) as { object: string }).object, 'error')
  })

  it('answers 401 without a key and 404 for what is not there', async () => {
    assert.equal((await fetch(`${sandbox.url}/charges`)).status, 401)
    assert.equal((await call(sandbox.url, 'GET', '/charges/chrg_test_x')).status, 404)
    assert.equal((await call(sandbox.url, 'GET', '/charges/chrg_test_x/nothing')).status, 404)
    assert.equal((await call(sandbox.url, 'GET', '/charges?limit=101')).status, 400)
    assert.equal((await call(sandbox.url, 'GET', '/charges?page=1')).status, 400)
    const version = { 'Omise-Version': '2000-01-01' }
    assert.equal((await call(sandbox.url, 'GET', '/charges', { headers: version })).status, 400)
  })
})
