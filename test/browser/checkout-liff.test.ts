import assert from 'node:assert/strict'
import { Customers } from '../../models/customer.ts'
import { conversationWith, until } from '../support/chat.ts'
import { type PageShop, startPageShop, typeAddress } from '../support/customer-page.ts'
import { bangkok } from '../support/story.ts'

describe('the checkout opened through LIFF', function () {
  this.timeout(90_000)
  let shop: PageShop
  before(async () => {
    shop = await startPageShop()
  })
  after(() => shop.close())

  /** Somebody who has ordered before, and an order of theirs. */
  async function regular() {
    const user = shop.sandbox.line.createUser({ displayName: 'Somchai', language: 'th' })
    await shop.sandbox.line.say(user.userId, 'สวัสดี')
    const conversation = await until(() => conversationWith(user).catch(() => null))
    await Customers.updateOne({ _id: conversation.customer }, { $set: { addresses: [bangkok] } })
    const { order, link } = await shop.order({ 2: 1 }, String(conversation._id))
    const { liffId } = shop.sandbox.channel
    const liff = `${shop.sandbox.url}/liff/${liffId}/${link.split('/').pop()}`
    return { user, order, link, liff }
  }

  it('fills in the last address of whom LINE says it is', async () => {
    const { user, link, liff } = await regular()
    const { page, complaints } = await shop.visit(`${liff}?sim_user=${user.userId}`)
    await page.waitForURL(`**${link}*`)
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#address-name')?.value)
    assert.equal(await page.locator('#address-name').inputValue(), bangkok.name)
    assert.equal(await page.locator('#address-line1').inputValue(), bangkok.line1)
    assert.doesNotMatch(page.url(), /access_token|id_token/)
    assert.deepEqual(complaints, [])
  })

  it('keeps what was typed before LINE has said who it is', async () => {
    const { user, link, liff } = await regular()
    const { page } = await shop.visit('/health')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/identify', async (route) => {
      await held
      await route.continue()
    })
    await page.goto(`${liff}?sim_user=${user.userId}`)
    await page.waitForURL(`**${link}*`)
    await typeAddress(page)
    release()
    await page.waitForResponse('**/identify')
    assert.equal(await page.locator('#address-line1').inputValue(), '99/12 ซ.อารีย์สัมพันธ์ 9')
  })

  it('is empty for whoever merely holds the link, and for another person in LINE', async () => {
    const { link, liff } = await regular()
    const bare = await shop.visit(link)
    await bare.page.waitForLoadState('networkidle')
    assert.equal(await bare.page.locator('#address-name').inputValue(), '')

    const stranger = shop.sandbox.line.createUser({ displayName: 'Stranger', language: 'en' })
    const other = await shop.visit(`${liff}?sim_user=${stranger.userId}`)
    await other.page.waitForURL(`**${link}*`)
    await other.page.waitForResponse('**/identify')
    await other.page.waitForLoadState('networkidle')
    assert.equal(await other.page.locator('#address-name').inputValue(), '')
    assert.doesNotMatch(await other.page.content(), /somchai@example/)
  })
})
