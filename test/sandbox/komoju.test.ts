import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { callKomoju, type KomojuSandbox, keys, press, startKomoju } from '../support/komoju-sandbox.ts'

const day = 86_400_000

describe('the simulated KOMOJU', () => {
  let komoju: KomojuSandbox
  before(async () => {
    komoju = await startKomoju()
  })
  beforeEach(() => {
    komoju.handle.reset()
    komoju.faults.reset()
    komoju.received.length = 0
  })
  after(() => komoju.close())

  let number = 0
  const session = (change: object = {}) => {
    number += 1
    return {
      amount: 3000,
      currency: 'JPY',
      mode: 'payment',
      return_url: 'http://localhost:3000/r/key?lang=ja',
      payment_types: ['credit_card', 'konbini'],
      payment_data: { external_order_num: `order-${number}` },
      ...change,
    }
  }
  const post = (path: string, body: unknown = {}, key?: string) =>
    callKomoju(komoju, 'POST', path, { body, ...(key ? { key } : {}) })
  const get = (path: string) => callKomoju(komoju, 'GET', path)
  const errorOf = ({ body }: { body: Record<string, unknown> }) =>
    body['error'] as { code: string; param: string }
  async function open(change: object = {}): Promise<{ id: string; page: string; order: string }> {
    const wanted = session(change)
    const { status, body } = await post('/sessions', wanted)
    assert.equal(status, 200, JSON.stringify(body))
    const order = wanted.payment_data.external_order_num
    return { id: String(body['id']), page: String(body['session_url']), order }
  }
  const konbini = { action: 'konbini', store: 'seicomart', email: 'hanako@example.com' }
  const paymentOf = async (id: string) =>
    (await get(`/sessions/${id}`)).body['payment'] as Record<string, unknown> & { id: string; status: string }

  it('lets in nobody without the key and the pinned version', async () => {
    for (const secretKey of ['', 'sk_test_other', `${keys.secretKey}x`]) {
      const answer = await callKomoju(komoju, 'GET', '/payments', { secretKey })
      assert.deepEqual([answer.status, errorOf(answer).code], [401, 'unauthorized'])
    }
    for (const version of ['', '2024-07-15']) {
      const headers = { 'X-KOMOJU-API-VERSION': version }
      assert.equal((await callKomoju(komoju, 'GET', '/payments', { headers })).status, 400)
    }
    assert.equal((await get('/payments/nobodys')).status, 404)
    assert.equal((await get('/nothing')).status, 404)
  })

  it('refuses what is wrong, and says which parameter', async () => {
    const wrong: [object, number, string][] = [
      [{ amount: 30.5 }, 400, 'amount'],
      [{ amount: '3000' }, 400, 'amount'],
      [{ amount: 1 }, 422, 'amount'],
      [{ amount: 300_000, payment_types: ['konbini'] }, 422, 'amount'],
      [{ currency: 'THB' }, 422, 'currency'],
      [{ currency: 'jpy' }, 400, 'currency'],
      [{ return_url: 'javascript:alert(1)' }, 400, 'return_url'],
      [{ expires_in_seconds: 86_401 }, 400, 'expires_in_seconds'],
      [{ metadata: { key: 'x'.repeat(2001) } }, 400, 'metadata.key'],
      [{ payment_types: ['paypay'] }, 400, 'payment_types.0'],
      [{ surprise: true }, 400, 'surprise'],
    ]
    for (const [change, status, param] of wrong) {
      const answer = await post('/sessions', session(change))
      assert.deepEqual([answer.status, errorOf(answer).param], [status, param], JSON.stringify(change))
    }
    const form = await callKomoju(komoju, 'POST', '/sessions', {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: session(),
    })
    assert.equal(form.status, 400)
  })

  it('gives one key one session, for a day, and refuses it for another request', async () => {
    const wanted = session()
    const [first, again] = [
      await post('/sessions', wanted, 'key-1'),
      await post('/sessions', wanted, 'key-1'),
    ]
    assert.equal(first.body['id'], again.body['id'])
    assert.equal((await post('/sessions', { ...wanted, amount: 3001 }, 'key-1')).status, 422)
    assert.equal((await post('/sessions', session(), 'k'.repeat(101))).status, 400)
    assert.equal((await post('/sessions', session(), 'clé')).status, 400)
    komoju.handle.advance(day)
    const later = await post('/sessions', wanted, 'key-1')
    komoju.handle.advance(-day)
    assert.deepEqual(
      [later.status, errorOf(later).param],
      [422, 'payment_data.external_order_num'],
      'the key is forgotten, the order number never is',
    )
  })

  it('answers 409 while the first request of a key is still running', async () => {
    komoju.faults.set('komoju', 'latencyMs', 150)
    const wanted = session()
    const answers = await Promise.all([post('/sessions', wanted, 'slow'), post('/sessions', wanted, 'slow')])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  })

  it('says that a session has expired, and no status for it', async () => {
    const { id, page } = await open({ expires_in_seconds: 60 })
    komoju.handle.advance(61_000)
    const { body } = await get(`/sessions/${id}`)
    assert.deepEqual([body['status'], body['expired']], ['pending', true])
    assert.equal((await post(`/sessions/${id}/cancel`)).status, 422)
    const { headers } = await press(page, { action: 'pay', number: '4111111111111111' })
    assert.match(headers.get('location') ?? '', /session_id=/)
    assert.equal(await paymentOf(id), undefined)
    komoju.handle.advance(-61_000)
  })

  it('comes back with the session behind the query that is there, whatever happened', async () => {
    for (const fields of [{ action: 'pay', number: '4111111111111111' }, { action: 'cancel' }, konbini]) {
      const { id, page } = await open()
      const { status, headers } = await press(page, fields as Record<string, string>)
      assert.equal(status, 303)
      assert.equal(headers.get('location'), `http://localhost:3000/r/key?lang=ja&session_id=${id}`)
    }
  })

  it('fails with the test cards, each in its own words, and lets them be tried again', async () => {
    const cards = [
      ['4123111111111000', 'insufficient_funds'],
      ['4123111111111034', 'bad_verification_value'],
      ['4123111111111042', 'card_expired'],
      ['4999999999999999', 'invalid_number'],
    ] as const
    const { id, page } = await open()
    for (const [number, code] of cards) {
      const { status } = await press(page, { action: 'pay', number })
      assert.equal(status, 200, 'the page stays')
      const payment = await paymentOf(id)
      assert.deepEqual([payment.status, payment['error']], ['failed', { code }])
    }
    await press(page, { action: 'pay', number: '3530111333300000' })
    assert.equal((await paymentOf(id)).status, 'captured')
    assert.equal((await get(`/sessions/${id}`)).body['status'], 'completed')
  })

  it('completes a session when a code is issued, and captures when it is paid, with the fee of the store', async () => {
    const { id, page, order } = await open()
    await press(page, konbini)
    assert.equal((await get(`/sessions/${id}`)).body['status'], 'completed')
    const waiting = await paymentOf(id)
    assert.equal(waiting.status, 'authorized')
    await fetch(`${komoju.url.replace('/komoju', '')}/__sim/komoju/payments/${waiting.id}/pay`, {
      method: 'POST',
    })
    const { body } = await get(`/payments?external_order_num=${order}`)
    const [paid, ...more] = body['data'] as Record<string, number | string>[]
    assert.equal(more.length, 0)
    assert.deepEqual(
      [paid?.['status'], paid?.['amount'], paid?.['payment_method_fee'], paid?.['total']],
      ['captured', 3000, 190, 3190],
    )
    await komoju.handle.settled()
    const types = komoju.received.map(({ headers }) => headers['x-komoju-event'])
    assert.deepEqual(types, ['payment.authorized', 'payment.captured'])
  })

  it('lets a code run out after three days', async () => {
    const { id, page } = await open()
    await press(page, konbini)
    komoju.handle.advance(3 * day + 1000)
    assert.equal((await paymentOf(id)).status, 'expired')
    komoju.handle.advance(-3 * day - 1000)
    assert.throws(() => komoju.handle.payAtCounter(komoju.handle.payments()[0]?.['id'] as string))
  })

  it('gives card money back in parts and a konbini’s only by hand', async () => {
    const card = await open()
    await press(card.page, { action: 'pay', number: '4111111111111111' })
    const { id } = await paymentOf(card.id)
    const part = await post(`/payments/${id}/refund`, { amount: 1000, description: 'part' })
    assert.deepEqual([part.body['status'], part.body['amount_refunded']], ['captured', 1000])
    assert.equal((await post(`/payments/${id}/refund`, { amount: 2001 })).status, 422)
    assert.equal((await post(`/payments/${id}/refund`)).body['status'], 'refunded')
    assert.equal((await post(`/payments/${id}/cancel`)).status, 422)

    const store = await open()
    await press(store.page, konbini)
    const code = await paymentOf(store.id)
    komoju.handle.payAtCounter(code.id)
    assert.equal((await post(`/payments/${code.id}/refund`)).status, 422)
    komoju.handle.refundByHand(code.id)
    assert.equal((await paymentOf(store.id)).status, 'refunded')
  })

  it('signs the bytes that it sends, again and again until they are taken', async () => {
    komoju.answer.status = 503
    const { page } = await open()
    await press(page, { action: 'pay', number: '4111111111111111' })
    await komoju.handle.settled()
    komoju.answer.status = 200
    assert.equal(komoju.received.length, 3)
    const ids = new Set<string>()
    for (const { headers, body } of komoju.received) {
      const signature = createHmac('sha256', keys.webhookSecret).update(body).digest('hex')
      assert.equal(headers['x-komoju-signature'], signature)
      assert.equal(headers['user-agent'], 'Komoju-Webhook')
      ids.add(String(headers['x-komoju-id']))
    }
    assert.equal(ids.size, 3, 'each delivery has an id of its own')
    const events = new Set(komoju.received.map(({ body }) => JSON.parse(body.toString()).id))
    assert.equal(events.size, 1, 'the event has one')
    const { body } = await get('/events')
    assert.deepEqual(
      (body['data'] as { id: string }[]).map(({ id }) => id),
      [...events],
    )
  })

  it('shows its pages with the customer’s words as words', async () => {
    const { page } = await open({
      payment_data: { external_order_num: 'x-1', description: '<script>alert(1)</script>' },
    })
    const text = await (await fetch(page)).text()
    assert.ok(!text.includes('<script>alert'))
    for (const button of ['Pay', 'Decline', 'Cancel', 'Leave', 'Get the code'])
      assert.ok(text.includes(button))
  })
})
