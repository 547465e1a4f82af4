import assert from 'node:assert/strict'
import sharp from 'sharp'
import { becomes } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { axeProblems } from '../support/customer-page.ts'
import { type Desk, startDesk } from '../support/desk.ts'
import { aProduct, type Story, storyOf } from '../support/story.ts'

describe('a transfer slip at the desk', function () {
  this.timeout(60_000)
  let desk: Desk
  let shop: Story
  before(async () => {
    desk = await startDesk({ PROMPTPAY_ID: '0801234567' })
    shop = await storyOf(desk)
  })
  after(() => desk?.close())

  it('is seen at its order, and confirmed with what the account shows', async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'promptpay', method: 'promptpay_slip' })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    const picture = sharp({ create: { width: 300, height: 400, channels: 3, background: '#dfeee6' } })
    await expectStatus(
      200,
      buyer.send('POST', `/api/payments/${buyer.order.id}/slip`, {
        headers: { 'content-type': 'image/png' },
        body: new Uint8Array(await picture.png().toBuffer()),
      }),
    )

    const { page, complaints } = await desk.sits({ path: `/orders/${buyer.order.id}` })
    await page.getByRole('button', { name: 'Confirm', exact: true }).click()
    await page.getByLabel('Bank reference').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('Type the bank’s reference number').waitFor()
    assert.deepEqual(await axeProblems(page), [])
    await page.getByLabel('Bank reference').fill('2026112100012345')
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('2026112100012345').first().waitFor()
    await becomes(buyer, 'CONFIRMED')
    assert.deepEqual(await axeProblems(page), [])

    // Nobody but a person can give such money back: the order is undone when they say that they have.
    await shop.idle()
    const { id, version } = await shop.staffView(buyer.order.id)
    await expectStatus(200, shop.manager.post(`/api/orders/${id}/cancel`, { version, reason: 'sold out' }))
    await page.getByRole('button', { name: 'It was given back' }).click()
    assert.deepEqual(await axeProblems(page), [])
    await page.getByRole('dialog').getByRole('button', { name: 'It was given back' }).click()
    await becomes(buyer, 'CANCELED', 40_000)
    assert.equal(buyer.order.refunded, buyer.order.totals.total)
    assert.deepEqual(complaints, [])
  })
})
