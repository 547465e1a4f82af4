import assert from 'node:assert/strict'
import { Types } from 'mongoose'
import { Customers } from '../../models/customer.ts'
import { Notifications } from '../../models/notification.ts'
import { Orders } from '../../models/order.ts'
import { StaffTasks } from '../../models/shop.ts'
import { publish } from '../../server/broker/index.ts'
import { transaction } from '../../server/database/index.ts'
import { mailIdle, sendMail } from '../../server/notification/index.ts'
import { startShop, type TestShop } from '../support/shop.ts'

describe('mails', () => {
  let shop: TestShop
  before(async () => {
    shop = await startShop()
  })
  afterEach(() => {
    shop.sandbox.faults.reset()
    shop.sandbox.mailbox.clear()
  })
  after(() => shop.close())

  let number = 0
  async function paidOrder(address: Record<string, unknown> = {}): Promise<string> {
    const _id = new Types.ObjectId()
    const customer = new Types.ObjectId()
    number += 1
    await Customers.create({
      _id: customer,
      number,
      guid: String(customer),
      username: `c-${number}`,
      language: 'th',
    })
    await Orders.create({
      _id,
      number,
      regNo: `T-${number}`,
      customer,
      channel: 'line',
      language: 'th',
      openedBy: 'staff',
      state: 'CONFIRMED',
      version: 9,
      currency: 'THB',
      lines: [
        { number: 1, kind: 'GOODS', name: 'ส้มโอ <b>หวาน</b>', unitPrice: 12_000, quantity: 2 },
        { number: 2, kind: 'GOODS', name: '{{order.regNo}}', unitPrice: 4_500, quantity: 1 },
      ],
      address: {
        name: 'สมชาย ใจดี',
        phone: '081',
        email: `somchai-${number}@example.com`,
        line1: '1 ถนนสุขุมวิท',
        postalCode: '10110',
        country: 'TH',
        ...address,
      },
      delivery: {
        type: 'courier',
        companyName: 'ไปรษณีย์ไทย EMS',
        slot: null,
        cost: 4_000,
        costConfirmed: true,
        estimatedDate: '2026-11-23',
      },
      totals: { items: 28_500, discount: 0, delivery: 4_000, total: 32_500, vat: 2_126 },
      paidAt: new Date('2026-11-21T11:00:00Z'),
    })
    return String(_id)
  }
  const confirmed = (orderId: string) =>
    transaction((session) =>
      publish(session, 'notify.order', orderId, {
        orderId,
        username: 'c-1',
        response: 'SUCCESS',
        timestamp: new Date().toISOString(),
      }),
    )
  const mailsTo = (to: string) => shop.sandbox.mailbox.mails(to)

  it('bring the receipt once, in the customer’s language, with what people wrote as plain text', async () => {
    const orderId = await paidOrder()
    await confirmed(orderId)
    await confirmed(orderId)
    await shop.idle()
    const mails = mailsTo(`somchai-${number}@example.com`)
    assert.equal(mails.length, 1)
    const [mail] = mails
    assert.equal(mail?.subject, `ใบเสร็จคำสั่งซื้อ T-${number} จาก บ้านส้มโอ`)
    assert.match(mail?.from ?? '', /^บ้านส้มโอ <.+@.+>$/)
    assert.match(mail?.html ?? '', /ส้มโอ &lt;b&gt;หวาน&lt;\/b&gt;/)
    assert.match(mail?.html ?? '', /\{\{order\.regNo\}\}/)
    assert.match(mail?.html ?? '', /฿325/)
    assert.match(mail?.html ?? '', /#0b6b4f/)
    assert.match(mail?.text ?? '', /2 × ส้มโอ <b>หวาน<\/b> {2}฿240/)
    assert.match(mail?.text ?? '', /สมชาย ใจดี 081 1 ถนนสุขุมวิท 10110/)
    assert.match(mail?.text ?? '', /รวมภาษีมูลค่าเพิ่ม 7%: ฿21\.26/)
    assert.match(mail?.text ?? '', /2569/)
  })

  it('tell of the parcel, of the refund and of the end', async () => {
    const orderId = await paidOrder()
    await transaction(async (session) => {
      await publish(session, 'order.sent', orderId, { orderId })
      await publish(session, 'payment.refunded', orderId, {
        orderId,
        paymentId: 'p',
        opId: `op-${orderId}`,
        amount: 12_000,
        currency: 'THB',
      })
      await publish(session, 'order.canceled', orderId, { orderId, reason: 'ของหมด', refunded: true })
    })
    await shop.idle()
    const mails = mailsTo(`somchai-${number}@example.com`)
    assert.deepEqual(mails.map(({ subject }) => subject).sort(), [
      `คืนเงินคำสั่งซื้อ T-${number}`,
      `จัดส่งคำสั่งซื้อ T-${number} แล้ว`,
      `ยกเลิกคำสั่งซื้อ T-${number}`,
    ])
    const of = (word: string) => mails.find(({ subject }) => subject.startsWith(word))?.text ?? ''
    assert.match(of('คืนเงิน'), /฿120/)
    assert.match(of('ยกเลิก'), /ของหมด/)
  })

  it('are not sent to a customer who gave no address', async () => {
    const orderId = await paidOrder({ email: undefined })
    await confirmed(orderId)
    await shop.idle()
    assert.equal(await Notifications.countDocuments({ event: `receipt:${orderId}` }), 0)
  })

  const invitation = (to: string, event?: string) =>
    sendMail({
      ...(event && { event }),
      to,
      template: 'staff-invite',
      language: 'en',
      data: { name: 'Anan', username: to, url: 'http://localhost/console/join#secret', days: 7 },
    })

  it('wait for a mail server that is busy, and keep nothing of a secret afterwards', async () => {
    shop.sandbox.faults.set('mailbox', 'busy', true)
    await invitation('anan@example.com')
    await mailIdle()
    assert.equal(mailsTo('anan@example.com').length, 0)
    const waiting = await Notifications.findOne({ recipient: 'anan@example.com' }).lean()
    assert.equal(waiting?.state, 'NEW')
    assert.ok(waiting && waiting.sendAfter > new Date())
    shop.sandbox.faults.reset()
    await Notifications.updateOne({ _id: waiting?._id }, { $set: { sendAfter: new Date() } })
    await mailIdle()
    const [mail] = mailsTo('anan@example.com')
    assert.match(mail?.text ?? '', /http:\/\/localhost\/console\/join#secret/)
    assert.match(mail?.text ?? '', /within 7 days/)
    const sent = await Notifications.findById(waiting?._id).lean()
    assert.deepEqual([sent?.state, sent?.html, sent?.text], ['SENT', '', ''])
  })

  it('that are refused for good become a task', async () => {
    shop.sandbox.faults.set('mailbox', 'refuse', true)
    await invitation('nobody@example.com')
    await mailIdle()
    const failed = await Notifications.findOne({ recipient: 'nobody@example.com' }).lean()
    assert.equal(failed?.state, 'FAILED')
    assert.equal(await StaffTasks.countDocuments({ kind: 'mail.failed', subject: String(failed?._id) }), 1)
  })

  it('of one event reach one person once, however many ask at the same moment', async () => {
    await Promise.all(Array.from({ length: 10 }, () => invitation('Twice@Example.com', 'invite:1')))
    await mailIdle()
    assert.equal(mailsTo('twice@example.com').length, 1)
  })
})
