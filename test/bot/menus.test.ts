import assert from 'node:assert/strict'
import { setupLine, setupMessenger } from '../../bot/index.ts'
import type { Language } from '../../models/states.ts'
import type { ShopSettingsView } from '../../server/shop/contract.ts'
import { until } from '../support/chat.ts'
import { expectStatus } from '../support/client.ts'
import { type MessengerShop, openMessenger } from '../support/messenger.ts'
import { loginAs, type StaffMember } from '../support/people.ts'

describe('menus and greetings', () => {
  let shop: MessengerShop
  let admin: StaffMember
  before(async () => {
    shop = await openMessenger()
    admin = await loginAs(shop.server.url, 'admin')
  })
  after(() => shop.close())

  const change = async (wanted: { language: Language; languages: Language[] }) => {
    const { version } = await expectStatus<ShopSettingsView>(200, admin.get('/api/shop'))
    await expectStatus(200, admin.put('/api/shop', { version, ...wanted }))
  }
  const onLine = () => JSON.stringify(shop.line.view(shop.line.createUser().userId))
  const onMessenger = () => JSON.stringify(shop.messenger.view(shop.messenger.createPerson().psid).profile)
  const calls = () => shop.messenger.calls().filter(({ path }) => path.includes('/messenger_profile')).length

  it('follow the shop when it speaks another language, wherever they have been set up', async () => {
    await setupLine(shop.server.settings)
    assert(onLine().includes('คำสั่งซื้อ'))
    await change({ language: 'ja', languages: ['ja', 'en'] })
    await until(async () => onLine().includes('ご注文履歴') && !onLine().includes('คำสั่งซื้อ'))
    assert.equal(calls(), 0)
    await setupMessenger(shop.server.settings)
    assert(onMessenger().includes('ご注文履歴'))
    const before = calls()
    await change({ language: 'ru', languages: ['ru', 'en'] })
    await until(async () => onMessenger().includes('Мои заказы') && onLine().includes('Мои заказы'))
    // Domains are not asked for again: one look at what is there, one call that sets it.
    assert.equal(calls() - before, 2)
  })
})
