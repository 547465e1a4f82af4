import assert from 'node:assert/strict'
import type { ForeignAffairsBankHandle } from '../../sandbox/foreign-affairs-bank/index.ts'
import type { HalkbankHandle } from '../../sandbox/halkbank/index.ts'
import { type BankSandbox, press } from '../support/bank-sandbox.ts'
import { keys as foreignKeys, startForeignAffairsBank } from '../support/gateways/foreignAffairsBank.ts'
import { keys as halkbankKeys, startHalkbank } from '../support/gateways/halkbank.ts'

type Answer = Record<string, unknown>

describe('the simulated Halkbank', () => {
  let bank: BankSandbox<HalkbankHandle>
  let orders = 0
  before(async () => {
    bank = await startHalkbank()
  })
  after(() => bank.close())

  async function call(
    method: string,
    form: Record<string, string | number>,
    login: object = {},
  ): Promise<Answer> {
    const { username: userName, password } = halkbankKeys
    const body = new URLSearchParams({ userName, password, ...login, ...form } as Record<string, string>)
    const response = await fetch(`${bank.url}/payment/rest/${method}.do`, { method: 'POST', body })
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type') ?? '', /text\/plain/)
    return (await response.json()) as Answer
  }
  const wish = (more: object = {}) => {
    orders += 1
    const address = 'http://127.0.0.1:3000/r/x'
    return {
      orderNumber: `n-${orders}`,
      amount: 1000,
      currency: 934,
      returnUrl: address,
      failUrl: address,
      ...more,
    }
  }
  const codeOf = async (answer: Promise<Answer>) => Number((await answer)['errorCode'])

  it('registers, takes the payment on its form, and sends the browser back with its own id', async () => {
    const { orderId, formUrl, errorCode } = await call('register', wish())
    assert.equal(errorCode, '0')
    assert.match(String(orderId), /^[0-9a-f-]{36}$/)
    const page = await fetch(String(formUrl)).then((response) => response.text())
    for (const button of ['Pay', 'Decline', 'Cancel', 'Leave']) assert.ok(page.includes(`>${button}<`))
    assert.equal(await press(String(formUrl), 'leave'), null)
    const back = new URL((await press(String(formUrl), 'pay')) ?? '')
    assert.deepEqual([back.searchParams.get('orderId'), back.searchParams.get('lang')], [orderId, 'ru'])
    const status = await call('getOrderStatus', { orderId: String(orderId) })
    assert.deepEqual([status['OrderStatus'], status['depositAmount'], status['ErrorCode']], [2, 1000, '0'])
    const extended = await call('getOrderStatusExtended', { orderId: String(orderId) })
    assert.equal(extended['orderStatus'], 2)
  })

  it('lets nobody in without name and password, and takes neither from an address', async () => {
    assert.equal(await codeOf(call('register', wish(), { password: 'wrong' })), 5)
    assert.equal(await codeOf(call('getOrderStatusExtended', { orderNumber: 'x' }, { userName: '' })), 5)
    const { username, password } = halkbankKeys
    const query = new URLSearchParams({ userName: username, password, orderId: 'x' })
    const response = await fetch(`${bank.url}/payment/rest/getOrderStatus.do?${query}`)
    assert.equal(response.status, 404)
  })

  it('takes a number once for ever', async () => {
    const one = wish()
    await call('register', one)
    assert.equal(await codeOf(call('register', { ...one, amount: 2000 })), 1)
  })

  it('refuses what the real form chokes on', async () => {
    for (const [more, code] of [
      [{ orderNumber: '' }, 4],
      [{ orderNumber: 'x'.repeat(31) }, 5],
      [{ amount: 99 }, 5],
      [{ amount: '17.50' }, 5],
      [{ currency: 840 }, 3],
      [{ returnUrl: 'javascript:alert(1)' }, 5],
      [{ description: 'a # b' }, 5],
      [{ description: 'Ýüpek' }, 5],
      [{ language: 'tk' }, 5],
      [{ sessionTimeoutSecs: '-1' }, 5],
      [{ surprise: 'x' }, 5],
    ] as const) {
      assert.equal(await codeOf(call('register', wish(more))), code, JSON.stringify(more))
    }
  })

  it('declines what was not paid within its session, and lets it be paid no more', async () => {
    const { orderId, formUrl } = await call('register', wish({ sessionTimeoutSecs: 600 }))
    bank.clock.advance(601_000)
    assert.match(String(await press(String(formUrl), 'pay')), /orderId=/)
    const { orderStatus, actionCode } = await call('getOrderStatusExtended', { orderId: String(orderId) })
    bank.clock.advance(-601_000)
    assert.deepEqual([orderStatus, actionCode], [6, -2007])
  })

  it('gives back no more than came in, and nothing of what was never paid', async () => {
    const { orderId, formUrl } = await call('register', wish())
    const refund = (amount: number) => codeOf(call('refund', { orderId: String(orderId), amount }))
    assert.equal(await refund(1000), 7)
    await press(String(formUrl), 'pay')
    assert.deepEqual([await refund(600), await refund(600), await refund(400), await refund(1)], [0, 5, 0, 5])
    assert.equal(await codeOf(call('reverse', { orderId: String(orderId) })), 7)
    assert.equal(await codeOf(call('refund', { orderId: 'unknown', amount: 1 })), 6)
  })
})

