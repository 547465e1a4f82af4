import assert from 'node:assert/strict'
import { Types } from 'mongoose'
import sharp from 'sharp'
import { Couriers } from '../../models/delivery.ts'
import { Connections, ShopSettingsStore, StaffTasks } from '../../models/shop.ts'
import { Products, StockMovements, Stocks } from '../../models/store.ts'
import type { AuditView, ReadinessRow, ShopSettingsView, TaskView } from '../../server/shop/contract.ts'
import { raiseTask, seedDemo, setReadinessTests } from '../../server/shop/index.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { emptyDatabase, startServer, type TestServer } from '../support/server.ts'

describe('what the owner decides', () => {
  let shop: TestServer
  let admin: StaffMember
  before(async () => {
    shop = await startServer()
    admin = await loginAs(shop.url, 'admin')
  })
  after(() => shop.close())

  const settings = () => expectStatus(200, admin.get<ShopSettingsView>('/api/shop'))

  it('is changed field by field, written down, and refused to whoever saw an older version', async () => {
    const { version, policy } = await settings()
    const changed = await expectStatus(
      200,
      admin.put<ShopSettingsView>('/api/shop', { version, name: 'ร้านทดสอบ', colour: '#1a4a8a' }),
    )
    assert.deepEqual([changed.name, changed.colour, changed.policy], ['ร้านทดสอบ', '#1a4a8a', policy])
    assert.equal(changed.version, version + 1)
    const refused = await expectStatus(
      409,
      admin.put<{ error: { details: { shop: ShopSettingsView } } }>('/api/shop', { version, name: 'Late' }),
    )
    assert.equal(refused.error.details.shop.name, 'ร้านทดสอบ')
    const { entries } = await expectStatus(
      200,
      admin.get<{ entries: AuditView[] }>('/api/audit?subject=shop'),
    )
    assert.deepEqual(entries[0]?.details?.['name'], { from: 'My shop', to: 'ร้านทดสอบ' })
    assert.equal(entries[0]?.byName, 'admin Tester')
  })

  it('takes back what the screen read, whole', async () => {
    const whole = await settings()
    await expectStatus(200, admin.put('/api/shop', whole))
  })

  it('in other money takes no limit along: what nobody has written anew is nothing', async () => {
    const { version, limits } = await settings()
    const change = async (wanted: Partial<ShopSettingsView>) =>
      expectStatus(
        200,
        admin.put<ShopSettingsView>('/api/shop', { version: (await settings()).version, ...wanted }),
      )
    const moved = await change({ currency: 'JPY' })
    assert.deepEqual(moved.limits, { ...limits, agentFreeLine: 0, refundAlone: 0 })
    const { entries } = await expectStatus(
      200,
      admin.get<{ entries: AuditView[] }>('/api/audit?subject=shop'),
    )
    assert.deepEqual(entries[0]?.details?.['limits'], { from: limits, to: moved.limits })
    // The same number, written on purpose in the new money, stands.
    assert.deepEqual((await change({ currency: 'IDR', limits })).limits, limits)
    assert.deepEqual((await change({ currency: 'THB', limits })).limits, limits)
    assert.equal((await settings()).version, version + 3)
  })

  it('must make sense: readable colours, real zones, hours that end after they begin', async () => {
    const { version } = await settings()
    for (const wrong of [
      { colour: '#ffff00' },
      { colour: 'red' },
      { zone: 'Mars/Base' },
      { currency: 'XXX' },
      { hours: [{ day: 1, opens: '18:00', closes: '09:00' }] },
      { hours: [{ day: 7, opens: '08:00', closes: '09:00' }] },
      { minutes: { hold: 10, orderDeadline: 60, qr: 15, reminder: 10 } },
      { vatPercent: -1 },
      { contact: { phone: '', email: 'no mail', address: '', url: '' } },
      { contact: { phone: '', email: '', address: '', url: 'javascript:alert(1)' } },
      { languages: ['en'], language: 'th' },
      { logo: 'https://elsewhere.example/logo.png' },
      { seeded: true },
    ]) {
      await expectStatus(400, admin.put('/api/shop', { version, ...wrong }))
    }
    const manager = await loginAs(shop.url, 'manager')
    await expectStatus(403, manager.put('/api/shop', { version, name: 'Mine' }))
  })

  it('includes a logo, which everybody may see', async () => {
    const logo = await sharp({ create: { width: 300, height: 300, channels: 4, background: '#0b6b4f80' } })
      .png()
      .toBuffer()
    const { body } = await admin.send<ShopSettingsView>('POST', '/api/shop/logo', {
      body: new Uint8Array(logo),
    })
    const served = await fetch(shop.url + body.logo)
    assert.equal(served.status, 200)
    assert.equal(served.headers.get('content-type'), 'image/jpeg')
  })

  describe('the tasks of the staff', () => {
    it('are listed page by page, assigned and closed once', async () => {
      for (let index = 0; index < 35; index += 1) {
        await raiseTask({ kind: 'order.review', subject: `s${index}`, summary: `Look at ${index}` })
      }
      const first = await expectStatus(
        200,
        admin.get<{ tasks: TaskView[]; cursor: string }>('/api/tasks?state=open'),
      )
      const second = await expectStatus(
        200,
        admin.get<{ tasks: TaskView[]; cursor: string | null }>(
          `/api/tasks?state=open&cursor=${first.cursor}`,
        ),
      )
      assert.equal(new Set([...first.tasks, ...second.tasks].map(({ id }) => id)).size, 35)
      assert.equal(second.cursor, null)
      const at = `/api/tasks/${first.tasks[0]?.id}`
      const mine = await expectStatus(200, admin.post<TaskView>(`${at}/assign`, { staffId: admin.id }))
      assert.equal(mine.assignee?.name, 'admin Tester')
      await expectStatus(404, admin.post(`${at}/assign`, { staffId: String(new Types.ObjectId()) }))
      await expectStatus(200, admin.post(`${at}/done`))
      await expectStatus(409, admin.post(`${at}/done`))
      assert.equal(await StaffTasks.countDocuments({ state: 'done' }), 1)
    })
  })

  describe('the page that says what is missing', () => {
    const rows = () => expectStatus(200, admin.get<ReadinessRow[]>('/api/readiness'))
    const row = async (id: string) => (await rows()).find((one) => one.id === id)

    it('shows green and red, what to do next, and keys only in part', async () => {
      const found = await rows()
      const { state, advice } = found.find(({ id }) => id === 'products') ?? {}
      assert.deepEqual([state, advice], ['attention', { key: 'ready.products.next' }])
      const keys = found.find(({ id }) => id === 'omise')?.keys ?? []
      assert.ok(keys.length >= 2 && keys.every(({ masked }) => /^.{4}••••.{4}$/.test(masked)))
      assert.equal((await row('omise.webhook'))?.state, 'attention')
      await Connections.create({ _id: 'omise', lastWebhookAt: new Date() })
      assert.equal((await row('omise.webhook'))?.state, 'ready')
      assert.ok((await row('omise.webhook'))?.lastWebhookAt)
    })

    it('asks a platform for its own words', async () => {
      setReadinessTests({
        omise: async () => ({
          ok: false,
          latencyMs: 12,
          answer: 'authentication failed',
          advice: 'Check the key.',
        }),
      })
      const tested = await expectStatus(200, admin.post<ReadinessRow>('/api/readiness/omise/test'))
      assert.deepEqual(
        [tested.state, tested.detail, tested.advice],
        ['attention', 'authentication failed', 'Check the key.'],
      )
      assert.equal((await row('omise'))?.lastTest?.latencyMs, 12)
      await expectStatus(404, admin.post('/api/readiness/nothing/test'))
    })
  })
})

