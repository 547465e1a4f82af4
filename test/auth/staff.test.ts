import assert from 'node:assert/strict'
import { Notifications } from '../../models/notification.ts'
import { AuditEntries } from '../../models/shop.ts'
import { Users } from '../../models/user.ts'
import type { StaffView } from '../../server/auth/contract.ts'
import { client, expectStatus } from '../support/client.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { startServer, type TestServer } from '../support/server.ts'

describe('staff', () => {
  let shop: TestServer
  let admin: StaffMember
  before(async () => {
    // Mails stay where they are stored: nobody works in this process.
    shop = await startServer({ env: { ROLES: 'web' } })
  })
  beforeEach(async () => {
    await Users.deleteMany({})
    await Notifications.deleteMany({})
    admin = await loginAs(shop.url, 'admin')
  })
  after(() => shop.close())

  /** The one-time token in the last mail to somebody, as they would click it. */
  async function tokenFor(email: string): Promise<string> {
    const mail = await Notifications.findOne({ recipient: email }).sort({ _id: -1 }).lean()
    const [, token] = /\/console\/(?:join|reset)#([\w-]{43})/.exec(mail?.text ?? '') ?? []
    return token ?? assert.fail(`No link was mailed to ${email}`)
  }

  const invite = (email: string, role = 'agent') =>
    expectStatus(200, admin.post<StaffView>('/api/staff', { email, name: 'Mali Suk', role }))

  it('are invited by mail, choose a password and are in', async () => {
    const invited = await invite('Mali@Shop.Example')
    assert.deepEqual([invited.joined, invited.role, invited.email], [false, 'agent', 'mali@shop.example'])
    const browser = client(shop.url)
    const join = {
      token: await tokenFor('mali@shop.example'),
      password: 'a long password',
      name: 'Mali Sukjai',
    }
    const joined = await expectStatus(200, browser.post<StaffView>('/api/staff/join', join))
    assert.deepEqual([joined.name, joined.joined], ['Mali Sukjai', true])
    assert.equal((await browser.get<StaffView>('/api/staff/me')).body.id, invited.id)
    await expectStatus(
      200,
      client(shop.url).post('/api/auth/login', { username: 'mali@shop.example', password: join.password }),
    )
  })

  it('use a link once, however often they press', async () => {
    await invite('mali@shop.example')
    const join = { token: await tokenFor('mali@shop.example'), password: 'a long password' }
    const answers = await Promise.all([1, 2, 3].map(() => client(shop.url).post('/api/staff/join', join)))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 410, 410])
  })

  it('cannot use the link of an invitation that was sent again', async () => {
    const { id } = await invite('mali@shop.example')
    const first = await tokenFor('mali@shop.example')
    await expectStatus(200, admin.post(`/api/staff/${id}/invite`))
    const password = 'a long password'
    await expectStatus(410, shop.browser().post('/api/staff/join', { token: first, password }))
    const second = await tokenFor('mali@shop.example')
    await expectStatus(200, shop.browser().post('/api/staff/join', { token: second, password }))
    await expectStatus(404, admin.post(`/api/staff/${id}/invite`))
  })

  it('cannot be invited twice', async () => {
    await invite('mali@shop.example')
    const again = { email: 'MALI@shop.example', name: 'x', role: 'agent' }
    await expectStatus(409, admin.post('/api/staff', again))
  })

  it('choose a password that is not easily guessed', async () => {
    await invite('mali@shop.example')
    const token = await tokenFor('mali@shop.example')
    for (const password of ['short', 'aaaaaaaaaaaa']) {
      await expectStatus(400, shop.browser().post('/api/staff/join', { token, password }))
    }
  })

  it('get back in by mail when they forgot their password, and every old session ends', async () => {
    const agent = await loginAs(shop.url, 'agent')
    const email = `${agent.username}@shop.example`
    await expectStatus(200, shop.browser().post('/api/staff/forgot', { email }))
    const reset = { token: await tokenFor(email), password: 'another password' }
    await expectStatus(200, shop.browser().post('/api/staff/reset', reset))
    await expectStatus(401, agent.get('/api/staff/me'))
    const login = { username: agent.username, password: reset.password }
    await expectStatus(200, shop.browser().post('/api/auth/login', login))
    await expectStatus(410, shop.browser().post('/api/staff/reset', reset))
  })

  it('cannot find out by it who works here', async () => {
    const known = await shop.browser().post('/api/staff/forgot', { email: `${admin.username}@shop.example` })
    const unknown = await shop.browser().post('/api/staff/forgot', { email: 'nobody@shop.example' })
    assert.deepEqual([known.status, known.body], [unknown.status, unknown.body])
    assert.equal(await Notifications.countDocuments({ recipient: 'nobody@shop.example' }), 0)
  })

  it('cannot use a link for what it was not meant', async () => {
    const agent = await loginAs(shop.url, 'agent')
    await shop.browser().post('/api/staff/forgot', { email: `${agent.username}@shop.example` })
    const token = await tokenFor(`${agent.username}@shop.example`)
    await expectStatus(410, shop.browser().post('/api/staff/join', { token, password: 'a long password' }))
  })

  it('change their own password, and stay in where they did it', async () => {
    const agent = await loginAs(shop.url, 'agent')
    const elsewhere = client(shop.url)
    await elsewhere.post('/api/auth/login', { username: agent.username, password: agent.password })
    const change = { current: agent.password, next: 'a better password' }
    await expectStatus(400, agent.post('/api/staff/me/password', { ...change, current: 'wrong' }))
    await expectStatus(200, agent.post('/api/staff/me/password', change))
    await expectStatus(200, agent.get('/api/staff/me'))
    await expectStatus(401, elsewhere.get('/api/staff/me'))
  })

  it('get another role at once, in the sessions that they have', async () => {
    const agent = await loginAs(shop.url, 'agent')
    await expectStatus(403, agent.post('/api/staff', { email: 'x@shop.example', name: 'x', role: 'admin' }))
    await expectStatus(200, admin.patch(`/api/staff/${agent.id}`, { role: 'admin' }))
    await expectStatus(200, agent.post('/api/staff', { email: 'x@shop.example', name: 'x', role: 'agent' }))
    const entry = await AuditEntries.findOne({ action: 'staff.changed', subject: agent.id }).lean()
    assert.equal(entry?.by, admin.id)
  })

  it('are out at once when somebody lets them go, and cannot come back', async () => {
    const agent = await loginAs(shop.url, 'agent')
    await expectStatus(200, admin.patch(`/api/staff/${agent.id}`, { active: false }))
    await expectStatus(401, agent.get('/api/staff/me'))
    const login = { username: agent.username, password: agent.password }
    await expectStatus(401, shop.browser().post('/api/auth/login', login))
    await shop.browser().post('/api/staff/forgot', { email: `${agent.username}@shop.example` })
    assert.equal(await Notifications.countDocuments(), 0)
  })

  it('always have an admin', async () => {
    await expectStatus(409, admin.patch(`/api/staff/${admin.id}`, { active: false }))
    await expectStatus(409, admin.patch(`/api/staff/${admin.id}`, { role: 'agent' }))
  })

  it('always have an admin, even when two remove each other at the same moment', async () => {
    const other = await loginAs(shop.url, 'admin')
    const answers = await Promise.all([
      admin.patch(`/api/staff/${other.id}`, { role: 'agent' }),
      other.patch(`/api/staff/${admin.id}`, { role: 'agent' }),
    ])
    const worked = answers.filter(({ status }) => status === 200)
    assert.equal(worked.length, 1, JSON.stringify(answers.map(({ status }) => status)))
    assert.equal(await Users.countDocuments({ roles: 'admin', active: true }), 1)
  })
})
