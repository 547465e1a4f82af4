import assert from 'node:assert/strict'
import { Messages } from '../../models/conversation.ts'
import { Notifications } from '../../models/notification.ts'
import { Payments } from '../../models/payment.ts'
import { StaffTasks } from '../../models/shop.ts'
import { StockHolds } from '../../models/store.ts'
import { TicketEvents, Tickets } from '../../models/ticket.ts'
import { inMs } from '../../server/database/index.ts'
import type { DoorView, TicketEventView } from '../../server/ticket/contract.ts'
import { aShopper } from '../support/catalogue.ts'
import { becomes, endOrder, stockOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { type Buyer, eventually, type Story } from '../support/story.ts'
import {
  anEvent,
  emailOf,
  giveBack,
  komojuPaymentsOf,
  payAtCounter,
  payOnPage,
  startEventShop,
  takeCode,
  ticketBuyer,
  toKomoju,
} from '../support/tickets.ts'

describe('tickets', () => {
  let shop: Story
  before(async () => {
    shop = await startEventShop()
  })
  after(() => shop.close())
  afterEach(async () => {
    shop.sandbox.faults.reset()
    await shop.clean()
  })

  /** A browser with confirmed seats. */
  async function admitted(product: Awaited<ReturnType<typeof anEvent>>, quantity = 1): Promise<Buyer> {
    const buyer = await ticketBuyer(shop, 'credit_card', product, quantity)
    await payOnPage(await toKomoju(buyer))
    await becomes(buyer, 'CONFIRMED')
    return buyer
  }
  const codesOf = ({ order }: Buyer): string[] => order.tickets.map(({ code }) => code ?? '')
  const atTheDoor = (code: string, who = shop.agent) =>
    who.post<DoorView & { error: { code: string; details: { ticket: DoorView } } }>('/api/tickets/check-in', {
      code,
    })
  const eventOf = (product: { _id: unknown }) =>
    expectStatus(200, shop.agent.get<TicketEventView>(`/api/products/${product._id}/event`))

  it('ask for no address, and for a mail to go to', async () => {
    const { link } = await shop.order({ product: await anEvent(shop) })
    const buyer = await shop.open(link)
    assert.equal(buyer.order.needsDelivery, false)
    assert.equal(buyer.order.needsContact, true)
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'komoju', method: 'credit_card' })
    const { status, body } = await buyer.try('CONFIRM_PAYMENT_SELECTION')
    assert.deepEqual([status, body.error.code], [409, 'order.no_contact'])
    await buyer.act('UPDATE_CONTACT', { contact: { name: '山田花子', email: 'hanako@example.com' } })
    assert.equal(buyer.order.contact?.email, 'hanako@example.com')
    const stranger = await shop.open(link)
    assert.equal(stranger.order.contact, null, 'another browser with the link sees no name')
  })

  it('are made one for each seat, shown with a QR, and mailed with the receipt', async () => {
    const event = await anEvent(shop, { name: 'Taiko evening' })
    const buyer = await admitted(event, 2)
    const [first, second, ...more] = buyer.order.tickets
    assert.ok(first && second && !more.length)
    assert.deepEqual([first.seat, second.seat, first.place], [1, 2, 'Hall 2, Osaka'])
    assert.match(first.code ?? '', /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
    assert.notEqual(first.code, second.code)
    assert.match(first.qr ?? '', /^data:image\/png;base64,/)
    await shop.idle()
    const mail = await eventually('the mail', async () =>
      shop.sandbox.mailbox.mails().find(({ to }) => JSON.stringify(to).includes(emailOf(buyer))),
    )
    const said = JSON.stringify(mail)
    for (const code of codesOf(buyer)) assert.ok(said.includes(code), 'the mail has every code')
    assert.ok(said.includes('Taiko evening') && said.includes('Hall 2, Osaka'))
    assert.match(said, /นี่คือบัตรเข้างานของคุณ/, 'and speaks of nothing to be sent')
    const picture = await shop.browser().get(`/tickets/${first.code}/qr.png`)
    assert.equal(picture.headers.get('content-type'), 'image/png')
    await expectStatus(404, shop.browser().get('/tickets/0000-0000-0000-0001/qr.png'))
    assert.equal((await shop.staffView(buyer.order.id)).picking, null, 'nothing is packed')
  })

  it('keep their codes from the database, from crawlers and from staff', async () => {
    const buyer = await admitted(await anEvent(shop))
    const [code = ''] = codesOf(buyer)
    await shop.idle()
    const rows = [
      await Tickets.find({ order: buyer.order.id }).lean(),
      await Messages.find({ order: buyer.order.id }).lean(),
      await Notifications.find({ recipient: emailOf(buyer) }).lean(),
    ]
    const kept = JSON.stringify(rows)
    assert.ok(!kept.includes(code) && !kept.includes(code.replaceAll('-', '')))
    const [seen] = (await shop.staffView(buyer.order.id)).tickets
    assert.deepEqual([seen?.state, seen?.code, seen?.qr], ['VALID', null, null])
    const key = (await Payments.findOne({ order: buyer.order.id }).lean())?.key
    const result = await shop.browser().get(`/api/results/${key}`)
    assert.equal(result.status, 200)
    assert.ok(!result.text.includes(code), 'the page of the return address is for anybody')
  })

  it('are made once though the webhooks come again and again', async () => {
    shop.sandbox.faults.set('komoju', 'webhookCopies', 5)
    const buyer = await admitted(await anEvent(shop), 3)
    const [payment] = await komojuPaymentsOf(shop, buyer)
    await Promise.all([1, 2, 3].map(() => shop.sandbox.komoju.resend(payment?.id ?? '')))
    await shop.sandbox.komoju.settled()
    await shop.idle()
    assert.equal(await Tickets.countDocuments({ order: buyer.order.id }), 3)
    assert.equal(await Notifications.countDocuments({ recipient: emailOf(buyer) }), 1)
  })

  it('are not sold any more once the event has begun, whatever was held', async () => {
    const event = await anEvent(shop, { name: 'Rakugo night' })
    const chosen = await ticketBuyer(shop, 'credit_card', event)
    await chosen.act('CHECK_PRODUCT_SUFFICIENT')
    const late = await ticketBuyer(shop, 'credit_card', event)
    const shopper = await aShopper(shop)
    await shopper.want(event, 1)
    const offered = () =>
      expectStatus(
        200,
        shopper.get<{ goods: { name: string }[] }>(`/api/catalogue/${shopper.id}/goods?q=rakugo`),
      )
    assert.equal((await offered()).goods.length, 1)

    await TicketEvents.updateOne({ product: event._id }, { $set: { startsAt: inMs(-1000) } })
    assert.equal((await offered()).goods.length, 0)
    assert.equal((await shopper.tryWant(event, 2)).body.error.code, 'product.gone')
    for (const buyer of [chosen, late]) {
      const { status, body } = await buyer.try('CHECK_PRODUCT_SUFFICIENT')
      assert.deepEqual([status, body.error.code], [409, 'event.begun'])
      const { status: refused, body: told } = await buyer.try('CONFIRM_PAYMENT_SELECTION')
      assert.deepEqual([refused, told.error.code], [409, 'order.context'])
      const { changes } = told.error.details as { changes: { field: string; name?: string }[] }
      assert.deepEqual(changes[0], { field: 'event_begun', name: 'Rakugo night' })
      assert.equal((await buyer.reload()).lines.length, 0)
    }
    await shopper.look()
    assert.equal(shopper.cart.lines[0]?.priceNow, null)
    const { status, body } = await shopper.tryConfirm()
    assert.deepEqual([status, body.error.code], [409, 'order.context'])
    assert.deepEqual(await eventOf(event).then(({ free, held }) => [free, held]), [20, 0])
  })

  it('are not oversold: the last seat waits for its code to be paid', async () => {
    const event = await anEvent(shop, { capacity: 1 })
    const first = await ticketBuyer(shop, 'konbini', event)
    const second = await ticketBuyer(shop, 'credit_card', event)
    await takeCode(first, await toKomoju(first))
    assert.deepEqual(await eventOf(event).then(({ free, held, sold }) => [free, held, sold]), [0, 1, 0])
    const { status, body } = await second.try('CONFIRM_PAYMENT_SELECTION')
    assert.deepEqual([status, body.error.code], [409, 'stock.short'])
    await payAtCounter(shop, first)
    await becomes(first, 'CONFIRMED')
    assert.equal(first.order.tickets.length, 1)
    assert.deepEqual(await eventOf(event).then(({ free, held, sold }) => [free, held, sold]), [0, 0, 1])
  })

  it('go to the next buyer when a code was not paid in time', async () => {
    const event = await anEvent(shop, { capacity: 1 })
    const first = await ticketBuyer(shop, 'konbini', event)
    await takeCode(first, await toKomoju(first))
    const [payment] = await komojuPaymentsOf(shop, first)
    shop.sandbox.komoju.expirePayment(payment?.id ?? '')
    await becomes(first, 'DRAFT')
    await endOrder(first.order)
    await becomes(first, 'EXPIRED')
    const second = await admitted(event)
    assert.equal(second.order.tickets.length, 1)

    // The code is paid after all, and no seat is left: the money cannot stay.
    shop.sandbox.faults.set('komoju', 'acceptLatePayment', true, 1)
    await payAtCounter(shop, first)
    await becomes(first, 'COMPENSATING')
    await eventually('somebody is asked to give it back', () =>
      StaffTasks.exists({ order: first.order.id, state: 'open' }),
    )
    shop.sandbox.komoju.refundByHand(payment?.id ?? '')
    await becomes(first, 'CANCELED')
    assert.equal(await Tickets.countDocuments({ order: first.order.id }), 0)
    assert.equal((await stockOf(event.sku)).available, 0)
  })

  it('are not made by themselves when a code is paid after the event has begun: staff decide', async () => {
    const event = await anEvent(shop)
    const [first, second] = [
      await ticketBuyer(shop, 'konbini', event),
      await ticketBuyer(shop, 'konbini', event),
    ]
    for (const buyer of [first, second]) await takeCode(buyer, await toKomoju(buyer))
    await TicketEvents.updateOne({ product: event._id }, { $set: { startsAt: inMs(-60_000) } })
    const decideOn = async (buyer: Buyer, decision: 'accept' | 'refund') => {
      await payAtCounter(shop, buyer)
      await becomes(buyer, 'MANUAL_REVIEW')
      const { id, version } = await shop.staffView(buyer.order.id)
      const task = { order: id, kind: 'payment.conflict', state: 'open' as const }
      assert.match(String((await StaffTasks.findOne(task).lean())?.summary), /when the event had begun/)
      assert.equal(await Tickets.countDocuments({ order: id }), 0)
      await expectStatus(
        200,
        shop.manager.post(`/api/orders/${id}/review`, { version, decision, reason: 'asked at the door' }),
      )
      assert.equal(await StaffTasks.countDocuments(task), 0)
    }
    await decideOn(first, 'accept')
    await becomes(first, 'CONFIRMED')
    assert.equal(first.order.tickets.length, 1)
    await decideOn(second, 'refund')
    const [payment] = await komojuPaymentsOf(shop, second)
    await eventually('somebody gives it back', () =>
      StaffTasks.exists({ order: second.order.id, state: 'open' }),
    )
    shop.sandbox.komoju.refundByHand(payment?.id ?? '')
    await becomes(second, 'CANCELED')
    assert.equal(await Tickets.countDocuments({ order: second.order.id }), 0)
  })

  it('open the door once, and say when and by whom', async () => {
    const buyer = await admitted(await anEvent(shop))
    const [code = ''] = codesOf(buyer)
    const answers = await Promise.all([atTheDoor(code), atTheDoor(code), atTheDoor(code)])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ')} `
    const again = await atTheDoor(typed, shop.manager)
    assert.deepEqual([again.status, again.body.error.code], [409, 'ticket.used'])
    const { checkedInBy, checkedInAt, orderRegNo } = again.body.error.details.ticket
    assert.equal(checkedInBy, 'Nok Agent')
    assert.ok(checkedInAt && Date.parse(checkedInAt) <= Date.now() + 1000)
    assert.equal(orderRegNo, buyer.order.regNo)
    assert.equal((await buyer.reload()).tickets[0]?.state, 'CHECKED_IN')
  })

  it('are told apart from slips of the hand and from nothing', async () => {
    const wrong = await atTheDoor('ABCD-EFGH-JKMN-PQRS')
    assert.deepEqual([wrong.status, wrong.body.error.code], [400, 'ticket.mistyped'])
    const unknown = await atTheDoor('0000-0000-0000-0000')
    assert.deepEqual([unknown.status, unknown.body.error.code], [404, 'ticket.unknown'])
  })

  it('are void when their order is cancelled, and its seats are free again', async () => {
    const event = await anEvent(shop, { capacity: 2 })
    const buyer = await admitted(event, 2)
    const [code = ''] = codesOf(buyer)
    const { id, version } = await shop.staffView(buyer.order.id)
    await expectStatus(200, shop.manager.post(`/api/orders/${id}/cancel`, { version, reason: 'cannot come' }))
    await becomes(buyer, 'CANCELED')
    const { status, body } = await atTheDoor(code)
    assert.deepEqual([status, body.error.code], [409, 'ticket.void'])
    assert.deepEqual(await stockOf(event.sku), { available: 2, reserved: 0, shipped: 0 })
    assert.equal(await StockHolds.countDocuments({ order: id, state: 'COMMITTED' }), 0)
  })

  it('are void when all their money is back, and not before', async () => {
    const buyer = await admitted(await anEvent(shop, { price: 5000 }))
    await giveBack(shop, buyer, 'refund-half', 2500)
    await eventually('half is back', async () => (await buyer.reload()).refunded === 2500)
    await shop.idle()
    assert.equal((await buyer.reload()).tickets[0]?.state, 'VALID')
    await giveBack(shop, buyer, 'refund-rest', 2500)
    await eventually('void', async () => (await buyer.reload()).tickets[0]?.state === 'VOID')
    assert.equal(buyer.order.tickets[0]?.code, null)
  })

  it('have as many seats as their event, never fewer than are taken', async () => {
    const event = await anEvent(shop, { capacity: 10 })
    await admitted(event, 3)
    const set = (capacity: number, who = shop.manager) =>
      who.put<TicketEventView & { error: { code: string } }>(`/api/products/${event._id}/event`, {
        startsAt: '2031-04-06T10:00:00Z',
        place: 'Hall 3',
        capacity,
      })
    const grown = await expectStatus(200, set(12))
    assert.deepEqual([grown.capacity, grown.free, grown.sold], [12, 9, 3])
    const full = await expectStatus(200, set(3))
    assert.deepEqual([full.free, full.sold, full.place], [0, 3, 'Hall 3'])
    const { status, body } = await set(2)
    assert.deepEqual([status, body.error.code], [409, 'event.capacity'])
    assert.equal((await eventOf(event)).capacity, 3)
    const [store] = await expectStatus(200, shop.manager.get<{ id: string }[]>('/api/stores'))
    const more = { sku: event.sku, storeId: store?.id, change: 5, reason: 'more chairs' }
    await expectStatus(409, shop.manager.put(`/api/products/${event._id}/stock`, more))
    assert.equal((await set(5, shop.agent)).status, 404)
  })
})
