import assert from 'node:assert/strict'
import type { Route } from '../../server/http/index.ts'
import { routes } from '../../server/wiring.ts'
import { stockOf } from '../support/checkout.ts'
import type { Client } from '../support/client.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { aProduct, type Buyer, bangkok, type Story, startStory } from '../support/story.ts'

/** Never an accident of ours, whatever was sent. */
const refusedOrTaken = (status: number) => status < 500

describe('hostile input', function () {
  this.timeout(120_000)
  let shop: Story
  let admin: StaffMember
  let buyer: Buyer
  const untouched = Object.getOwnPropertyNames(Object.prototype).sort()
  before(async () => {
    shop = await startStory()
    admin = await loginAs(shop.url, 'admin')
    buyer = await shop.buyer('card', { product: await aProduct() })
  })
  after(() => shop.close())
  afterEach(async () => {
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype).sort(), untouched)
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
    assert.equal((await buyer.reload()).state, 'DRAFT')
    await shop.clean()
  })

  /** Logging out or the like would end the session that tries the rest. */
  const takingBody = () =>
    routes.filter(({ method, path, body, raw }) => method !== 'GET' && body && !raw && !/logout/.test(path))
  const pathOf = ({ path }: Route, value = buyer.order.id) =>
    path.replace(/:orderId/g, buyer.order.id).replace(/:\w+/g, encodeURIComponent(value))
  const clientFor = ({ access }: Route): Client =>
    access === 'customer' ? buyer : access === 'anyone' ? shop.browser() : admin
  const send = (route: Route, text: string, path = pathOf(route)) =>
    clientFor(route).send(route.method, path, {
      body: text,
      headers: { 'content-type': 'application/json' },
    })

  const bodies: [string, string][] = [
    ['an operator for the whole', '{"$ne":null}'],
    ['an operator for each field', JSON.stringify(each({ $ne: null }))],
    ['$gt', JSON.stringify(each({ $gt: '' }))],
    ['$where', JSON.stringify({ $where: 'sleep(5000)', ...each({ $where: 'sleep(5000)' }) })],
    ['a BSON type', JSON.stringify(each({ _bsontype: 'ObjectId', id: 'aaaaaaaaaaaa' }))],
    ['dotted keys', JSON.stringify({ 'roles.0': 'admin', 'customer.status': 'x', version: 0 })],
    ['__proto__', '{"__proto__":{"polluted":true},"version":0}'],
    ['__proto__ by escapes', '{"\\u005f_proto__":{"polluted":true}}'],
    ['constructor.prototype', '{"constructor":{"prototype":{"polluted":true}},"version":0}'],
    ['a list', '[]'],
    ['a list of lists', '[[[[]]]]'],
    ['lists for everything', JSON.stringify(each(['x']))],
    ['a number', '1'],
    ['text', '"x"'],
    ['null', 'null'],
    ['nothing', ''],
    ['no JSON', '{"a":'],
    ['NUL bytes', JSON.stringify(each('\u0000\u0000'))],
    ['lone surrogates', `{"name":"\\ud800","version":0}`],
    ['long texts', JSON.stringify(each('x'.repeat(20_000)))],
    ['huge numbers', JSON.stringify(each(1e308))],
    ['numbers that are none', '{"version":1e999,"amount":-1e999}'],
    ['negative numbers', JSON.stringify(each(-1))],
    ['fractions', JSON.stringify(each(0.5))],
    ['numbers as text', JSON.stringify(each('1e3'))],
    ['deep nesting', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['deep lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    [
      'very many keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`k${n}`, 1]))),
    ],
  ]

  for (const [what, text] of bodies) {
    it(`${what}, on every route that takes a body, is never an accident`, async () => {
      for (const route of takingBody()) {
        const { status, text: answer } = await send(route, text)
        assert(refusedOrTaken(status), `${route.method} ${route.path}: ${status} ${answer.slice(0, 300)}`)
      }
    })
  }

  it('in a body of ten megabytes is refused by every route, and by those that take photos', async () => {
    const huge = JSON.stringify({ version: 0, note: 'x'.repeat(10 * 1024 * 1024) })
    for (const route of takingBody().filter((_, index) => index % 6 === 0)) {
      const { status } = await send(route, huge)
      assert(status === 413 || status === 400, `${route.method} ${route.path}: ${status}`)
    }
  })

  it('in the path is never an accident', async () => {
    const values = [
      '\u0000',
      '..',
      '../../etc/passwd',
      '$ne',
      '{"$gt":""}',
      'a'.repeat(4000),
      '0',
      '-1',
      '1e308',
      '000000000000000000000000',
      'aaaaaaaaaaaa',
      '__proto__',
      'constructor',
      '😀',
    ]
    const withPath = routes.filter(({ path }) => path.includes(':'))
    for (const value of values) {
      for (const route of withPath) {
        const path = route.path.replace(/:\w+/g, encodeURIComponent(value))
        const { status, text } = await clientFor(route).send(route.method, path, {
          ...(route.method !== 'GET' && { body: '{}', headers: { 'content-type': 'application/json' } }),
          signal: AbortSignal.timeout(10_000),
        })
        assert(
          refusedOrTaken(status),
          `${route.method} ${route.path} ${value.slice(0, 20)}: ${status} ${text.slice(0, 200)}`,
        )
      }
    }
  })

  it('in the query is never an accident', async () => {
    const queries = [
      '?a[$gt]=',
      '?q[$ne]=1',
      '?q=%00',
      '?cursor=$ne',
      '?limit=-1&limit=2',
      '?__proto__[polluted]=1',
      `?q=${'x'.repeat(6000)}`,
      '?q=(((((',
      '?q=\\',
      '?state[]=x&cursor[$where]=1',
    ]
    // Streams have no end to wait for.
    const readable = routes.filter(({ method, path }) => method === 'GET' && !/stream|events$/.test(path))
    for (const query of queries) {
      for (const route of readable) {
        const { status, text } = await clientFor(route).send('GET', pathOf(route) + query, {
          signal: AbortSignal.timeout(10_000),
        })
        assert(refusedOrTaken(status), `${route.path}${query.slice(0, 40)}: ${status} ${text.slice(0, 200)}`)
      }
    }
  })

  it('as a quantity is refused, and nothing moves', async () => {
    const product = await aProduct({ available: 5 })
    const { order } = await shop.order({ product })
    const productId = String(product._id)
    const odd = [
      '-1',
      '0',
      '0.5',
      '1e308',
      '"1e3"',
      '"2"',
      '1e999',
      '-0.0001',
      '9007199254740993',
      'null',
      'true',
      '[1]',
      '{"$gt":0}',
      '10001',
      '1.0000000001',
    ]
    for (const quantity of odd) {
      const { status } = await shop.agent.send('PUT', `/api/orders/${order.id}/items`, {
        body: `{"version":${order.version},"items":[{"productId":"${productId}","quantity":${quantity}}]}`,
        headers: { 'content-type': 'application/json' },
      })
      assert.equal(status, 400, quantity)
      const shown = JSON.stringify({ items: [{ productId, unitPrice: 18_900 }], total: 1 }).replace(
        '"unitPrice"',
        `"quantity":${quantity},"unitPrice"`,
      )
      const seen = await buyer.send('POST', `/api/pipeline/${buyer.order.id}/VERIFY_ORDER_CONTEXT`, {
        body: shown.replace('{', '{"version":0,'),
        headers: { 'content-type': 'application/json' },
      })
      assert(seen.status === 400 || seen.status === 409, `${quantity}: ${seen.status}`)
    }
    assert.equal((await shop.staffView(order.id)).lines[0]?.quantity, 1)
    assert.deepEqual(await stockOf(product.sku), { available: 5, reserved: 0, shipped: 0 })
  })

  it('as 100,000 lines is refused at once', async () => {
    const { order } = await shop.order({ product: await aProduct() })
    const items = Array.from({ length: 100_000 }, () => ({ quantity: 1 }))
    const { status } = await shop.agent.put(`/api/orders/${order.id}/items`, {
      version: order.version,
      items,
    })
    assert(status === 400 || status === 413, String(status))
  })

  it('as a price or a discount never makes money out of nothing', async () => {
    const product = await aProduct({ price: 10_000 })
    const { order } = await shop.order({ product })
    const productId = String(product._id)
    const item = { productId, quantity: 1 }
    for (const wrong of [
      { ...item, unitPrice: -1 },
      { name: 'gift', unitPrice: -10_000, reason: 'why not', quantity: 1 },
      { name: 'gift', unitPrice: 0.5, reason: 'why not', quantity: 1 },
      { name: 'gift', unitPrice: 1e15, reason: 'why not', quantity: 10_000 },
      { ...item, discount: { amount: -5, reason: 'x' } },
      { ...item, discount: { amount: 10_001, reason: 'x' } },
      { ...item, discount: { amount: 1, reason: '' } },
      { ...item, extra: 1 },
    ]) {
      const { status } = await admin.put(`/api/orders/${order.id}/items`, {
        version: order.version,
        items: [item, wrong],
      })
      assert(status === 400, `${JSON.stringify(wrong)}: ${status}`)
    }
    const cheap = await admin.put<{ lines: { unitPrice: number }[] }>(`/api/orders/${order.id}/items`, {
      version: order.version,
      items: [{ ...item, unitPrice: 1 }],
    })
    if (cheap.status === 200) assert.equal(cheap.body.lines[0]?.unitPrice, 10_000)
  })

  it('in an address is kept as the text that it is, or refused', async () => {
    const odd = await shop.buyer('card', { product: await aProduct() })
    const script = '<script>alert(1)</script>{{constructor.constructor("return process")()}}'
    await odd.act('UPDATE_DELIVERY_ADDRESS', { address: { ...bangkok, line1: script } })
    assert.equal(odd.order.address?.line1, script)
    for (const address of [
      { ...bangkok, name: { $ne: null } },
      { ...bangkok, country: 'THA' },
      { ...bangkok, email: 'a@b@c' },
      { ...bangkok, phone: '0'.repeat(500) },
      { ...bangkok, admin: true },
    ]) {
      assert.equal((await odd.try('UPDATE_DELIVERY_ADDRESS', { address })).status, 400)
    }
  })
})

/** Every name that some route knows, with one value. */
function each(value: unknown): Record<string, unknown> {
  const fields = [
    'version',
    'name',
    'username',
    'password',
    'email',
    'amount',
    'reason',
    'items',
    'quantity',
    'productId',
    'sku',
    'address',
    'type',
    'companyName',
    'slotId',
    'pointId',
    'gateway',
    'method',
    'cardToken',
    'idToken',
    'token',
    'text',
    'body',
    'note',
    'state',
    'role',
    'roles',
    'active',
    'prices',
    'price',
    'rules',
    'opId',
    'paymentId',
    'decision',
    'tracking',
    'language',
    'labels',
    'assignee',
    'until',
    'windows',
    'minutes',
    'limits',
    'logo',
    'colour',
    'change',
    'store',
    'position',
    'days',
    'capacity',
    'date',
    'begin',
    'end',
  ]
  return Object.fromEntries(fields.map((field) => [field, value]))
}
