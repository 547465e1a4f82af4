import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { Orders } from '../../models/order.ts'
import { Payments } from '../../models/payment.ts'
import { StockHolds } from '../../models/store.ts'
import { inMs, now } from '../../server/database/index.ts'
import { fetchMissed } from '../../server/payment/index.ts'
import { becomes, endOrder, paymentsOf, pollNow, stockOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { press } from '../support/komoju-sandbox.ts'
import { eventually, type Story } from '../support/story.ts'
import {
  anEvent,
  giveBack,
  komojuPaymentsOf,
  payAtCounter,
  payOnPage,
  startEventShop,
  takeCode,
  ticketBuyer,
  toKomoju,
} from '../support/tickets.ts'

const day = 86_400_000

describe('paying by KOMOJU', () => {
  let shop: Story
  before(async () => {
    shop = await startEventShop()
  })
  after(() => shop.close())
  afterEach(async () => {
    shop.sandbox.faults.reset()
    await shop.clean()
  })

  describe('with a card', () => {
    it('confirms the order when the card was charged', async () => {
      const buyer = await ticketBuyer(shop, 'credit_card', await anEvent(shop))
      const back = await payOnPage(await toKomoju(buyer))
      assert.match(back, /\/r\/[\w-]{20,}\?session_id=\w{25}$/)
      await becomes(buyer, 'CONFIRMED')
      const [payment, ...others] = await paymentsOf(buyer.order)
      assert.equal(others.length, 0)
      assert.deepEqual([payment?.state, payment?.captured], ['CAPTURED', 3000])
      const [charged] = await komojuPaymentsOf(shop, buyer)
      assert.equal(charged?.status, 'captured')
    })

    it('asks the bank of a card that wants to be asked', async () => {
      const buyer = await ticketBuyer(shop, 'credit_card', await anEvent(shop))
      const page = await toKomoju(buyer)
      const number = '4100000000000100'
      assert.equal(await payOnPage(page, number), '')
      assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
      await press(page, { action: 'agree', number })
      await becomes(buyer, 'CONFIRMED')
    })

    it('lets a refused card be followed by a good one', async () => {
      const buyer = await ticketBuyer(shop, 'credit_card', await anEvent(shop))
      const page = await toKomoju(buyer)
      for (const poor of ['4123111111111000', '4123111111111034']) await payOnPage(page, poor)
      await eventually('the refusal is known', async () => (await paymentsOf(buyer.order))[0]?.failureCode)
      assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
      await payOnPage(page)
      await becomes(buyer, 'CONFIRMED')
    })

    it('takes whoever cancelled back to the order, to pay another way', async () => {
      const event = await anEvent(shop)
      const buyer = await ticketBuyer(shop, 'credit_card', event)
      const { headers } = await press(await toKomoju(buyer), { action: 'cancel' })
      const key = new URL(headers.get('location') ?? '').pathname.split('/').pop()
      const { order } = await expectStatus(
        200,
        shop.browser().post<{ order: { state: string } }>(`/api/results/${key}/check`, {}),
      )
      assert.equal(order.state, 'DRAFT')
      await buyer.reload()
      assert.equal(buyer.order.attempt?.state, 'CANCELED')
      assert.ok(buyer.order.methods.some(({ method }) => method === 'konbini'))
      assert.equal((await stockOf(event.sku)).reserved, 1, 'its seat is still held')
      await payOnPage(await toKomoju(buyer))
      await becomes(buyer, 'CONFIRMED')
    })

    it('gives back a part, then the rest, each once', async () => {
      const buyer = await ticketBuyer(shop, 'credit_card', await anEvent(shop, { price: 4000 }))
      await payOnPage(await toKomoju(buyer))
      await becomes(buyer, 'CONFIRMED')
      await giveBack(shop, buyer, 'refund-part', 1500)
      await giveBack(shop, buyer, 'refund-part', 1500)
      await giveBack(shop, buyer, 'refund-rest', 2500)
      await eventually('all is back', async () => (await buyer.reload()).refunded === 4000)
      const [payment] = await komojuPaymentsOf(shop, buyer)
      assert.equal(payment?.amount_refunded, 4000)
    })
  })

  describe('whatever is said', () => {
    it('believes the gateway, and no word of an address', async () => {
      const buyer = await ticketBuyer(shop, 'credit_card', await anEvent(shop))
      const page = await toKomoju(buyer)
      const session = page.split('/').pop()
      const back = (query: string) =>
        shop.browser().get(`/e/7/checkout/success?session_id=${session}&${query}`)
      const paid = await back('is_payment_successful=1&transaction%5Bstatus%5D=captured')
      assert.equal(paid.status, 303)
      const [attempt] = await paymentsOf(buyer.order)
      assert.equal(paid.headers.get('location'), `/r/${attempt?.key}`)
      await expectStatus(200, shop.browser().post(`/api/results/${attempt?.key}/check`, {}))
      assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
      await payOnPage(page)
      await becomes(buyer, 'CONFIRMED')
      assert.equal((await back('is_payment_cancelled=1')).status, 303)
      assert.equal((await buyer.reload()).state, 'CONFIRMED')
      await expectStatus(404, shop.browser().get('/e/7/checkout/success?session_id=nobodys'))
      await expectStatus(404, shop.browser().get('/e/7/checkout/success?is_payment_successful=1'))
    })

    it('hears signed events at the older address too, and no others', async () => {
      const buyer = await ticketBuyer(shop, 'credit_card', await anEvent(shop))
      const page = await toKomoju(buyer)
      const { webhookSecret } = shop.settings.gateways.komoju ?? {}
      assert.ok(webhookSecret)
      const body = JSON.stringify({ resource: 'event', id: 'e1', type: 'ping', data: {} })
      const signed = (signature: string, path: string) =>
        shop.browser().send('POST', path, {
          body,
          headers: { 'content-type': 'application/json', 'x-komoju-signature': signature },
        })
      const good = createHmac('sha256', webhookSecret).update(body).digest('hex')
      for (const path of ['/checkout/webhook', '/webhooks/payments/komoju']) {
        await expectStatus(200, signed(good, path))
        await expectStatus(401, signed(good.slice(0, 10), path))
        await expectStatus(
          401,
          signed(
            good.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
            path,
          ),
        )
      }
      await payOnPage(page)
      await becomes(buyer, 'CONFIRMED')
    })

    it('fetches the events that never arrived', async () => {
      shop.sandbox.faults.set('komoju', 'webhookTiming', 'never')
      const buyer = await ticketBuyer(shop, 'credit_card', await anEvent(shop))
      const page = await toKomoju(buyer)
      // No poll is near.
      await Payments.updateMany({ order: buyer.order.id }, { $set: { checkAt: inMs(day) } })
      await payOnPage(page)
      await fetchMissed()
      await becomes(buyer, 'CONFIRMED')
    })

    it('asks by itself when nobody calls', async () => {
      shop.sandbox.faults.set('komoju', 'webhookTiming', 'never')
      const buyer = await ticketBuyer(shop, 'credit_card', await anEvent(shop))
      await payOnPage(await toKomoju(buyer))
      await pollNow(buyer.order)
      await becomes(buyer, 'CONFIRMED')
    })

    it('makes one session though its answers get lost', async () => {
      shop.sandbox.faults.set('komoju', 'dropAfterCommit', 'sessions', 2)
      const buyer = await ticketBuyer(shop, 'credit_card', await anEvent(shop))
      const next = await buyer.act('CONFIRM_PAYMENT_SELECTION')
      assert.equal(next?.kind, 'checking')
      await pollNow(buyer.order)
      const page = await eventually('the page of KOMOJU', async () => {
        await pollNow(buyer.order)
        const { attempt } = await buyer.reload()
        return attempt?.next?.kind === 'redirect' ? attempt.next.url : null
      })
      const [attempt] = await paymentsOf(buyer.order)
      const sessions = shop.sandbox.komoju.sessions() as { payment_data: { external_order_num: string } }[]
      const ours = sessions.filter(
        ({ payment_data }) => payment_data.external_order_num === String(attempt?._id),
      )
      assert.equal(ours.length, 1)
      await payOnPage(page)
      await becomes(buyer, 'CONFIRMED')
    })
  })

  describe('at a convenience store', () => {
    it('waits for the code to be paid, days later, with its seats held', async () => {
      const event = await anEvent(shop, { capacity: 2 })
      const buyer = await ticketBuyer(shop, 'konbini', event, 2)
      const code = await takeCode(buyer, await toKomoju(buyer))
      assert.match(code.code, /^\d{6}$/)
      assert.equal(code.store, 'Lawson')
      assert.ok(code.instructionsUrl)
      // The cashier asks for the store's fee as well.
      assert.equal(code.fee, 190)
      const until = new Date(code.expiresAt)
      assert.ok(until.getTime() - now().getTime() > 2.9 * day)
      const order = await Orders.findById(buyer.order.id).lean()
      assert.equal(order?.state, 'AWAITING_PAYMENT')
      assert.ok(order.deadline && order.deadline >= until, 'the order waits as long as the code')
      const holds = await StockHolds.find({ order: order._id, state: 'HELD' }).lean()
      assert.ok(holds.length && holds.every(({ expiresAt }) => expiresAt >= until), 'and so do its seats')
      assert.deepEqual(await stockOf(event.sku), { available: 0, reserved: 2, shipped: 0 })

      shop.sandbox.clock.advance(2 * day)
      await payAtCounter(shop, buyer)
      shop.sandbox.clock.advance(-2 * day)
      await becomes(buyer, 'CONFIRMED')
      const [payment] = await komojuPaymentsOf(shop, buyer)
      assert.ok(payment && payment.total > payment.amount, 'the store took its fee')
      assert.equal((await paymentsOf(buyer.order))[0]?.captured, 6000)
    })

    it('clears an order whose code ran out', async () => {
      const event = await anEvent(shop, { capacity: 1 })
      const buyer = await ticketBuyer(shop, 'konbini', event)
      await takeCode(buyer, await toKomoju(buyer))
      const [payment] = await komojuPaymentsOf(shop, buyer)
      shop.sandbox.komoju.expirePayment(payment?.id ?? '')
      await becomes(buyer, 'DRAFT')
      await endOrder(buyer.order)
      await becomes(buyer, 'EXPIRED')
      assert.deepEqual(await stockOf(event.sku), { available: 1, reserved: 0, shipped: 0 })
    })

    it('takes a code back when the customer chooses a card instead', async () => {
      const buyer = await ticketBuyer(shop, 'konbini', await anEvent(shop))
      await takeCode(buyer, await toKomoju(buyer))
      await buyer.act('CANCEL_PAYMENT')
      assert.equal(buyer.order.state, 'DRAFT')
      assert.equal((await komojuPaymentsOf(shop, buyer))[0]?.status, 'cancelled')
      await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'komoju', method: 'credit_card' })
      await payOnPage(await toKomoju(buyer))
      await becomes(buyer, 'CONFIRMED')
    })

    it('takes a code paid too late while there are seats', async () => {
      const buyer = await ticketBuyer(shop, 'konbini', await anEvent(shop))
      await takeCode(buyer, await toKomoju(buyer))
      const [payment] = await komojuPaymentsOf(shop, buyer)
      shop.sandbox.komoju.expirePayment(payment?.id ?? '')
      await becomes(buyer, 'DRAFT')
      await endOrder(buyer.order)
      await becomes(buyer, 'EXPIRED')
      shop.sandbox.faults.set('komoju', 'acceptLatePayment', true, 1)
      await payAtCounter(shop, buyer)
      await becomes(buyer, 'CONFIRMED')
    })
  })
})