describe('the sample shop', () => {
  let shop: TestServer
  before(async () => {
    shop = await startServer()
  })
  after(() => shop.close())

  it('is set up once, however many processes start at the same moment', async () => {
    await emptyDatabase()
    await Promise.all([seedDemo(), seedDemo(), seedDemo()])
    await seedDemo()
    assert.equal(await Products.countDocuments(), 12)
    assert.equal(await Couriers.countDocuments(), 3)
    assert.equal((await ShopSettingsStore.findById('shop').lean())?.name, 'บ้านส้มโอ')
    const stocks = await Stocks.find().lean()
    const moved = await StockMovements.find().lean()
    const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
    assert.equal(sum(stocks.map(({ available }) => available)), sum(moved.map(({ change }) => change)))
  })

  it('leaves alone what the owner deleted', async () => {
    await Products.deleteOne({ number: 1 })
    await seedDemo()
    assert.equal(await Products.countDocuments(), 11)
  })

  it('has a picture for every product', async () => {
    for (const { images } of await Products.find().lean()) {
      const served = await fetch(shop.url + images[0])
      assert.equal(served.status, 200, images[0])
      assert.equal(served.headers.get('content-type'), 'image/jpeg')
    }
    assert.equal((await fetch(`${shop.url}/images/demo-nothing.jpg`)).status, 404)
  })
})