describe('the simulated Foreign Affairs Bank', () => {
  let bank: BankSandbox<ForeignAffairsBankHandle>
  let token: string
  let orders = 0
  before(async () => {
    bank = await startForeignAffairsBank()
    token = String((await tokenFor({}))['access_token'])
  })
  after(() => bank.close())

  async function tokenFor(more: object): Promise<Answer> {
    const form = {
      client_id: foreignKeys.clientId,
      client_secret: foreignKeys.clientSecret,
      grant_type: 'client_credentials',
      scope: 'TSYS.Prime.WebApplications.OrderProcessing',
      ...more,
    }
    const response = await fetch(`${bank.url}/identityserver/connect/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    return (await response.json()) as Answer
  }
  function order(transaction: object = {}, environment: object = {}) {
    orders += 1
    const [, merchant, terminal] = foreignKeys.clientId.split('.')
    const browser = {
      AcceptHeader: 'text/html',
      IpAddress: '203.0.113.7',
      JavaEnabled: false,
      Language: 'en-US',
      ScreenColorDepth: 24,
      ScreenHeight: 400,
      ScreenWidth: 600,
      TimeZone: 300,
      UserAgentString: 'Mozilla/5.0',
    }
    const address = 'http://127.0.0.1:3000/r/x'
    return {
      requestId: `r-${orders}`,
      Environment: {
        Merchant: { Id: merchant },
        POI: { Id: terminal, Language: 'en-US' },
        CustomerDevice: { Browser: browser },
        Transport: {
          MerchantFinalResponseUrl: address,
          ChallengeResponseUrl: address,
          ChallengeWindowSize: 3,
        },
        ...environment,
      },
      Transaction: {
        InvoiceNumber: '1',
        Type: 'CRDP',
        TotalAmount: 17.5,
        Currency: '934',
        MerchantOrderId: `o-${orders}`,
        AutoComplete: true,
        ...transaction,
      },
    }
  }
  async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const response = await fetch(`${bank.url}/OrderProcessing_TURK/v1/orders${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: another platform's words, looked at one by one
    return { status: response.status, body: (await response.json()) as any }
  }

  it('gives tokens to whom it knows, and to nobody else', async () => {
    assert.deepEqual(await tokenFor({ client_secret: 'wrong' }), { error: 'invalid_client' })
    assert.deepEqual(await tokenFor({ scope: 'everything' }), { error: 'invalid_scope' })
    assert.deepEqual(await tokenFor({ grant_type: 'password' }), { error: 'unsupported_grant_type' })
    const { status, body } = await call('GET', '/x', undefined, { authorization: 'Bearer nobody' })
    assert.deepEqual([status, body.response.operationResult], [401, 'GEN-00002'])
    bank.clock.advance(25 * 3600_000)
    assert.equal((await call('GET', '/x')).status, 401, 'a token lives for a day')
    bank.clock.advance(-25 * 3600_000)
  })

  it('makes an order, and links to its checkout until that is over', async () => {
    const made = await call('POST', '', order())
    assert.deepEqual([made.status, made.body.response.operationResult], [201, 'OPG-00100'])
    const page = made.body._links.redirectToCheckout.href
    const path = `/${made.body.response.orderId}`
    await press(page, 'decline')
    assert.equal((await call('GET', path)).body.response.operationResult, 'OPG-00100')
    assert.equal(await press(page, 'pay'), 'http://127.0.0.1:3000/r/x')
    const { body } = await call('GET', path)
    assert.deepEqual([body.response.operationResult, body.transaction.totalAmount], ['GEN-00000', 17.5])
    assert.equal(body._links.redirectToCheckout, undefined)
  })

  it('refuses what is not as it should be', async () => {
    for (const [status, body] of [
      [400, order({ TotalAmount: '17.50' })],
      [400, order({ TotalAmount: 17.505 })],
      [400, order({ TotalAmount: 0.5 })],
      [400, order({ Currency: '840' })],
      [400, order({ Type: 'OTHER' })],
      [400, order({}, { CustomerDevice: null })],
      [400, order({}, { ShippingAddress: { Line1: 'x'.repeat(51) } })],
      [403, order({}, { Merchant: { Id: 'somebody' } })],
      [400, {}],
    ] as const) {
      assert.equal((await call('POST', '', body)).status, status, JSON.stringify(body).slice(0, 300))
    }
    const once = order()
    await call('POST', '', once)
    assert.equal((await call('POST', '', once)).status, 400, 'a request id is used once')
    assert.equal((await call('GET', '/unknown')).status, 404)
  })

  it('gives back no more than came in, once for each request', async () => {
    const made = await call('POST', '', order())
    const path = `/${made.body.response.orderId}/refund`
    const refund = (amount: number, RequestId: string) => ({
      RequestId,
      Transaction: { Type: 'RFND', TotalAmount: amount, Currency: '934', MerchantOrderId: `o-${orders}` },
    })
    assert.equal((await call('POST', path, refund(10, 'f-1'))).status, 400)
    await press(made.body._links.redirectToCheckout.href, 'pay')
    assert.equal((await call('POST', path, refund(10, 'same'))).body.transaction.refundedAmount, 10)
    assert.equal((await call('POST', path, refund(1, 'same'))).status, 400)
    assert.equal((await call('POST', path, refund(7.51, 'f-2'))).status, 400)
    assert.equal((await call('POST', path, refund(7.5, 'f-3'))).status, 200)
  })
})
