import assert from 'node:assert/strict'
import type { Currency } from '../../models/money.ts'
import { type Attempt, type OpenDetails, Refused } from '../../server/payment/gateway.ts'
import { gateway as omiseGateway } from '../../server/payment/gateways/omise.ts'
import { newAttempt } from '../support/gateway-bench.ts'
import { call, keys, type OmiseSandbox, startOmise, webhookSecret } from '../support/omise-sandbox.ts'

const details: OpenDetails = {
  orderRegNo: 'P-1001',
  description: 'Order P-1001',
  returnUrl: 'http://127.0.0.1:3000/pay/back/unguessable',
  customer: { name: 'Malee', email: 'malee@example.com', phone: '+66 81 234 5678', language: 'th', ip: '' },
}

describe('what an Omise account may take', () => {
  let omise: OmiseSandbox
  before(async () => {
    omise = await startOmise()
  })
  after(() => omise.close())
  afterEach(() => omise.faults.reset())

  const account = () => ({
    ...keys,
    webhookSecret,
    apiUrl: omise.url,
    vaultUrl: omise.url,
    scriptUrl: '',
  })
  const gateway = () => omiseGateway(account(), 'http://127.0.0.1:3000')
  const charges = () => omise.handle.charges() as { id: string; [field: string]: unknown }[]
  const start = (method: string, amount: number, currency: Currency = 'THB') =>
    newAttempt({ method, money: { amount, currency } })
  const open = async (attempt: Attempt, change: Partial<OpenDetails> = {}) => {
    const answer = await gateway().open(attempt, { ...details, ...change })
    return { ...answer, attempt: { ...attempt, refs: answer.refs } }
  }
  const card = async () => {
    const body = {
      card: {
        name: 'Malee',
        number: '4242424242424242',
        expiration_month: 12,
        expiration_year: 2040,
        security_code: '123',
      },
    }
    const answer = await call(omise.url, 'POST', '/tokens', { key: keys.publicKey, body })
    return String(answer.body['id'])
  }

  it('is asked of it, and what it lacks is not offered', async () => {
    omise.faults.set('omise', 'accountLacks', 'truemoney,installment_kbank,card')
    const built = gateway()
    assert.ok(built.methods.some(({ name }) => name === 'truemoney'))
    await built.learn()
    const names = built.methods.map(({ name }) => name)
    assert.ok(names.includes('promptpay') && names.includes('installment_scb_3'))
    assert.ok(!names.some((name) => ['truemoney', 'card'].includes(name) || /kbank_\d/.test(name)))
    await assert.rejects(open(start('truemoney', 30_000)), Refused)
  })

  it('stays what it was while it cannot be asked', async () => {
    const built = omiseGateway({ ...account(), apiUrl: 'http://127.0.0.1:9' }, '')
    const before = built.methods.length
    await built.learn()
    assert.equal(built.methods.length, before)
    assert.ok(before > 30)
  })

  it('is sold in instalments: the bank and the months in the name, each with its least amount', async () => {
    const plan = gateway().methods.find(({ name }) => name === 'installment_kbank_10')
    assert.equal(plan?.amounts.THB?.min, 300_000)
    assert.equal(plan?.group, 'installment')
    const { next } = await open(start('installment_kbank_10', 300_000))
    assert.equal(next.kind, 'redirect')
    const source = charges().at(-1)?.['source'] as { type: string; installment_term: number }
    assert.deepEqual([source.type, source.installment_term], ['installment_kbank', 10])
    await assert.rejects(open(start('installment_kbank_10', 299_999)), Refused)
    await assert.rejects(open(start('installment_kbank_7', 300_000)), Refused)
  })

  it('asks a wallet by the phone number that is dialled in Thailand', async () => {
    await open(start('truemoney', 30_000))
    const source = charges().at(-1)?.['source'] as { phone_number: string }
    assert.equal(source.phone_number, '0812345678')
    const abroad = { ...details.customer, phone: '+1 202 555 0100' }
    await assert.rejects(open(start('truemoney', 30_000), { customer: abroad }), /invalid_phone|Thai phone/)
  })

  it('leads to apps outside the chat, and to pages inside it', async () => {
    const app = await open(start('mobile_banking_scb', 30_000))
    const page = await open(start('internet_banking_bbl', 30_000))
    assert.equal(app.next.kind === 'redirect' && app.next.outside, true)
    assert.equal(page.next.kind === 'redirect' && page.next.outside, undefined)
  })

  it('tells until when a code can be paid at a counter in Japan, and who comes there', async () => {
    const attempt = {
      ...start('econtext', 3000, 'JPY'),
      expiresAt: new Date(Math.ceil(Date.now() / 1000) * 1000 + 2 * 24 * 3600_000),
    }
    const { found } = await open(attempt)
    assert.deepEqual(found?.expiresAt, attempt.expiresAt)
    const nameless = { ...details.customer, email: '' }
    await assert.rejects(open(start('econtext', 3000, 'JPY'), { customer: nameless }), Refused)
  })

  it('holds a card’s money where the shop wants it, and takes it once, however often it is asked', async () => {
    const { attempt, found } = await open(start('card', 30_000), {
      cardToken: await card(),
      captureLater: true,
    })
    assert.deepEqual([found?.state, found?.captured], ['AUTHORIZED', 0])
    omise.faults.set('omise', 'dropAfterCommit', 'captures', 1)
    await assert.rejects(gateway().capture?.(attempt) ?? Promise.resolve())
    const taken = await gateway().capture?.(attempt)
    assert.deepEqual([taken?.state, taken?.captured], ['CAPTURED', 30_000])
    const again = await gateway().capture?.(attempt)
    assert.equal(again?.captured, 30_000)
  })

  it('lets held money go, and takes none of it afterwards', async () => {
    const { attempt } = await open(start('card', 30_000), { cardToken: await card(), captureLater: true })
    assert.equal(await gateway().cancel(attempt), true)
    const after = await gateway().capture?.(attempt)
    assert.deepEqual([after?.state, after?.captured], ['CANCELED', 0])
  })

  it('says who has to act in a dispute, and how it ended', async () => {
    const { attempt } = await open(start('card', 30_000), { cardToken: await card() })
    const id = attempt.refs.find(({ kind }) => kind === 'charge')?.value ?? ''
    assert.equal((await gateway().check(attempt)).dispute, undefined)
    for (const [action, state] of [
      ['dispute', 'open'],
      ['pending', 'pending'],
      ['lost', 'lost'],
    ]) {
      await fetch(`${omise.url}/__sim/charges/${id}/${action}`, { method: 'POST' })
      await omise.handle.settled()
      const last = omise.received.at(-1)
      assert(last)
      const notice = gateway().readWebhook(last.headers, last.body)
      assert.equal(notice?.ref?.value, id)
      const { dispute, state: paid } = await gateway().check(attempt)
      assert.deepEqual([dispute, paid], [state, 'CAPTURED'])
    }
  })
})
