import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nock from 'nock'
import type Package from 'omise'
import { call, keys, type OmiseSandbox, startOmise } from '../support/omise-sandbox.ts'

const officialPackage = createRequire(import.meta.url)('omise') as typeof Package.default

const card = {
  name: 'Somchai Jaidee',
  number: '4242424242424242',
  expiration_month: 12,
  expiration_year: 2035,
  security_code: '123',
}

/** The official package can only be pointed at a host name: what it sends there is forwarded to the simulator. */
function forward(host: string, url: string): void {
  for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
    nock(host)
      .persist()
      .intercept(/.*/, method)
      .reply(async (request: Request) => {
        const { pathname, search } = new URL(request.url)
        const response = await fetch(url + pathname + search, {
          method,
          headers: request.headers,
          ...(method === 'GET' || method === 'DELETE' ? {} : { body: await request.text() }),
        })
        return [response.status, (await response.json()) as object]
      })
  }
}

describe('the simulated Omise, driven by the official package', () => {
  let sandbox: OmiseSandbox
  let client: ReturnType<typeof officialPackage>

  before(async () => {
    sandbox = await startOmise()
  })
  after(() => sandbox.close())
  afterEach(() => nock.cleanAll())
  beforeEach(() => {
    sandbox.handle.reset()
    sandbox.faults.reset('omise')
    forward('https://api.omise.co', sandbox.url)
    forward('https://vault.omise.co', sandbox.url)
    client = officialPackage({ ...keys, omiseVersion: '2019-05-29' })
  })

  const token = async (number = card.number) => (await client.tokens.create({ card: { ...card, number } })).id

  it('charges a card once, with all the fields of a real answer', async () => {
    const made = await client.tokens.create({ card })
    assert.match(made.id, /^tokn_test_[0-9a-z]{19}$/)
    assert.equal(made.card.last_digits, '4242')
    assert.equal(JSON.stringify(made).includes(card.number), false)

    const charge = await client.charges.create({
      amount: 30000,
      currency: 'thb',
      card: made.id,
      metadata: { attempt: 'a1' },
    })
    assert.equal(charge.status, 'successful')
    assert.equal(charge.paid, true)
    assert.equal(charge.captured_amount, 30000)
    assert.equal(charge.currency, 'THB')
    assert.deepEqual(charge.metadata, { attempt: 'a1' })
    // 3.65 % and 7 % VAT on that.
    assert.equal(charge.net, 30000 - 1095 - 77)
    assert.deepEqual((await client.charges.retrieve(charge.id)).id, charge.id)
    await assert.rejects(client.charges.create({ amount: 30000, currency: 'thb', card: made.id }), {
      code: 'used_token',
    })
  })

  for (const [number, failure] of [
    ['4111111111140011', 'insufficient_fund'],
    ['5555551111100012', 'stolen_or_lost_card'],
    ['3530111111170013', 'failed_processing'],
    ['4111111111110014', 'payment_rejected'],
    ['4111111111190016', 'failed_fraud_check'],
    ['4111111111180017', 'invalid_account_number'],
  ] as const) {
    it(`declines ${number} with ${failure}, in an answer of 200`, async () => {
      const charge = await client.charges.create({
        amount: 30000,
        currency: 'THB',
        card: await token(number),
      })
      assert.equal(charge.status, 'failed')
      assert.equal(charge.failure_code, failure)
      assert.equal(charge.paid, false)
    })
  }

  it('takes every good test number', async () => {
    for (const number of [
      '4111111111111111',
      '5555555555554444',
      '3530111333300000',
      '3566111111111113',
      '378282246310005',
    ]) {
      const charge = await client.charges.create({
        amount: 2000,
        currency: 'THB',
        card: await token(number),
      })
      assert.equal(charge.status, 'successful', number)
    }
  })

  it('waits for a PromptPay payer and shows the QR on the charge', async () => {
    const source = await client.sources.create({ type: 'promptpay', amount: 30000, currency: 'THB' })
    assert.equal(source.charge_status, 'unknown')
    assert.equal(source.scannable_code, null)
    const charge = await client.charges.create({ amount: 30000, currency: 'THB', source: source.id })
    assert.equal(charge.status, 'pending')
    const image = charge.source?.scannable_code.image
    assert.equal(image?.filename, 'qrcode.svg')

    sandbox.handle.pay(charge.id)
    const paid = await client.charges.retrieve(charge.id)
    assert.equal(paid.status, 'successful')
    assert.equal(paid.source?.charge_status, 'successful')
    await assert.rejects(client.charges.create({ amount: 30000, currency: 'THB', source: source.id }), {
      code: 'invalid_charge',
    })
  })

  it('captures a part of a pre-authorisation, and reverses another', async () => {
    const preAuth = officialPackage.AuthType.PreAuth
    const create = async () =>
      client.charges.create({
        amount: 10000,
        currency: 'THB',
        card: await token(),
        capture: false,
        authorization_type: preAuth,
      })
    const charge = await create()
    assert.equal(charge.status, 'pending')
    assert.equal(charge.authorized, true)
    assert.equal(charge.capturable, true)
    const captured = await client.charges.capture(charge.id, { capture_amount: 5000 })
    assert.equal(captured.status, 'successful')
    assert.equal(captured.captured_amount, 5000)
    assert.equal(captured.amount, 10000)

    const reversed = await client.charges.reverse((await create()).id)
    assert.equal(reversed.status, 'reversed')
    assert.equal(reversed.reversed, true)
  })

  it('refunds in parts, and never more than was captured', async () => {
    const charge = await client.charges.create({ amount: 10000, currency: 'THB', card: await token() })
    const refund = await client.charges.createRefund(charge.id, {
      amount: 4000,
      metadata: { operation: 'r1' },
    })
    assert.equal(refund.amount, 4000)
    assert.equal((await client.charges.retrieve(charge.id)).refunded_amount, 4000)
    await assert.rejects(client.charges.createRefund(charge.id, { amount: 6001 }), { code: 'failed_refund' })
    await client.charges.createRefund(charge.id, { amount: 6000 })
    const list = await client.charges.listRefunds(charge.id)
    assert.equal(list.total, 2)
    assert.equal((await client.charges.retrieveRefund(charge.id, refund.id)).id, refund.id)
    assert.equal((await client.charges.retrieve(charge.id)).refundable, false)
  })

  it('expires a charge on request and by the clock', async () => {
    const create = () =>
      client.charges.create({
        amount: 30000,
        currency: 'THB',
        source: { type: 'promptpay', amount: 30000, currency: 'THB' },
        expires_at: new Date(sandbox.handle.now() + 900_000).toISOString(),
      })
    const first = await create()
    assert.equal((await client.charges.expire(first.id)).status, 'expired')
    const second = await create()
    sandbox.handle.advance(901_000)
    const expired = await client.charges.retrieve(second.id)
    assert.equal(expired.status, 'expired')
    assert.equal(expired.expired, true)
    assert.throws(() => sandbox.handle.pay(second.id), /expired/)
  })

  it('lists charges by time, page by page, and searches them late', async () => {
    for (const attempt of ['a', 'b', 'c']) {
      await client.charges.create({
        amount: 30000,
        currency: 'THB',
        card: await token(),
        metadata: { attempt },
      })
    }
    const page = await client.charges.list({ limit: 2, offset: 1, order: 'chronological' })
    assert.deepEqual(
      page.data.map((charge) => charge.metadata['attempt']),
      ['b', 'c'],
    )
    assert.equal(page.total, 3)
    const none = await client.charges.list({ from: '2100-01-01T00:00:00Z', to: '2100-01-02T00:00:00Z' })
    assert.equal(none.total, 0)

    const { search } = client as unknown as {
      search: { list(query: object): Promise<{ total: number }> }
    }
    assert.equal((await search.list({ scope: 'charge', query: '"c"' })).total, 0)
    sandbox.handle.advance(4000)
    assert.equal((await search.list({ scope: 'charge', query: '"c"' })).total, 1)
  })

  it('keeps customers with their cards, and charges them', async () => {
    const customer = await client.customers.create({ email: 'a@example.com', card: await token() })
    const charge = await client.charges.create({ amount: 30000, currency: 'THB', customer: customer.id })
    assert.equal(charge.status, 'successful')
    assert.equal(charge.customer, customer.id)
    const cards = await client.customers.listCards(customer.id)
    await client.customers.destroyCard(customer.id, cards.data[0]?.id ?? '')
    await assert.rejects(client.charges.create({ amount: 30000, currency: 'THB', customer: customer.id }), {
      code: 'missing_card',
    })
    assert.equal((await client.customers.destroy(customer.id)).deleted, true)
  })

  it('tells what it can do, what it holds and what happened', async () => {
    const capability = await client.capability.retrieve()
    assert.ok(capability.payment_methods.some(({ name }) => name === 'promptpay'))
    assert.equal((await client.account.retrieve()).country, 'TH')
    const charge = await client.charges.create({ amount: 10000, currency: 'THB', card: await token() })
    assert.equal((await client.balance.retrieve()).total, charge.net)
    const [event] = (await client.events.list()).data
    assert.equal(event?.key, 'charge.create')
    assert.equal((await client.events.retrieve(event.id)).id, event.id)
    assert.equal((await client.disputes.list()).total, 0)
  })

  it('refuses wrong keys, and keys of the wrong kind', async () => {
    const stranger = officialPackage({ publicKey: 'pkey_test_x', secretKey: 'skey_test_x' })
    await assert.rejects(stranger.charges.list(), { code: 'authentication_failure' })
    await assert.rejects(stranger.tokens.create({ card }), { code: 'authentication_failure' })
    const mixed = officialPackage({ publicKey: keys.secretKey, secretKey: keys.publicKey })
    await assert.rejects(mixed.charges.list(), { code: 'authorization_failure' })
    await assert.rejects(mixed.tokens.create({ card }), { code: 'authorization_failure' })
  })
})

describe('the simulated Omise, after its process was killed', () => {
  const dir = mkdtempSync(join(tmpdir(), 'parley-omise-'))
  after(() => rmSync(dir, { recursive: true, force: true }))

  it('still knows its charges, as the real one would', async () => {
    const first = await startOmise({ dataDir: dir })
    const { body } = await call(first.url, 'POST', '/charges', {
      body: { amount: 30000, currency: 'THB', source: { type: 'promptpay' } },
    })
    await first.handle.settled()
    first.close()
    const second = await startOmise({ dataDir: dir })
    second.handle.pay(String(body['id']))
    const paid = await call(second.url, 'GET', `/charges/${body['id']}`)
    assert.equal(paid.body['status'], 'successful')
    assert.equal((paid.body['source'] as { type: string }).type, 'promptpay')
    await second.handle.settled()
    second.close()
  })
})
