import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import { type Route, route } from '../../server/http/index.ts'
import { type Client, client } from '../support/client.ts'
import { serveTable } from '../support/table.ts'

const Line = z.strictObject({ productId: z.string().max(40), quantity: z.int().min(1).max(999) })

const table: Route[] = [
  route({
    method: 'POST',
    path: '/api/lines/:number',
    access: 'anyone',
    summary: 'Echo',
    params: z.strictObject({ number: z.coerce.number().int() }),
    query: z.strictObject({ sort: z.enum(['up', 'down']).optional() }),
    body: Line,
    handler: async ({ params, query, body }) => ({ params, query, body }),
  }),
  route({
    method: 'POST',
    path: '/api/anything',
    access: 'anyone',
    summary: 'Takes whatever JSON there is',
    body: z.unknown(),
    limit: 2 * 1024 * 1024,
    handler: async ({ body }) => ({ type: typeof body }),
  }),
  route({
    method: 'POST',
    path: '/webhooks/raw',
    access: 'anyone',
    summary: 'Raw bytes',
    raw: true,
    handler: async ({ body }) => ({ hex: (body as unknown as Buffer).toString('hex') }),
  }),
]

interface Refused {
  error: { code: string; message: string; details: { in: string; field: string }[]; reload: boolean }
}

describe('input', () => {
  let served: Awaited<ReturnType<typeof serveTable>>
  let browser: Client
  before(async () => {
    served = await serveTable(table)
    browser = client(served.url)
  })
  after(() => served.close())

  const raw = (body: BodyInit, headers: Record<string, string> = {}, path = '/api/anything') =>
    browser.send<Refused>('POST', path, { body, headers: { 'content-type': 'application/json', ...headers } })

  it('reaches the handler in the types of its schemas', async () => {
    const { body } = await browser.post('/api/lines/7?sort=up', { productId: 'mug', quantity: 2 })
    assert.deepEqual(body, {
      params: { number: 7 },
      query: { sort: 'up' },
      body: { productId: 'mug', quantity: 2 },
    })
  })

  it('is refused with the name of each field that is wrong', async () => {
    const { status, body } = await browser.post<Refused>('/api/lines/1', { productId: 5, quantity: 0 })
    assert.equal(status, 400)
    assert.equal(body.error.code, 'input.invalid')
    assert.equal(body.error.reload, false)
    assert.deepEqual(
      body.error.details.map(({ in: place, field }) => `${place} ${field}`),
      ['body productId', 'body quantity'],
    )
  })

  for (const quantity of [-1, 0, 0.5, 1e308, '1e3', '2', null, [], {}, true, { $gt: 0 }]) {
    it(`is refused when somebody orders ${JSON.stringify(quantity)} pieces`, async () => {
      const { status } = await browser.post('/api/lines/1', { productId: 'mug', quantity })
      assert.equal(status, 400)
    })
  }

  it('is refused with a key that nobody asked for', async () => {
    const { status } = await browser.post('/api/lines/1', { productId: 'mug', quantity: 1, price: 1 })
    assert.equal(status, 400)
  })

  it('is refused when a query or a path carries what it should not', async () => {
    const line = { productId: 'mug', quantity: 1 }
    for (const path of [
      '/api/lines/x',
      '/api/lines/1?sort=sideways',
      '/api/lines/1?sort[$ne]=up',
      '/api/lines/1?a=b',
    ]) {
      assert.equal((await browser.post(path, line)).status, 400, path)
    }
    assert.equal((await browser.post('/api/lines/1?sort=up&sort=down', line)).status, 400)
  })

  it('is refused when it is not JSON, with words that help', async () => {
    const { status, body } = await raw('{"a":')
    assert.equal(status, 400)
    assert.match(body.error.message, /not valid JSON/)
    assert.equal((await raw(Buffer.from([0x22, 0xff, 0x22]))).status, 400)
    assert.equal((await raw('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status, 415)
  })

  it('cannot reach for prototypes, spelled or escaped', async () => {
    for (const body of [
      '{"__proto__":{"admin":true}}',
      '{"a":[{"\\u005f_proto__":{"admin":true}}]}',
      '{"constructor":{"prototype":{"admin":true}},"__proto__":1}',
    ]) {
      assert.equal((await raw(body)).status, 400, body)
    }
    assert.equal('admin' in {}, false)
    assert.equal((await raw('{"text":"she wrote __proto__ and \\u0e01"}')).status, 200)
  })

  it('is refused when it is too large, before all of it has come', async () => {
    const { status, body } = await raw(JSON.stringify('x'.repeat(10 * 1024 * 1024)))
    assert.equal(status, 413)
    assert.match(body.error.message, /at most 2 MB/)
    const line = JSON.stringify({ productId: 'x'.repeat(1024 * 1024), quantity: 1 })
    assert.equal((await raw(line, {}, '/api/lines/1')).status, 413)
  })

  it('is refused when it is a bomb, at the cost of reading it', async () => {
    const bombs = [
      '['.repeat(10_000) + ']'.repeat(10_000),
      `{"a":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
      JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [n, 1]))),
      JSON.stringify(Array(100_000).fill(1)),
    ]
    for (const bomb of bombs) assert.equal((await raw(bomb)).status, 400)
    assert.equal((await raw(gzipSync('0'.repeat(5_000_000)), { 'content-encoding': 'gzip' })).status, 415)
  })

  it('is nothing at all, which counts as an empty object', async () => {
    assert.deepEqual((await browser.post('/api/anything')).body, { type: 'object' })
  })

  it('comes as it was sent where a signature is checked', async () => {
    const bytes = Buffer.from('{ "a" :\t1 }\n')
    const answer = await browser.send<{ hex: string }>('POST', '/webhooks/raw', { body: bytes })
    assert.equal(answer.body.hex, bytes.toString('hex'))
  })
})
