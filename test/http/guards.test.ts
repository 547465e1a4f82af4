import assert from 'node:assert/strict'
import { z } from 'zod'
import { AppError, type Route, route } from '../../server/http/index.ts'
import { client } from '../support/client.ts'
import { serveTable } from '../support/table.ts'

const done = async () => ({ done: true })
const table: Route[] = [
  route({
    method: 'POST',
    path: '/api/change',
    access: 'anyone',
    summary: 'Changes',
    body: z.unknown(),
    rate: 3,
    handler: done,
  }),
  route({ method: 'GET', path: '/api/look', access: 'anyone', summary: 'Looks', handler: done }),
  route({ method: 'POST', path: '/webhooks/x', access: 'anyone', summary: 'Hook', raw: true, handler: done }),
  route({
    method: 'GET',
    path: '/api/broken',
    access: 'anyone',
    summary: 'Has a bug',
    handler: () => Promise.reject(new Error('secret detail')),
  }),
  route({
    method: 'GET',
    path: '/api/old',
    access: 'anyone',
    summary: 'Seed 3',
    plainErrors: true,
    handler: () => Promise.reject(new AppError('x', 'Do this instead', { status: 409 })),
  }),
  route({
    method: 'GET',
    path: '/api/look/:at',
    access: 'anyone',
    summary: 'Looks at one',
    handler: done,
  }),
  route({
    method: 'GET',
    path: '/page',
    access: 'anyone',
    summary: 'A page',
    hidden: true,
    async handler({ response }) {
      response.type('html').send(`<p>${'long '.repeat(2000)}</p>`)
    },
  }),
]

describe('a request', () => {
  let served: Awaited<ReturnType<typeof serveTable>>
  before(async () => {
    served = await serveTable(table)
  })
  after(() => served.close())

  const post = (headers: Record<string, string>, path = '/api/change') =>
    client(served.url).post(path, {}, { headers })

  it('of another site is refused when it would change something', async () => {
    assert.equal((await post({ origin: 'https://evil.example' })).status, 403)
    assert.equal((await post({ origin: 'null' })).status, 403)
    assert.equal((await post({ origin: served.url, 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.equal((await post({ 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.equal((await post({ origin: `${served.url}.evil.example` })).status, 403)
  })

  it('of our own page is served, by the public name and by the one it was sent to', async () => {
    assert.equal((await post({ origin: served.url, 'sec-fetch-site': 'same-origin' })).status, 200)
    assert.equal((await post({ origin: 'https://shop.example' })).status, 200)
    assert.equal((await post({})).status, 200)
  })

  it('of a platform is judged by its signature, wherever it comes from', async () => {
    assert.equal((await post({ origin: 'https://platform.example' }, '/webhooks/x')).status, 200)
  })

  it('that only looks is served to whoever follows a link', async () => {
    const answer = await client(served.url).get('/api/look', { headers: { 'sec-fetch-site': 'cross-site' } })
    assert.equal(answer.status, 200)
  })

  it('is told when to come back once there are too many', async () => {
    const limited = await serveTable(table, { limits: true })
    try {
      const from = (address: string) =>
        client(limited.url).post('/api/change', {}, { headers: { 'x-forwarded-for': address } })
      for (let count = 0; count < 3; count += 1) assert.equal((await from('203.0.113.1')).status, 200)
      const refused = await from('203.0.113.1')
      assert.equal(refused.status, 429)
      assert.ok(Number(refused.headers.get('retry-after')) >= 1)
      assert.equal((await from('203.0.113.2')).status, 200, 'others are not held up')
      for (let count = 0; count < 3; count += 1) await from(`2001:db8:0:7::${count}`)
      assert.equal((await from('2001:0db8::7:aaaa:bbbb:cccc:dddd')).status, 429, 'another address of theirs')
      assert.equal((await from('2001:db8:0:8::1')).status, 200, 'others are not held up')
    } finally {
      await limited.close()
    }
  })

  it('that meets a bug learns nothing of it', async () => {
    const answer = await client(served.url).get('/api/broken')
    assert.equal(answer.status, 500)
    assert.ok(!answer.text.includes('secret detail'))
    assert.ok(answer.headers.get('x-request-id'))
  })

  it('of a seed 3 service is refused in its own words', async () => {
    const answer = await client(served.url).get('/api/old')
    assert.deepEqual([answer.status, answer.body], [409, { errorMessage: 'Do this instead' }])
  })

  it('for an address that is not there gets JSON, or a page when a person asks', async () => {
    const program = await client(served.url).get<{ error: { code: string } }>('/nowhere')
    assert.deepEqual([program.status, program.body.error.code], [404, 'not_found'])
    const person = await client(served.url).get('/nowhere', { headers: { accept: 'text/html' } })
    assert.match(person.headers.get('content-type') ?? '', /html/)
  })

  it('for an address that is not there, or that nobody can decode, is answered under the same guard', async () => {
    for (const [path, status] of [
      ['/nowhere', 404],
      ['/api/look/%ff%fe', 400],
      ['/api/look/%E0%A4%A', 400],
    ] as const) {
      const answer = await client(served.url).get(path, { headers: { accept: 'text/html' } })
      assert.equal(answer.status, status, path)
      assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
      assert.ok(answer.headers.get('x-request-id'))
      assert.doesNotMatch(answer.text, /URIError|node_modules|\bat \S+:\d+/, 'no line of our program')
    }
  })

  it('for a page speaks the language that the browser asks for', async () => {
    const ask = (headers: Record<string, string>) =>
      client(served.url).get('/nowhere', { headers: { accept: 'text/html', ...headers } })
    assert.match((await ask({ 'accept-language': 'id-ID' })).text, /lang="id".*Halaman ini sudah tidak ada/s)
    const chosen = await ask({ 'accept-language': 'id-ID', cookie: 'language=ja' })
    assert.match(chosen.text, /lang="ja".*ページが見つかりません/s)
    assert.match((await ask({ 'accept-language': 'xx' })).text, /lang="en"/)
  })

  it('for a page gets it compressed, with a policy that lets only our own scripts run', async () => {
    const { headers } = await client(served.url).get('/page', { headers: { 'accept-encoding': 'br' } })
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /script-src 'self' 'nonce-[\w+/=]+'/)
    assert.ok(!policy.includes('unsafe-inline') && !policy.includes('unsafe-eval'))
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('content-encoding'), 'br')
  })
})

describe('the table of routes', () => {
  it('may not hold one address twice', async () => {
    const twice = route({
      method: 'GET',
      path: '/api/look',
      access: 'anyone',
      summary: 'Again',
      handler: done,
    })
    await assert.rejects(serveTable([...table, twice]), /Two routes answer GET \/api\/look/)
  })
})
