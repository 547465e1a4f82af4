import assert from 'node:assert/strict'
import { Conversations } from '../../models/conversation.ts'
import { ShopSettingsStore } from '../../models/shop.ts'
import { Products } from '../../models/store.ts'
import { brokerIdle } from '../../server/broker/index.ts'
import { forgetShopSettings, shopSettings } from '../../server/shop/index.ts'
import { type ChatShop, conversationWith, openShop, shopSays, threadWith, until } from '../support/chat.ts'
import { orderOf } from '../support/orders-in-chat.ts'

describe('the buttons under the chat', () => {
  let shop: ChatShop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  it('show a customer their own orders, as they are now', async () => {
    const [user, other] = [await shop.meet(), await shop.meet()]
    const old = await orderOf(user, { state: 'CANCELED' })
    const mine = await orderOf(user, { state: 'AWAITING_PAYMENT' })
    const foreign = await orderOf(other)
    await shop.line.postback(user.userId, 'my_orders', { displayText: 'คำสั่งซื้อ' })
    const entry = await shop.line.waitFor(user.userId, shopSays(mine.regNo))
    const text = JSON.stringify(entry.message)
    assert(text.includes(old.regNo) && text.includes('ยกเลิกแล้ว') && text.includes('รอชำระเงิน'))
    assert(!text.includes(foreign.regNo))
  })

  it('say so kindly when there are none', async () => {
    const user = await shop.meet({ language: 'en' })
    await shop.line.postback(user.userId, 'my_orders')
    await shop.line.waitFor(user.userId, shopSays('You have no orders yet'))
  })

  it('show the products that can be bought', async () => {
    const user = await shop.meet({ language: 'en' })
    const product = (number: number, hidden: boolean) => ({
      number,
      name: `Mug "${number}"`,
      prices: { THB: 19900 },
      variants: [{ sku: `mug-${number}`, name: '' }],
      hidden,
    })
    await Products.create([
      ...Array.from({ length: 12 }, (_, index) => product(index, false)),
      product(99, true),
    ])
    await shop.line.postback(user.userId, 'catalogue')
    const entry = await shop.line.waitFor(user.userId, shopSays('Mug "0"'))
    const text = JSON.stringify(entry.message)
    assert(text.includes('฿199'))
    assert(!text.includes('Mug \\"99\\"'))
  })

  it('lead to one product, also by the words that a deep link writes', async () => {
    const user = await shop.meet({ language: 'en' })
    await shop.line.postback(user.userId, 'product:7')
    const card = await shop.line.waitFor(user.userId, shopSays('Mug "7"'))
    const text = JSON.stringify(card.message)
    assert(!text.includes('Mug \\"8\\"') && text.includes('Open the catalogue'))

    const guest = shop.line.createUser({ language: 'en' })
    await shop.line.say(guest.userId, 'product:8')
    await shop.line.waitFor(guest.userId, shopSays('Mug "8"'))
    const heard = shop.line.received(guest.userId).filter(({ from }) => from === 'shop')
    assert.equal(heard.findIndex(shopSays('Mug "8"')), 1, 'the greeting comes first')
    // What is not sold any more leads to what is.
    await shop.line.postback(user.userId, 'product:99')
    await shop.line.waitFor(user.userId, shopSays('Mug "0"'))
  })

  it('call staff', async () => {
    const user = await shop.meet()
    const { _id } = await conversationWith(user)
    await Conversations.updateOne({ _id }, { $set: { state: 'resolved', waitingSince: null } })
    await shop.line.postback(user.userId, 'staff')
    await shop.line.waitFor(user.userId, shopSays('แจ้งพนักงาน'))
    const { state, waitingSince } = await conversationWith(user)
    assert.equal(state, 'open')
    assert(waitingSince)
    const tapped = (await threadWith(user)).find(({ kind }) => kind === 'postback')
    assert.equal(tapped?.text, 'คุยกับร้าน')
  })

  it('harm nobody when they are years old, or were never ours', async () => {
    const user = await shop.meet({ language: 'en' })
    for (const data of ['action=buy&price=1', '__proto__', 'constructor', ''])
      await shop.line.postback(user.userId, data)
    await shop.line.waitFor(user.userId, shopSays('no longer in use'))
    await until(async () => (await threadWith(user)).filter(({ kind }) => kind === 'postback').length === 4)
  })

  it('answer one tap once, however often it is delivered', async () => {
    const user = await shop.meet({ language: 'en' })
    shop.sandbox.faults.set('line', 'webhookDuplicates', 9, 1)
    await shop.line.postback(user.userId, 'staff')
    await shop.line.waitFor(user.userId, shopSays('have been told'))
    await brokerIdle()
    assert.equal(shop.line.received(user.userId).filter(shopSays('have been told')).length, 1)
  })

  it('are joined by one word, for hours, when the shop is closed', async () => {
    const user = await shop.meet({ language: 'en' })
    await shopSettings()
    // Open for one minute on a day that is never today.
    const day = (new Date().getUTCDay() + 3) % 7
    await ShopSettingsStore.updateOne(
      { _id: 'shop' },
      { $set: { hours: [{ day, opens: '00:00', closes: '00:01' }] } },
    )
    forgetShopSettings()
    await shop.line.say(user.userId, 'anybody there?')
    await shop.line.waitFor(user.userId, shopSays('is closed at the moment'))
    await shop.line.say(user.userId, 'hello?')
    await until(async () => (await threadWith(user)).some(({ text }) => text === 'hello?'))
    await brokerIdle()
    assert.equal(shop.line.received(user.userId).filter(shopSays('is closed')).length, 1)
  })
})
