import assert from 'node:assert/strict'
import { Sessions, Users } from '../../models/user.ts'
import { client, expectStatus } from '../support/client.ts'
import { loginAs } from '../support/people.ts'
import { startServer, type TestServer } from '../support/server.ts'

describe('logging in', () => {
  let shop: TestServer
  before(async () => {
    shop = await startServer()
  })
  after(() => shop.close())

  it('answers with the person of seed 3 and a cookie named sessionId', async () => {
    const agent = await loginAs(shop.url, 'agent', 'Anan Jaidee')
    const browser = client(shop.url)
    const answer = await browser.post<Record<string, string>>('/api/auth/login', {
      username: agent.username,
      password: agent.password,
    })
    assert.equal(answer.status, 200)
    const { username, firstName, lastName, email, phone } = answer.body
    assert.deepEqual(
      { username, firstName, lastName, email, phone },
      {
        username: agent.username,
        firstName: 'Anan',
        lastName: 'Jaidee',
        email: `${agent.username}@shop.example`,
        phone: '',
      },
    )
    const [cookie = ''] = answer.headers.getSetCookie()
    assert.match(cookie, /^sessionId=[\w-]{43}; .*HttpOnly; SameSite=Lax/)
    assert.equal((await browser.get<{ username: string }>('/api/auth/auth')).body.username, agent.username)
  })

  it('says the same of a wrong password as of a name that nobody has', async () => {
    const { username } = await loginAs(shop.url, 'agent')
    const wrong = await shop.browser().post('/api/auth/login', { username, password: 'not this one' })
    const nobody = await shop
      .browser()
      .post('/api/auth/login', { username: 'nobody', password: 'not this one' })
    assert.equal(wrong.status, 401)
    assert.deepEqual([wrong.status, wrong.body], [nobody.status, nobody.body])
    assert.deepEqual(Object.keys(wrong.body as object), ['errorMessage'])
  })

  it('asks for both name and password, as text', async () => {
    for (const body of [
      {},
      { username: 'x' },
      { username: { $ne: null }, password: { $ne: null } },
      { username: ['admin'], password: 'x' },
      [],
      'text',
    ]) {
      const answer = await shop.browser().post('/api/auth/login', body)
      assert.equal(answer.status, 400, JSON.stringify(body))
      assert.deepEqual(answer.body, { errorMessage: 'Username and password should be provided' })
    }
  })

  it('gives a new session each time, and the old one is gone on the server', async () => {
    const agent = await loginAs(shop.url, 'agent')
    const old = agent.cookies.get('sessionId') ?? ''
    await expectStatus(
      200,
      agent.post('/api/auth/login', { username: agent.username, password: agent.password }),
    )
    assert.notEqual(agent.cookies.get('sessionId'), old)
    await expectStatus(401, shop.browser().get('/api/staff/me', { headers: { cookie: `sessionId=${old}` } }))
  })

  it('does not take a session that somebody else has chosen', async () => {
    const { username, password } = await loginAs(shop.url, 'agent')
    const chosen = 'a'.repeat(43)
    const browser = client(shop.url)
    browser.cookies.set('sessionId', chosen)
    await expectStatus(200, browser.post('/api/auth/login', { username, password }))
    assert.notEqual(browser.cookies.get('sessionId'), chosen)
  })

  it('stores no session and no password that could be used', async () => {
    const agent = await loginAs(shop.url, 'agent')
    const token = agent.cookies.get('sessionId') ?? 'none'
    const stored = JSON.stringify([await Sessions.find().lean(), await Users.find().lean()])
    assert.ok(!stored.includes(token))
    assert.ok(!stored.includes(agent.password))
  })

  it('ends at logout, on the server too', async () => {
    const agent = await loginAs(shop.url, 'agent')
    const cookie = `sessionId=${agent.cookies.get('sessionId')}`
    const answer = await agent.get('/api/auth/logout')
    assert.equal(answer.status, 200)
    assert.match(answer.headers.getSetCookie()[0] ?? '', /^sessionId=;/)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    await expectStatus(401, shop.browser().get('/api/staff/me', { headers: { cookie } }))
  })

  it('survives a logout link that a browser fetched ahead, or that another site shows', async () => {
    const agent = await loginAs(shop.url, 'agent')
    await agent.get('/api/auth/logout', { headers: { 'sec-purpose': 'prefetch' } })
    await agent.get('/api/auth/logout', { headers: { 'sec-fetch-site': 'cross-site' } })
    await agent.send('HEAD', '/api/auth/logout')
    await expectStatus(200, agent.get('/api/staff/me'))
  })

  it('answers nobody with 401 and no body', async () => {
    const answer = await shop.browser().get('/api/auth/auth')
    assert.deepEqual([answer.status, answer.text], [401, ''])
  })

  it('ends after twelve idle hours', async () => {
    const agent = await loginAs(shop.url, 'agent')
    await Sessions.updateMany({ user: agent.id }, { $set: { expiresAt: new Date(Date.now() - 1000) } })
    await expectStatus(401, agent.get('/api/staff/me'))
  })

  it('lasts while it is used', async () => {
    const agent = await loginAs(shop.url, 'agent')
    const soon = new Date(Date.now() + 60_000)
    await Sessions.updateMany(
      { user: agent.id },
      { $set: { expiresAt: soon, lastSeenAt: new Date(Date.now() - 120_000) } },
    )
    await expectStatus(200, agent.get('/api/staff/me'))
    const [session] = await Sessions.find({ user: agent.id }).lean()
    assert.ok(session && session.expiresAt > soon)
  })

  it('is refused to whoever tries passwords on one account, and to nobody elsewhere', async () => {
    await shop.close()
    const limited = await startServer({ env: { RATE_LIMITS: 'on' } })
    try {
      const tries = Array.from({ length: 12 }, () =>
        limited.browser().post('/api/auth/login', { username: 'admin', password: 'guess' }),
      )
      const answers = await Promise.all(tries)
      const refused = answers.filter(({ status }) => status === 429)
      assert.equal(refused.length, 2)
      assert.ok(Number(refused[0]?.headers.get('retry-after')) > 0)
      // Somebody in another network tries, too: that is counted apart.
      const owner = { username: 'admin', password: 'guess' }
      const elsewhere = { headers: { 'x-forwarded-for': '203.0.113.9' } }
      await expectStatus(401, limited.browser().post('/api/auth/login', owner, elsewhere))
    } finally {
      await limited.close()
      shop = await startServer()
    }
  })
})
