import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { Orders } from '../../models/order.ts'
import { Payments } from '../../models/payment.ts'
import { dayIn } from '../../models/zone.ts'
import { now } from '../../server/database/index.ts'
import * as registered from '../../server/payment/gateways/index.ts'
import { becomes, decide, payByCard, paymentsOf, poorCard } from '../support/checkout.ts'
import type { Client } from '../support/client.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { aProduct, type Buyer, eventually } from '../support/story.ts'
import { attemptsOf, buyerBy, otherWays } from '../support/ways.ts'

const card = '4242424242424242'
/** Settings that tell a platform who we are: each a word that only we and it may know. */
const isSecret = (name: string) => /SECRET|PASSWORD|API_KEY|ACCESS_TOKEN|PAGE_TOKEN|ENCRYPTION/.test(name)

describe('what only we and a platform may know', function () {
  this.timeout(120_000)
  let shop: OtherProcess
  let admin: StaffMember
  const secrets = new Map<string, string>()
  /** Everything that anybody was answered. */
  const answers: { from: string; text: string }[] = []

  before(async () => {
    shop = await startElsewhere()
    admin = await loginAs(shop.url, 'admin')
    for (const [name, value] of Object.entries(shop.env)) {
      if (!isSecret(name)) continue
      secrets.set(name, value)
      // As platforms are told it: with HTTP Basic, whoever it is.
      secrets.set(`${name} in a header`, Buffer.from(`${value}:`).toString('base64'))
    }
    const basic = Buffer.from(`${shop.env['SBP_SHOP_ID']}:${shop.env['SBP_SECRET_KEY']}`)
    secrets.set('SBP in a header', basic.toString('base64'))
    for (const number of [card, poorCard, '5555555555554444']) secrets.set(`card ${number}`, number)
  })
  after(() => shop?.close())

  it('every gateway has a secret here', () => {
    for (const name of Object.keys(registered)) {
      const of = name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
      assert(
        [...secrets.keys()].some((one) => one.startsWith(of)) || name === 'promptpay',
        `nothing secret of ${name} is looked for`,
      )
    }
  })

  it('a day in the shop goes by: paid, declined, held, refunded, refused, in trouble', async () => {
    const token = async (number: string) => {
      const one = await shop.cardToken(number)
      secrets.set(`token ${one}`, one)
      return one
    }
    const buyer = async () => heard(await shop.buyer('card', { product: await aProduct() }))
    const paid = await buyer()
    await paid.act('CONFIRM_PAYMENT_SELECTION', { cardToken: await token(card) })
    await becomes(paid, 'CONFIRMED')
    const declined = await buyer()
    await declined.try('CONFIRM_PAYMENT_SELECTION', { cardToken: await token(poorCard) })
    await declined.try('CONFIRM_PAYMENT_SELECTION', { cardToken: card })
    for (const fault of ['htmlErrorBefore', 'brokenJson', 'dropAfterCommit']) {
      shop.sandbox.faults.set('omise', fault, 'charges', 2)
      await (await buyer()).try('CONFIRM_PAYMENT_SELECTION', { cardToken: await token(card) })
    }
    shop.sandbox.faults.reset()
    // A document that a bug of ours has spoilt: what fails then is told in the log.
    const spoilt = await buyer()
    await Orders.collection.updateOne({ regNo: spoilt.order.regNo }, { $set: { totals: null } } as never)
    const { status } = await spoilt.try('CONFIRM_PAYMENT_SELECTION', { cardToken: await token(card) })
    assert.equal(status, 500)
    await Orders.collection.deleteOne({ regNo: spoilt.order.regNo })
    await decide({ captureLater: true })
    await assert.doesNotReject(payByCard(shop, await buyer()))
    await refund(paid)

    for (const way of otherWays) {
      const other = heard(await buyerBy(shop, way))
      await other.act('CONFIRM_PAYMENT_SELECTION')
      await way.pay(shop, await attemptsOf(other.order))
      await eventually(`${way.gateway} paid`, async () => {
        await Payments.updateMany({ order: other.order.id }, { $set: { checkAt: now() } })
        return (await other.reload()).state === 'CONFIRMED'
      })
      await refund(other)
    }
    await shop.idle()
  })

  it('staff look at everything, and try every key', async () => {
    const today = dayIn('Asia/Bangkok', now())
    const places = [
      '/api/shop',
      '/api/orders',
      '/api/tasks',
      '/api/audit',
      '/api/readiness',
      '/api/reconciliations',
      `/api/money?from=${today}&to=${today}`,
      `/api/money/csv?from=${today}&to=${today}`,
      '/api/docs',
      '/health',
      '/metrics',
    ]
    for (const path of places) await look(admin, path)
    for (const { id } of await orders()) await look(admin, `/api/orders/${id}`)
    for (const name of Object.keys(registered)) {
      for (const url of [`/api/readiness/${name}/test`, `/webhooks/payments/${name}`]) {
        const { text } = await admin.post(url, {})
        answers.push({ from: url, text })
      }
    }
  })

  it('is in no answer and on no page', () => {
    assert(answers.length > 60)
    for (const { from, text } of answers) clean(from, text)
  })

  it('is in no line of the log', () => {
    assert.match(shop.printed(), /"level":50/)
    clean('the log', shop.printed())
  })

  it('is in no field of the database', async () => {
    const collections = (await mongoose.connection.db?.collections()) ?? []
    assert(collections.length > 20)
    for (const collection of collections) {
      for await (const document of collection.find())
        clean(collection.collectionName, JSON.stringify(document))
    }
  })

  it('would be found', () => {
    for (const [name, value] of secrets) assert.throws(() => clean('here', `x${value}y`), /here/, name)
  })

  /** Keeps what this browser is answered from now on. */
  function heard(buyer: Buyer): Buyer {
    const { get, post } = buyer
    const keep = async <A extends { text: string }>(from: string, answer: Promise<A>): Promise<A> => {
      answers.push({ from, text: (await answer).text })
      return answer
    }
    buyer.get = (path, extra) => keep(path, get(path, extra))
    buyer.post = (path, body, extra) => keep(path, post(path, body, extra))
    return buyer
  }

  async function look(browser: Client, path: string): Promise<void> {
    const { text } = await browser.get(path)
    answers.push({ from: path, text })
  }

  const orders = async () => (await admin.get<{ rows: { id: string }[] }>('/api/orders')).body.rows

  async function refund({ order }: Buyer): Promise<void> {
    const [payment] = await paymentsOf(order)
    const body = {
      paymentId: String(payment?._id),
      amount: payment?.captured,
      reason: 'bruised',
      opId: `back-${order.id}`,
    }
    const { text } = await shop.manager.post(`/api/orders/${order.id}/refunds`, body)
    answers.push({ from: 'a refund', text })
  }

  function clean(where: string, text: string): void {
    for (const [name, value] of secrets) assert(!text.includes(value), `${name} is in ${where}`)
  }
})
