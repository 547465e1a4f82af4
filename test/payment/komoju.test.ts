import assert from 'node:assert/strict'
import nock from 'nock'
import { inWords } from '../../server/language/index.ts'
import { type Attempt, Unanswered } from '../../server/payment/gateway.ts'
import { gateway } from '../../server/payment/gateways/komoju.ts'
import { newAttempt } from '../support/gateway-bench.ts'
import { type KomojuSandbox, keys, press, startKomoju } from '../support/komoju-sandbox.ts'

const details = {
  orderRegNo: 'P-1001',
  description: 'Order P-1001',
  returnUrl: 'http://127.0.0.1:3000/r/unguessable',
  customer: { name: '山田花子', email: 'hanako@example.com', phone: '', language: 'ja', ip: '203.0.113.7' },
}

describe('the adapter of KOMOJU', () => {
  let komoju: KomojuSandbox
  before(async () => {
    komoju = await startKomoju()
  })
  beforeEach(() => {
    komoju.handle.reset()
    komoju.faults.reset()
  })
  after(() => komoju.close())

  const at = (change: object = {}) =>
    gateway({ ...keys, apiUrl: komoju.url, ...change }, 'https://shop.example')
  const attempt = (change: Partial<Attempt> = {}): Attempt => ({
    ...newAttempt({ method: 'credit_card', money: { amount: 3000, currency: 'JPY' } }),
    ...change,
  })
  const sessions = () =>
    komoju.handle.sessions() as {
      amount: number
      currency: string
      session_url: string
      default_locale: string
    }[]
  const pay = async (number = '4111111111111111') =>
    press(sessions().at(-1)?.session_url ?? '', { action: 'pay', number })

  it('finds the API below the host, below a prefix, and at its own path', async () => {
    assert.equal((await at().test()).ok, true)
    assert.equal((await at({ apiUrl: `${komoju.url}/api/v1` }).test()).ok, true)
    const { ok, advice } = await at({ apiUrl: `${komoju.url}/elsewhere` }).test()
    assert.equal(ok, false)
    assert.ok(advice)
  })

  it('asks for a webhook secret while there is none', async () => {
    const { ok, advice } = await at({ webhookSecret: null }).test()
    assert.equal(ok, true)
    assert.match(
      inWords('en', advice),
      /https:\/\/shop\.example\/webhooks\/payments\/komoju.*KOMOJU_WEBHOOK_SECRET/,
    )
  })

  it('leads nobody to what is no web address', async () => {
    const host = 'https://komoju.example'
    const session = {
      resource: 'session',
      id: 's1',
      status: 'pending',
      amount: 3000,
      currency: 'JPY',
      session_url: 'javascript:alert(1)',
      payment_data: { external_order_num: 'a1' },
    }
    nock(host)
      .post(/sessions/)
      .reply(200, session)
    const { next } = await at({ apiUrl: host }).open(attempt({ id: 'a1' }), details)
    assert.deepEqual(next, { kind: 'checking' })
  })

  it('sends yen as they are and hundredths of everything else, rupiah too', async () => {
    await at().open(attempt(), details)
    await at().open(attempt({ money: { amount: 1999, currency: 'USD' } }), details)
    await at().open(attempt({ money: { amount: 15_000_050, currency: 'IDR' } }), details)
    assert.deepEqual(
      sessions().map(({ amount, currency }) => [amount, currency]),
      [
        [3000, 'JPY'],
        [1999, 'USD'],
        [15_000_050, 'IDR'],
      ],
    )
    assert.equal(sessions()[0]?.default_locale, 'ja')
  })

  it('does not know what became of a session whose number is taken and whose key is forgotten', async () => {
    const one = attempt()
    await at().open(one, details)
    komoju.faults.set('komoju', 'forgetKeys', true)
    await assert.rejects(at().open(one, details), Unanswered)
    await pay()
    const { found } = await at().open(one, details)
    assert.equal(found?.state, 'CAPTURED')
    assert.equal(sessions().length, 1)
  })

  it('takes no code back that was issued in the last moment of choosing a store', async () => {
    const asked = attempt({ method: 'konbini' })
    const { refs } = await at().open(asked, details)
    const fields = { action: 'konbini', store: 'lawson', email: 'hanako@example.com' }
    await press(sessions().at(-1)?.session_url ?? '', fields)
    const over = { ...asked, refs, now: new Date(asked.expiresAt.getTime() + 1000) }
    assert.equal(await at().cancel(over), false)
    const { state, refs: known } = await at().check(over)
    assert.equal(state, 'PENDING')
    // Once our books know it, its end is the code's own, and giving up means taking it back.
    assert.equal(await at().cancel({ ...over, refs: known }), true)
  })

  it('lists what was begun in a span of time, its end left out', async () => {
    const made: string[] = []
    for (let i = 0; i < 3; i += 1) {
      const one = attempt()
      await at().open(one, details)
      await pay(i === 2 ? '4123111111111000' : undefined)
      made.push(one.id)
    }
    const all = await listed(new Date(Date.now() - 60_000), new Date(Date.now() + 60_000))
    assert.deepEqual(all.map(({ attemptId }) => attemptId).sort(), made.sort())
    assert.deepEqual(
      all.map(({ said, captured }) => [said, captured]).sort(),
      [
        ['captured', 3000],
        ['captured', 3000],
        ['failed', 0],
      ].sort(),
    )
    const first = all.map(({ at: when }) => when.getTime()).sort()[0] ?? 0
    assert.deepEqual(await listed(new Date(0), new Date(first)), [])
  })

  it('reads every page of a long list', async () => {
    for (let i = 0; i < 105; i += 1) {
      await at().open(attempt(), details)
      await pay()
    }
    const all = await listed(new Date(Date.now() - 600_000), new Date(Date.now() + 60_000))
    assert.equal(new Set(all.map(({ ref }) => ref.value)).size, 105)
  }).timeout(20_000)

  it('fetches the events that webhooks lost, and names their attempts', async () => {
    komoju.faults.set('komoju', 'webhookTiming', 'never')
    komoju.faults.set('komoju', 'foreignEvents', true)
    const one = attempt()
    await at().open(one, details)
    await pay()
    const missed = []
    for await (const notice of at().missed?.(new Date(Date.now() - 60_000)) ?? []) missed.push(notice)
    assert.deepEqual(
      missed.map(({ attemptId, said, authentic }) => [attemptId, said, authentic]),
      [[one.id, 'payment.captured captured', true]],
    )
    assert.ok(missed[0]?.eventId)
  })

  async function listed(from: Date, to: Date) {
    const rows = []
    for await (const row of at().list?.({ from, to }) ?? []) rows.push(row)
    return rows
  }
})
