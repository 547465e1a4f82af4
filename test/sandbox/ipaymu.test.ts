import assert from 'node:assert/strict'
import { callIpaymu, type IpaymuSandbox, startIpaymu } from '../support/ipaymu-sandbox.ts'

const direct = {
  name: 'Budi',
  phone: '08123456789',
  email: 'budi@example.com',
  amount: 10_000,
  referenceId: 'REF-1',
  paymentMethod: 'va',
  paymentChannel: 'bri',
}
const hosted = { product: ['Kopi'], qty: [2], price: [5000], referenceId: 'REF-2' }

describe('the simulated iPaymu', () => {
  let platform: IpaymuSandbox
  before(async () => {
    platform = await startIpaymu()
  })
  after(() => platform.close())
  afterEach(() => platform.faults.reset())

  const notifyUrl = () => `${platform.shopUrl}/ipaymu/callback`
  const call = (path: string, body: unknown, options = {}) => callIpaymu(platform, path, body, options)
  const newDirect = (change: object = {}) =>
    call('/payment/direct', { ...direct, notifyUrl: notifyUrl(), ...change })
  const newSession = (change: object = {}) => {
    const urls = { returnUrl: 'http://127.0.0.1:3000/back', cancelUrl: 'http://127.0.0.1:3000/no?a=1' }
    return call('/payment', { ...hosted, ...urls, notifyUrl: notifyUrl(), ...change })
  }

  it('refuses whoever does not sign with the key of the account', async () => {
    const refused = { Status: 401, Success: false, Message: 'unauthorized signature', Data: null }
    for (const options of [
      { apiKey: 'SANDBOXnobody' },
      { va: '1179000000' },
      { headers: { signature: 'abc' } },
    ]) {
      assert.deepEqual(await call('/balance', { account: '1179000899' }, options), {
        status: 401,
        body: refused,
      })
    }
    const stamped = await call('/balance', { account: '1179000899' }, { headers: { timestamp: 'now' } })
    assert.equal(stamped.status, 400)
  })

  it('refuses in its own words what it does not take', async () => {
    const cases: [object, number, RegExp][] = [
      [{ amount: 4999 }, 400, /^Total price min Rp 5000 and max Rp 999999999$/],
      [{ amount: 1_000_000_000 }, 400, /^Total price min/],
      [{ amount: 10_000.5 }, 400, /amount/],
      [{ notifyUrl: 'nowhere' }, 400, /^Format isian notify url tidak valid\.$/],
      [{ paymentChannel: 'hsbc' }, 400, /tidak tersedia/],
      [{ expired: 3 }, 400, /maksimal 2 jam/],
      [{ surprise: 1 }, 400, /surprise/],
      [{ email: undefined }, 401, /email and phone are required/],
      [{ phone: '12' }, 401, /email and phone are required/],
    ]
    for (const [change, status, message] of cases) {
      const { status: got, body } = await newDirect(change)
      assert.deepEqual([got, body.Status, body.Success], [status, status, false], JSON.stringify(change))
      assert.match(body.Message, message)
    }
    assert.equal((await newSession({ qty: [1, 2] })).status, 400)
    assert.equal((await call('/nothing', {})).status, 404)
    assert.equal((await call('/balance', '{"account":')).status, 400)
  })

  it('makes two payments of one reference', async () => {
    const first = await newDirect({ referenceId: 'TWICE' })
    const second = await newDirect({ referenceId: 'TWICE' })
    const id = ({ body }: typeof first) => (body.Data as { TransactionId: number }).TransactionId
    assert.notEqual(id(first), id(second))
  })

  it('gives a session without a transaction, and a page on which one is begun', async () => {
    const { body } = await newSession()
    const { SessionID, Url, ...more } = body.Data as { SessionID: string; Url: string }
    assert.deepEqual(more, {})
    assert.ok(!platform.handle.transactions().some(({ session }) => session === SessionID))
    assert.match(await (await fetch(Url)).text(), /BCA Virtual Account/)
    const press = async (action: string, channel = '') => {
      const form = new URLSearchParams({ action, ...(channel && { channel }) })
      return fetch(Url, { method: 'POST', body: form, redirect: 'manual' })
    }
    assert.equal((await press('explode')).status, 400)
    assert.equal((await press('pay')).status, 409)
    await press('choose', 'va bca')
    assert.match(await (await press('leave')).text(), /You left/)
    const back = new URL((await press('cancel')).headers.get('location') ?? '')
    assert.deepEqual(
      [back.pathname, back.searchParams.get('a'), back.searchParams.get('status')],
      ['/no', '1', 'batal'],
    )
  })

  it('lists the history of a day, twenty at most, newest first or last', async () => {
    for (let i = 0; i < 25; i += 1) await newDirect({ referenceId: `H-${i}` })
    const today = new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10)
    const ask = async (more: object) => {
      const { body } = await call('/history', { startdate: today, enddate: today, ...more })
      return body.Data as { Results: { TransactionId: number }[]; Total: number }
    }
    const first = await ask({ page: 1, limit: 20, order: 'DESC' })
    const second = await ask({ page: 2, limit: 20, order: 'DESC' })
    assert.equal(first.Results.length, 20)
    assert.ok(second.Results.length >= 5)
    const ids = [...first.Results, ...second.Results].map(({ TransactionId }) => TransactionId)
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => b - a),
    )
    assert.equal((await call('/history', { limit: 21 })).status, 400)
    assert.deepEqual((await ask({ startdate: '2020-01-01', enddate: '2020-01-02' })).Results, [])
  })

  it('expires what is not paid, calls about it, and calls again until it is heard', async () => {
    const { body } = await newDirect({ referenceId: 'LATE', paymentMethod: 'qris', paymentChannel: 'mpm' })
    const { TransactionId } = body.Data as { TransactionId: number }
    await platform.handle.settled()
    platform.received.splice(0)
    platform.answer.status = 503
    platform.handle.advance(6 * 60_000)
    platform.handle.advance(-6 * 60_000)
    await platform.handle.settled()
    platform.answer.status = 200
    const about = platform.received.filter(({ body: sent }) => sent.includes(`trx_id=${TransactionId}`))
    assert.equal(about.length, 3)
    assert.equal(new Set(about.map(({ headers }) => headers['x-external-id'])).size, 1)
    assert.match(String(about[0]?.body), /status=expired/)
    assert.match(String(about[0]?.headers['x-timestamp']), /\+07:00$/)
  })

  it('shows what it has on a page of its own', async () => {
    const { body } = await newDirect()
    const { TransactionId } = body.Data as { TransactionId: number }
    const origin = new URL(platform.url).origin
    const dashboard = `${origin}/__sim/ipaymu`
    assert.match(await (await fetch(dashboard)).text(), new RegExp(`${TransactionId}`))
    const act = (action: string) =>
      fetch(`${dashboard}/transactions/${TransactionId}/${action}`, { method: 'POST' }).then(
        ({ status }) => status,
      )
    assert.equal(await act('explode'), 400)
    assert.equal(await act('refund'), 400)
    assert.equal(await act('pay'), 200)
    assert.equal(await act('pay'), 400)
    assert.equal(await act('refund'), 200)
    assert.equal((await fetch(`${dashboard}/transactions`)).status, 200)
  })
})
