import assert from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import { call, keys, type OmiseSandbox, startOmise } from '../support/omise-sandbox.ts'

interface OmiseJs {
  setPublicKey(key: string): string
  createToken(
    as: string,
    card: object,
    done: (status: number, answer: { id?: string; code?: string }) => void,
  ): void
}

const card = { name: 'Malee', number: '4242424242424242', expiration_month: 1, expiration_year: 2040 }

describe('the hosted pages of the simulated Omise', () => {
  let sandbox: OmiseSandbox
  before(async () => {
    sandbox = await startOmise()
  })
  after(() => sandbox.close())
  beforeEach(() => sandbox.handle.reset())

  const asked = async (number: string) => {
    const body = { card: { ...card, number } }
    const token = await call(sandbox.url, 'POST', '/tokens', { key: keys.publicKey, body })
    const { body: charge } = await call(sandbox.url, 'POST', '/charges', {
      body: {
        amount: 30000,
        currency: 'THB',
        card: token.body['id'],
        description: '<b>Order</b>',
        return_uri: 'http://127.0.0.1/back?key=k1',
      },
    })
    return charge as { id: string; status: string; authorize_uri: string; failure_code: string | null }
  }
  const press = (address: string, action: string) =>
    fetch(address, { method: 'POST', body: new URLSearchParams({ action }), redirect: 'manual' })
  const state = async (id: string) => {
    const { body } = await call(sandbox.url, 'GET', `/charges/${id}`)
    return [body['status'], body['failure_code']]
  }

  it('ask the cardholder and send the browser back without a word about the outcome', async () => {
    for (const [action, outcome] of [
      ['pay', ['successful', null]],
      ['decline', ['failed', 'payment_rejected']],
      ['cancel', ['failed', 'payment_cancelled']],
    ] as const) {
      const charge = await asked('5454545454545454')
      assert.equal(charge.status, 'pending')
      const page = await (await fetch(charge.authorize_uri)).text()
      assert.ok(page.includes('300.00 THB') && page.includes('&lt;b&gt;Order'))
      const back = await press(charge.authorize_uri, action)
      assert.equal(back.status, 303)
      assert.equal(back.headers.get('location'), 'http://127.0.0.1/back?key=k1')
      assert.deepEqual(await state(charge.id), outcome)
      assert.ok((await (await fetch(charge.authorize_uri)).text()).includes('nothing left to confirm'))
    }
  })

  it('let the customer leave with the payment still open', async () => {
    const charge = await asked('5454545454545454')
    assert.equal((await press(charge.authorize_uri, 'leave')).status, 200)
    assert.deepEqual(await state(charge.id), ['pending', null])
  })

  it('fail where the test numbers say so', async () => {
    const enrolment = await asked('4111111111150002')
    assert.deepEqual([enrolment.status, enrolment.failure_code], ['failed', 'failed_processing'])
    const validation = await asked('4111111111140003')
    await press(validation.authorize_uri, 'pay')
    assert.deepEqual(await state(validation.id), ['failed', 'failed_processing'])
  })

  it('show waiting QR codes in a banking app, and every charge with its buttons', async () => {
    const { body } = await call(sandbox.url, 'POST', '/charges', {
      body: { amount: 30050, currency: 'THB', source: { type: 'promptpay' } },
    })
    assert.ok((await (await fetch(`${sandbox.url}/__sim/omise/bank`)).text()).includes('300.50 THB'))
    const pending = (await (await fetch(`${sandbox.url}/__sim/omise/pending`)).json()) as { image: string }[]
    const image = await fetch(pending[0]?.image ?? '')
    assert.match(image.headers.get('content-type') ?? '', /svg/)

    const board = await (await fetch(`${sandbox.url}/__sim/omise`)).text()
    assert.ok(board.includes(`/__sim/charges/${body['id']}/mark_as_paid`))
    const paid = await fetch(`${sandbox.url}/__sim/charges/${body['id']}/mark_as_paid`, { method: 'POST' })
    assert.equal(((await paid.json()) as { status: string }).status, 'successful')
    assert.deepEqual(await state(String(body['id'])), ['successful', null])
    const again = await fetch(`${sandbox.url}/__sim/charges/${body['id']}/mark_as_failed`, { method: 'POST' })
    assert.equal(again.status, 400)
  })

  it('give browsers the script of the platform, and let them call the vault', async () => {
    const script = await (await fetch(`${sandbox.url}/omise.js`)).text()
    const window: { Omise?: OmiseJs } = {}
    runInNewContext(script, { window, fetch, btoa })
    assert.ok(window.Omise)
    window.Omise.setPublicKey(keys.publicKey)
    const make = (number: string) =>
      new Promise<[number, { id?: string; code?: string }]>((resolve) => {
        window.Omise?.createToken('card', { ...card, number }, (status, answer) => resolve([status, answer]))
      })
    const [status, token] = await make(card.number)
    assert.equal(status, 200)
    assert.match(token.id ?? '', /^tokn_test_/)
    assert.deepEqual(
      (await make('4242')).map((part) => (typeof part === 'number' ? part : part.code)),
      [400, 'invalid_card'],
    )
    const preflight = await fetch(`${sandbox.url}/tokens`, { method: 'OPTIONS' })
    assert.equal(preflight.status, 204)
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*')
  })
})
