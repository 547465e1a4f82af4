import assert from 'node:assert/strict'
import express, { type Request, type Response } from 'express'
import { inWords } from '../../server/language/index.ts'
import { type Attempt, type Gateway, Refused, Unanswered } from '../../server/payment/gateway.ts'
import { encodeBody, signatureOf } from '../../server/payment/gateways/ipaymu/client.ts'
import { gateway as ipaymuGateway } from '../../server/payment/gateways/ipaymu.ts'
import { newAttempt } from '../support/gateway-bench.ts'
import { account, type IpaymuSandbox, startIpaymu } from '../support/ipaymu-sandbox.ts'
import { listen } from '../support/listen.ts'

const money = { amount: 15_050_000, currency: 'IDR' } as const
const HOUR = 3600_000
const details = {
  orderRegNo: 'P-1001',
  description: 'Toko Jeruk · P-1001',
  returnUrl: 'http://127.0.0.1:3000/my/orders/return/unguessable',
  cancelUrl: 'http://127.0.0.1:3000/my/orders/cancel/unguessable',
  customer: { name: 'Budi', email: 'budi@example.com', phone: '0812 3456 789', language: 'id', ip: '' },
}

describe('iPaymu', () => {
  let platform: IpaymuSandbox
  let gateway: Gateway
  before(async () => {
    platform = await startIpaymu()
    gateway = at(platform.url)
  })
  after(() => platform.close())
  beforeEach(() => told())
  afterEach(() => platform.faults.reset())

  const at = (apiUrl: string, environment: 'sandbox' | 'production' = 'sandbox') =>
    ipaymuGateway({ ...account, environment, apiUrl }, platform.shopUrl)
  const knob = (name: string, value: boolean | number | string, times?: number) =>
    platform.faults.set('ipaymu', name, value, times)
  const open = async (method: string, change: Partial<Attempt> = {}) => {
    const attempt = {
      ...newAttempt({ method, money }),
      expiresAt: new Date(Date.now() + 24 * HOUR),
      ...change,
    }
    const answer = await gateway.open(attempt, details)
    return { ...answer, attempt: { ...attempt, refs: answer.refs } }
  }
  const ours = (attempt: Attempt) =>
    platform.handle.transactions().filter(({ reference }) => reference === attempt.id)
  const act = (attempt: Attempt, action: string) =>
    fetch(`${new URL(platform.url).origin}/__sim/ipaymu/transactions/${ours(attempt).at(-1)?.id}/${action}`, {
      method: 'POST',
    })
  const told = async () => {
    await platform.handle.settled()
    return platform.received.splice(0)
  }
  const later = (attempt: Attempt, ms: number): Attempt => ({ ...attempt, now: new Date(Date.now() + ms) })

  it('signs what it sends, byte for byte, in ASCII with plain slashes', () => {
    const body = encodeBody({ product: ['ส้มโอ'], url: 'https://a.example/b' })
    assert.equal(body, '{"product":["\\u0e2a\\u0e49\\u0e21\\u0e42\\u0e2d"],"url":"https://a.example/b"}')
    assert.deepEqual(JSON.parse(body).product, ['ส้มโอ'])
    // Of POST:test_va:44136fa3…61caaff8a:test_api_key, where the middle is the SHA-256 of the two braces.
    assert.equal(
      signatureOf('{}', { va: 'test_va', apiKey: 'test_api_key' }),
      '30540baef99f675ae88327c88dc6aa38d7413f206eb35af4b63b3e7ffffafbeb',
    )
  })

  it('takes whole rupiah alone, and never rounds', async () => {
    for (const amount of [15_050_001, 499_900, 100_000_000_000]) {
      await assert.rejects(open('ipaymu', { money: { amount, currency: 'IDR' } }), Refused)
    }
    await assert.rejects(open('ipaymu', { money: { amount: 100_000, currency: 'THB' } }), Refused)
    const { attempt } = await open('ipaymu', { money: { amount: 500_000, currency: 'IDR' } })
    const session = platform.handle.sessions().find(({ reference }) => reference === attempt.id)
    assert.equal(session?.amount, 5000)
  })

  it('tells the platform where to call, where to come back to, and where to when given up', async () => {
    const { attempt } = await open('ipaymu')
    const session = platform.handle.sessions().find(({ reference }) => reference === attempt.id)
    assert.equal(session?.notifyUrl, `${platform.shopUrl}/ipaymu/callback`)
    assert.equal(session.returnUrl, details.returnUrl)
    assert.equal(session.cancelUrl, details.cancelUrl)
    assert.equal(session.feeDirection, 'MERCHANT')
  })

  it('asks for no longer life than a channel allows', async () => {
    const hours: Record<string, number> = {
      va_bca: 12,
      va_bri: 2,
      va_bsi: 3,
      va_mandiri: 24,
      cstore_alfamart: 24,
      qris: 5 / 60,
    }
    for (const [method, longest] of Object.entries(hours)) {
      const { attempt, found, next } = await open(method)
      const [transaction] = ours(attempt)
      assert.ok(transaction)
      assert.equal(transaction.expiresAt - transaction.createdAt, longest * HOUR, method)
      assert.ok(found?.expiresAt && Math.abs(found.expiresAt.getTime() - transaction.expiresAt) < 1000)
      assert.ok('expiresAt' in next && next.expiresAt === found.expiresAt.toISOString())
      const offered = gateway.methods.find(({ name }) => name === method)
      assert.ok(offered && offered.lifetime <= longest * HOUR)
    }
  })

  it('shows a number to pay to, and draws the QR itself', async () => {
    const va = await open('va_bca')
    assert.ok(va.next.kind === 'code')
    assert.deepEqual(
      [va.next.code, va.next.store],
      [ours(va.attempt)[0]?.paymentNo, 'BCA (PARLEY SAMPLE SHOP)'],
    )
    const { next } = await open('qris')
    assert.ok(next.kind === 'qr')
    assert.match(next.payload ?? '', /^000201.*5303360.*5406150500.*5802ID.*6304[0-9A-F]{4}$/)
    assert.match(next.image, /^data:image\/png;base64,/)
  })

  it('wants a name, an e-mail and a phone number for a code, and sends nothing without', async () => {
    const attempt = newAttempt({ method: 'va_bca', money })
    const customer = { ...details.customer, email: '' }
    await assert.rejects(
      gateway.open(attempt, { ...details, customer }),
      (error: Refused) => error.code === 'contact_needed',
    )
    assert.equal(ours(attempt).length, 0)
  })

  const codes: [status: number, state: string, more: object][] = [
    [-2, 'EXPIRED', { captured: 0 }],
    [0, 'PENDING', { captured: 0 }],
    [1, 'CAPTURED', { captured: money.amount, settled: true, escrow: false }],
    [2, 'CANCELED', { captured: 0 }],
    [3, 'REFUNDED', { captured: money.amount, refunded: money.amount }],
    [4, 'UNKNOWN', { captured: 0 }],
    [5, 'FAILED', { captured: 0, failureCode: 'payment_failed' }],
    [6, 'CAPTURED', { captured: money.amount, settled: false, escrow: false }],
    [7, 'CAPTURED', { captured: money.amount, settled: false, escrow: true }],
    [8, 'UNKNOWN', { captured: 0 }],
  ]
  for (const [status, state, more] of codes) {
    it(`reads code ${status} as ${state}`, async () => {
      const { attempt } = await open('va_bri')
      knob('statusShown', String(status))
      const found = await gateway.check(attempt)
      assert.equal(found.state, state)
      for (const [name, value] of Object.entries(more)) assert.equal(found[name as 'captured'], value, name)
    })
  }

  it('calls an error failed only when the time is over', async () => {
    const { attempt } = await open('va_bri')
    await act(attempt, 'error')
    assert.equal((await gateway.check(attempt)).state, 'UNKNOWN')
    assert.equal((await gateway.check(later(attempt, 25 * HOUR))).state, 'FAILED')
  })

  it('waits for a page that nobody has used until its time is over', async () => {
    const { attempt } = await open('ipaymu')
    assert.equal((await gateway.check(attempt)).state, 'PENDING')
    assert.equal((await gateway.check(later(attempt, 25 * HOUR))).state, 'EXPIRED')
  })

  it('sees the payment among several that the customer began on the page', async () => {
    const { attempt } = await open('ipaymu')
    const page = `${platform.url}/pay/${attempt.refs[0]?.value}`
    const press = (action: string, channel = '') =>
      fetch(page, { method: 'POST', body: new URLSearchParams({ action, channel }), redirect: 'manual' })
    await press('choose', 'va bri')
    await press('decline')
    assert.equal((await gateway.check(attempt)).state, 'FAILED')
    await press('choose', 'cstore indomaret')
    const { state, refs } = await gateway.check({ ...attempt, refs: [...attempt.refs] })
    assert.deepEqual([state, refs.length], ['PENDING', 2])
    await press('pay')
    const found = await gateway.check({ ...attempt, refs: [...attempt.refs, ...refs] })
    assert.deepEqual([found.state, found.captured], ['CAPTURED', money.amount])
  })

  it('counts both where two of them were paid', async () => {
    const { attempt } = await open('va_bri')
    await gateway.open({ ...attempt, refs: [], createdAt: new Date(Date.now() - 60_000) }, details)
    for (const { id } of ours(attempt)) await platform.handle.pay(id)
    const found = await gateway.check({ ...attempt, refs: [] })
    assert.equal(found.captured, 2 * money.amount)
  })

  it('lets the customer try again when the code was in an answer that never came', async () => {
    knob('dropAfterCommit', 'payments', 1)
    const attempt = newAttempt({ method: 'va_bri', money })
    await assert.rejects(gateway.open(attempt, details), Unanswered)
    const soon = await gateway.check(attempt)
    // A next step said here would hide the one that a slower answer brings.
    assert.deepEqual([soon.state, soon.next], ['PENDING', undefined])
    const late = await gateway.check(later(attempt, 60_000))
    assert.deepEqual([late.state, late.failureCode], ['CANCELED', 'answer_lost'])
    await platform.handle.pay(ours(attempt)[0]?.id ?? '')
    assert.equal((await gateway.check(later(attempt, 60_000))).state, 'CAPTURED')
  })

  it('reads the history under both of its names', async () => {
    const { attempt } = await open('va_bri')
    knob('historyShape', 'Transaction')
    assert.equal((await gateway.check({ ...attempt, refs: [] })).state, 'PENDING')
  })

  it('takes no transaction for its own that does not name the attempt', async () => {
    const { attempt } = await open('va_bri')
    knob('forgetsReference', true)
    assert.equal(
      (await gateway.check({ ...attempt, refs: attempt.refs.filter(({ kind }) => kind === 'transaction') }))
        .state,
      'MISSING',
    )
  })

  describe('hears callbacks', () => {
    const ways: [sorting: string, ascii: boolean, said: string][] = [
      ['bytes', false, 'bytes'],
      ['bytes', true, 'bytes, ASCII'],
      ['letters', false, 'letters'],
      ['letters', true, 'letters, ASCII'],
    ]
    for (const format of ['form', 'json']) {
      for (const [sorting, ascii, said] of ways) {
        it(`as ${format}, signed by ${said}`, async () => {
          knob('webhookFormat', format)
          knob('webhookSorting', sorting)
          knob('webhookAscii', ascii)
          const { attempt } = await open('va_bri')
          const [event] = await told()
          assert.ok(event)
          const notice = gateway.readWebhook(event.headers, event.body)
          assert.equal(notice?.attemptId, attempt.id)
          assert.equal(notice.authentic, false)
          assert.equal(notice.said, `0, signature: ${said}`)
          assert.equal(notice.eventId, event.headers['x-external-id'])
        })
      }
    }

    it('and says when the signature is wrong or missing', async () => {
      for (const how of ['wrong', 'missing', 'short']) {
        knob('signature', how)
        await open('va_bri')
        const [event] = await told()
        assert.ok(event)
        const { said } = gateway.readWebhook(event.headers, event.body) ?? {}
        assert.match(said ?? '', how === 'missing' ? /missing/ : /wrong/)
      }
    })

    it('by the session where our reference is not in it', async () => {
      knob('callbackWithoutReference', true)
      const { attempt } = await open('va_bri')
      const [event] = await told()
      assert.ok(event)
      const notice = gateway.readWebhook(event.headers, event.body)
      assert.equal(notice?.attemptId, undefined)
      assert.ok(
        attempt.refs.some(({ kind, value }) => kind === notice?.ref?.kind && value === notice.ref.value),
      )
    })

    it('of its own environment alone', async () => {
      await open('va_bri')
      const [event] = await told()
      assert.ok(event)
      assert.equal(at(platform.url, 'production').readWebhook(event.headers, event.body), null)
    })
  })

  describe('tests its connection', () => {
    const cases: [status: number, body: string, advice: RegExp][] = [
      [
        401,
        '{"Status":401,"Success":false,"Message":"unauthorized signature"}',
        /IPAYMU_VA and IPAYMU_API_KEY/,
      ],
      [400, '{"Status":400,"Success":false,"Message":"Account tidak valid"}', /does not take the request/],
      [200, '{"Status":401,"Success":false,"Message":"Invalid IP"}', /Register the address/],
      [500, '<html>Internal Server Error</html>', /support/],
      [200, '<html>hello</html>', /support|does not speak/],
    ]
    for (const [status, body, advice] of cases) {
      it(`and repeats the answer ${status} ${body.slice(0, 30)}`, async () => {
        const app = express()
        app.post('/api/v2/balance', (_request: Request, response: Response) => {
          response.status(status).send(body)
        })
        const { server, url } = await listen(app)
        const report = await at(url).test()
        server.close()
        assert.equal(report.ok, false)
        const words = /"Message":"([^"]+)"/.exec(body)?.[1] ?? body
        assert.equal(report.answer, `${status} ${words}`)
        assert.match(inWords('en', report.advice), advice)
      })
    }

    it('and says when nobody answers', async () => {
      const report = await at('http://127.0.0.1:9').test()
      assert.equal(report.ok, false)
      assert.match(inWords('en', report.answer), /did not answer/)
      assert.match(inWords('en', report.advice), /network/)
    })

    it('at an address that has the path already', async () => {
      assert.equal((await at(`${platform.url}/api/v2`).test()).ok, true)
    })
  })
})
