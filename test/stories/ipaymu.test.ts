import assert from 'node:assert/strict'
import { Types } from 'mongoose'
import { Inbox } from '../../models/broker.ts'
import { Payments } from '../../models/payment.ts'
import { StaffTasks } from '../../models/shop.ts'
import { Products } from '../../models/store.ts'
import { inMs, now } from '../../server/database/index.ts'
import { becomes, decide, endAttempt, endOrder, paymentsOf, pollNow, toldOf } from '../support/checkout.ts'
import { type Client, client } from '../support/client.ts'
import { customerOf, loginAs } from '../support/people.ts'
import { aProduct, type Buyer, eventually, type Story, startStory } from '../support/story.ts'

const PRICE = 15_000_000
const jakarta = {
  name: 'Budi Santoso',
  phone: '0812 3456 789',
  email: 'budi@example.com',
  line1: 'Jl. Sudirman 1',
  city: 'Jakarta',
  province: 'DKI Jakarta',
  postalCode: '10220',
}

describe('paying with iPaymu from the page of an order', function () {
  this.timeout(60_000)
  let shop: Story
  before(async () => {
    shop = await startStory()
    const rupiah = { currency: 'IDR', 'limits.refundAlone': 2 * PRICE }
    await decide({ ...rupiah, country: 'ID', language: 'en', languages: ['en', 'th'] })
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const knob = (name: string, value: boolean | number | string, times?: number) =>
    shop.sandbox.faults.set('ipaymu', name, value, times)

  async function anOrder(price = PRICE): Promise<Buyer> {
    const product = await aProduct({ name: 'Kopi Toraja' })
    await Products.updateOne({ _id: product._id }, { $set: { 'prices.IDR': price } })
    const { link } = await shop.order({ product })
    const buyer = await shop.open(link)
    buyer.cookies.set('language', 'en')
    return buyer
  }
  const page = async (browser: Client, path: string) => {
    const answer = await browser.get(path, { headers: { accept: 'text/html' } })
    return { ...answer, text: answer.text }
  }
  const send = (
    browser: Client,
    path: string,
    fields: Record<string, string>,
    type = 'application/x-www-form-urlencoded',
  ) =>
    browser.send('POST', path, {
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': type, origin: shop.settings.publicUrl },
    })
  /** What the browser would send with the form as it is on the page. */
  function hidden(html: string): Record<string, string> {
    const inputs = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
    return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value]))
  }
  async function press(buyer: Buyer, more: Record<string, string> = {}) {
    const { text } = await page(buyer, `/my/orders/${buyer.order.id}`)
    const fields = { ...hidden(text), ...jakarta, sending: 'courier Kerry', method: 'ipaymu ipaymu', ...more }
    return send(buyer, `/my/orders/${buyer.order.id}/pay`, fields)
  }
  const transactionsOf = async (buyer: Buyer) => {
    const ids = (await paymentsOf(buyer.order)).map(({ _id }) => String(_id))
    return shop.sandbox.ipaymu.transactions().filter(({ reference }) => ids.includes(reference ?? ''))
  }
  /** Presses a button on the gateway's page; answers where it sends the browser. */
  const atIpaymu = async (url: string, action: string, channel?: string) => {
    const body = new URLSearchParams({ action, ...(channel && { channel }) })
    const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' })
    return answer.headers.get('location') ?? ''
  }
  const callback = (fields: Record<string, string>) => send(client(shop.url), '/ipaymu/callback', fields)
  const paid = async (buyer: Buyer, more: Record<string, string> = {}) => {
    const { headers } = await press(buyer, more)
    const url = headers.get('location') ?? ''
    return { url, back: await atIpaymu(url, 'pay', 'va bca') }
  }

  it('shows product, shipping and payment summary, and a button to pay', async () => {
    const buyer = await anOrder()
    const { status, text, headers } = await page(buyer, `/my/orders/${buyer.order.id}`)
    assert.equal(status, 200)
    for (const word of ['Kopi Toraja', 'Shipping', 'Payment summary', 'Pay now', 'Kerry', 'Not paid yet']) {
      assert.ok(text.includes(word), word)
    }
    assert.match(headers.get('content-security-policy') ?? '', /script-src 'self' 'nonce-/)
    const list = await page(buyer, '/my/orders')
    assert.ok(list.text.includes(buyer.order.regNo) && list.text.includes(`/my/orders/${buyer.order.id}`))
  })

  it('goes to the page of iPaymu and back, and the callback makes it paid, with one receipt', async () => {
    const buyer = await anOrder()
    const answer = await press(buyer)
    assert.equal(answer.status, 303)
    const url = answer.headers.get('location') ?? ''
    assert.match(url, /\/ipaymu\/pay\//)
    const [session] = shop.sandbox.ipaymu.sessions().slice(-1)
    assert.equal(session?.amount, 150_049)
    assert.equal(session.notifyUrl, `${shop.settings.publicUrl}/ipaymu/callback`)
    const back = new URL(await atIpaymu(url, 'pay', 'va bca'))
    assert.equal(back.searchParams.get('status'), 'berhasil')
    await shop.sandbox.ipaymu.settled()
    await becomes(buyer, 'CONFIRMED')
    const home = await page(buyer, back.pathname + back.search)
    assert.deepEqual([home.status, home.headers.get('location')], [303, `/my/orders/${buyer.order.id}`])
    const { text } = await page(buyer, `/my/orders/${buyer.order.id}`)
    assert.ok(text.includes('This order is paid') && text.includes('Confirmed'))
    await shop.clean()
    assert.deepEqual(await toldOf(buyer.order), ['receipt'])
    const [payment] = await paymentsOf(buyer.order)
    assert.deepEqual(payment?.flags, { settled: true, escrow: false })
  })

  it('brings another browser to the result, which shows nothing of the person', async () => {
    const buyer = await anOrder()
    const { back } = await paid(buyer)
    const { pathname, search } = new URL(back)
    const stranger = await page(client(shop.url), pathname + search)
    assert.match(stranger.headers.get('location') ?? '', /^\/r\//)
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('believes no return address: whatever it says, the gateway is asked', async () => {
    const buyer = await anOrder()
    await press(buyer)
    const [payment] = await paymentsOf(buyer.order)
    const forged = `/my/orders/return/${payment?.key}?return=true&status=berhasil&trx_id=1`
    assert.equal((await page(buyer, forged)).status, 303)
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    assert.equal((await page(buyer, '/my/orders/return/nobody-has-this-key-at-all')).status, 404)
    await shop.clean()
  })

  it('comes back from a cancelled payment to an order that can still be paid', async () => {
    const buyer = await anOrder()
    const url = (await press(buyer)).headers.get('location') ?? ''
    await atIpaymu(url, 'choose', 'va bri')
    const back = new URL(await atIpaymu(url, 'cancel'))
    assert.match(back.pathname, /^\/my\/orders\/cancel\//)
    await page(buyer, back.pathname + back.search)
    const { text } = await page(buyer, `/my/orders/${buyer.order.id}`)
    assert.ok(text.includes('The last payment was called off') && text.includes('Pay now'))
    const { back: second } = await paid(buyer)
    assert.ok(second)
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('hears a callback twenty times and of both forms, and pays once', async () => {
    knob('webhookCopies', 20)
    knob('webhookFormat', 'json')
    const buyer = await anOrder()
    await paid(buyer)
    await shop.sandbox.ipaymu.settled()
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
    assert.deepEqual(await toldOf(buyer.order), ['receipt'])
    const { history } = await shop.staffView(buyer.order.id)
    assert.equal(history.filter(({ to }) => to === 'PAID').length, 1)
  })

  it('answers every callback alike, and a forged one moves nothing', async () => {
    const buyer = await anOrder()
    const url = (await press(buyer)).headers.get('location') ?? ''
    await atIpaymu(url, 'choose', 'va bri')
    const [transaction] = await transactionsOf(buyer)
    const fields = {
      trx_id: transaction?.id ?? '',
      reference_id: transaction?.reference ?? '',
      status: 'berhasil',
    }
    const answer = await callback({ ...fields, sid: transaction?.session ?? '', status_code: '1' })
    assert.deepEqual([answer.status, answer.body], [200, { status: 'success' }])
    assert.deepEqual((await callback({})).body, { status: 'success' })
    await shop.idle()
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    await shop.clean()
  })

  it('keeps a callback of an unknown transaction, and tries it again', async () => {
    const answer = await callback({ trx_id: '424242', status: 'berhasil', status_code: '1' })
    assert.deepEqual([answer.status, answer.body], [200, { status: 'success' }])
    const kept = await eventually('tried once', () =>
      Inbox.findOne({ source: 'payment:ipaymu', key: '424242', tries: { $gte: 1 } }).lean(),
    )
    assert.ok(kept)
    await Inbox.deleteOne({ _id: kept._id })
  })

  it('finds a payment whose callback never came', async () => {
    knob('webhookTiming', 'never')
    const buyer = await anOrder()
    await paid(buyer)
    await pollNow(buyer.order)
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('takes money that came late for what it is', async () => {
    knob('webhookTiming', 'never')
    const buyer = await anOrder()
    const url = (await press(buyer)).headers.get('location') ?? ''
    await atIpaymu(url, 'choose', 'va bri')
    await endAttempt(buyer.order)
    await endOrder(buyer.order)
    shop.sandbox.ipaymu.advance(3 * 3600_000)
    shop.sandbox.ipaymu.advance(-3 * 3600_000)
    await pollNow(buyer.order)
    await eventually('over', async () => ['EXPIRED', 'DRAFT'].includes((await buyer.reload()).state))
    knob('webhookTiming', 'at_once')
    knob('acceptLatePayment', true, 1)
    const [transaction] = await transactionsOf(buyer)
    await shop.sandbox.ipaymu.pay(transaction?.id ?? '')
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('shows what is not settled yet, what is in escrow, and what was given back in the dashboard', async () => {
    for (const [as, flags] of [
      ['unsettled', { settled: false, escrow: false }],
      ['escrow', { settled: false, escrow: true }],
    ] as const) {
      knob('paidAs', as)
      const buyer = await anOrder()
      await paid(buyer)
      await becomes(buyer, 'CONFIRMED')
      assert.deepEqual((await paymentsOf(buyer.order))[0]?.flags, flags)
      const [transaction] = await transactionsOf(buyer)
      await shop.sandbox.ipaymu.refund(transaction?.id ?? '')
      await eventually('given back', async () => (await paymentsOf(buyer.order))[0]?.state === 'REFUNDED')
      await shop.clean()
      const { text } = await page(buyer, `/my/orders/${buyer.order.id}`)
      assert.ok(text.includes('Refunded'))
    }
  })

  it('asks staff to give money back in the dashboard, and sees that they did', async () => {
    const buyer = await anOrder()
    await paid(buyer)
    await becomes(buyer, 'CONFIRMED')
    const [payment] = await paymentsOf(buyer.order)
    const whole = {
      paymentId: String(payment?._id),
      amount: payment?.amount,
      reason: 'bruised',
      opId: 'refund-by-hand-1',
    }
    const asked = await shop.manager.post(`/api/orders/${buyer.order.id}/refunds`, whole)
    assert.equal(asked.status, 200, asked.text)
    assert.ok(await StaffTasks.exists({ kind: 'refund.by_hand', subject: whole.opId, state: 'open' }))
    knob('webhookTiming', 'never')
    const [transaction] = await transactionsOf(buyer)
    await shop.sandbox.ipaymu.refund(transaction?.id ?? '')
    await pollNow(buyer.order)
    await eventually('given back', async () => (await paymentsOf(buyer.order))[0]?.state === 'REFUNDED')
    const [{ operations = [], refunded = 0 } = {}] = await paymentsOf(buyer.order)
    assert.deepEqual(
      operations.map(({ opId, state }) => [opId, state]),
      [[whole.opId, 'SUCCEEDED']],
    )
    assert.equal(refunded, whole.amount)
    await eventually('done', () => StaffTasks.exists({ subject: whole.opId, state: 'done' }))
    await shop.clean()
  })

  it('makes one payment of two taps', async () => {
    const buyer = await anOrder()
    const { text } = await page(buyer, `/my/orders/${buyer.order.id}`)
    const fields = { ...hidden(text), ...jakarta, sending: 'courier Kerry', method: 'ipaymu ipaymu' }
    const taps = await Promise.all([1, 2].map(() => send(buyer, `/my/orders/${buyer.order.id}/pay`, fields)))
    assert.ok(
      taps.every(({ status }) => status === 303 || status === 409),
      String(taps.map(({ status }) => status)),
    )
    assert.ok(taps.some(({ status }) => status === 303))
    assert.equal((await paymentsOf(buyer.order)).length, 1)
    const again = await send(buyer, `/my/orders/${buyer.order.id}/pay`, fields)
    assert.match(again.headers.get('location') ?? '', /\/ipaymu\/pay\//)
    assert.equal((await paymentsOf(buyer.order)).length, 1)
    await shop.clean()
  })

  it('says that an order is paid already, or cancelled, and opens no payment', async () => {
    const buyer = await anOrder()
    await paid(buyer)
    await becomes(buyer, 'CONFIRMED')
    const again = await press(buyer)
    assert.equal(again.status, 409)
    assert.ok(again.text.includes('This order is paid'))
    assert.equal((await paymentsOf(buyer.order)).length, 1)

    const other = await anOrder()
    const { version } = await shop.staffView(other.order.id)
    const cancel = await shop.manager.post(`/api/orders/${other.order.id}/cancel`, {
      version,
      reason: 'gone',
    })
    assert.equal(cancel.status, 200, cancel.text)
    const late = await press(other)
    assert.equal(late.status, 409)
    assert.ok(late.text.includes('This order was cancelled'))
    await shop.clean()
  })

  it('says that no payment could be started when iPaymu says no, and lets the customer try again', async () => {
    const buyer = await anOrder()
    const answer = await press(buyer, { method: 'ipaymu va_bri', email: '' })
    assert.equal(answer.status, 402)
    assert.ok(answer.text.includes('could not be started') && answer.text.includes('e-mail'))
    await paid(buyer, jakarta)
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('says that iPaymu did not answer, asks on, and then lets the customer try again', async () => {
    knob('dropAfterCommit', 'payments', 1)
    const buyer = await anOrder()
    const answer = await press(buyer)
    assert.equal(answer.headers.get('location'), `/my/orders/${buyer.order.id}`)
    const waiting = await page(buyer, `/my/orders/${buyer.order.id}`)
    assert.ok(waiting.text.includes('did not answer'))
    assert.equal((await press(buyer)).status, 303)
    assert.equal((await paymentsOf(buyer.order)).length, 1)
    // Long after any answer can come, and nothing is in the history: nobody can pay what was asked for.
    await Payments.collection.updateMany(
      { order: new Types.ObjectId(buyer.order.id) },
      { $set: { createdAt: inMs(-200_000), checkAt: now() } },
    )
    await becomes(buyer, 'DRAFT')
    const { back } = await paid(buyer)
    assert.ok(back)
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('gives a number to pay to, shows it on the page, and lets the customer choose another way', async () => {
    const buyer = await anOrder()
    const answer = await press(buyer, { method: 'ipaymu va_bri' })
    assert.equal(answer.headers.get('location'), `/my/orders/${buyer.order.id}`)
    const [transaction] = await transactionsOf(buyer)
    const { text } = await page(buyer, `/my/orders/${buyer.order.id}`)
    assert.ok(transaction && text.includes(transaction.paymentNo))
    await send(buyer, `/my/orders/${buyer.order.id}/another-way`, {})
    assert.equal((await buyer.reload()).state, 'DRAFT')
    await press(buyer, { method: 'ipaymu qris' })
    const qr = await page(buyer, `/my/orders/${buyer.order.id}`)
    assert.match(qr.text, /<img class="pay-qr" src="data:image\/png;base64,/)
    const second = (await transactionsOf(buyer)).at(-1)
    await shop.sandbox.ipaymu.pay(second?.id ?? '')
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('offers no iPaymu for what is no whole rupiah', async () => {
    const buyer = await anOrder(PRICE + 1)
    assert.ok(!buyer.order.methods.some(({ gateway }) => gateway === 'ipaymu'))
    const answer = await press(buyer)
    assert.equal(answer.status, 409)
    assert.equal((await paymentsOf(buyer.order)).length, 0)
  })

  it('opens an order from the form, once for two taps, and shows what is wrong with it', async () => {
    const buyer = await anOrder()
    const product = await aProduct({ name: 'Teh Melati', available: 5 })
    await Products.updateOne({ _id: product._id }, { $set: { 'prices.IDR': 2_500_000 } })
    const { text } = await page(buyer, '/my/orders/create')
    assert.ok(text.includes('Teh Melati'))
    const fields = { ...hidden(text), product: `${product._id} ${product.sku}`, quantity: '2', ...jakarta }
    const taps = await Promise.all([1, 2].map(() => send(buyer, '/my/orders', fields)))
    const places = taps.map(({ headers }) => headers.get('location')).filter(Boolean)
    assert.equal(new Set(places).size, 1)
    const shown = await page(buyer, places[0] ?? '')
    assert.ok(shown.text.includes('Teh Melati') && shown.text.includes('Jl. Sudirman 1'))
    const tooMany = await send(buyer, '/my/orders', { ...fields, key: 'another', quantity: '6' })
    assert.equal(tooMany.status, 409)
    const none = await send(buyer, '/my/orders', { ...fields, key: 'a third', quantity: '0' })
    assert.equal(none.status, 400)
    await shop.clean()
  })

  it('shows an order to nobody else', async () => {
    const buyer = await anOrder()
    const other = await anOrder()
    assert.equal((await page(other, `/my/orders/${buyer.order.id}`)).status, 404)
    assert.equal((await send(other, `/my/orders/${buyer.order.id}/pay`, {})).status, 404)
    assert.equal((await page(shop.manager, `/my/orders/${buyer.order.id}`)).status, 404)
    assert.equal((await page(client(shop.url), '/my/orders')).status, 401)
    const list = await page(other, '/my/orders')
    assert.ok(!list.text.includes(buyer.order.regNo))
    const foreign = await buyer.send('POST', `/my/orders/${buyer.order.id}/pay`, {
      body: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
    })
    assert.equal(foreign.status, 403)
  })

  it('shows a person who has shown who they are all of their orders', async () => {
    const buyer = await anOrder()
    const { customer } = await shop.staffView(buyer.order.id)
    const phone = await customerOf(shop.url, { customerId: customer.id, orderIds: [], proven: true })
    assert.ok((await page(phone, '/my/orders')).text.includes(buyer.order.regNo))
    assert.equal((await page(phone, `/my/orders/${buyer.order.id}`)).status, 200)
  })

  it('lets managers test the connection, with the answer of iPaymu and what to do', async () => {
    const path = '/admin/settings/payment/test'
    const good = await send(shop.manager, path, { gateway: 'ipaymu' })
    assert.equal(good.status, 200)
    assert.ok(good.text.includes('balance Rp 51125') && good.text.includes('It works'))
    assert.ok(!good.text.includes('SANDBOX0123456789ABCDEF'))
    assert.match(good.text, /IPAYMU_API_KEY<\/dt><dd>SAND••••CDEF/)
    const cases: [string, string, RegExp, RegExp][] = [
      ['htmlErrorBefore', 'balance', /500/, /support/],
      ['rateLimited', 'balance', /429 Too Many Requests/, /does not take the request/],
      ['dropAfterCommit', 'balance', /did not answer/, /network/],
    ]
    for (const [name, value, said, advice] of cases) {
      knob(name, value, 1)
      const { text } = await send(shop.manager, path, { gateway: 'ipaymu' })
      assert.match(text, said)
      assert.match(/data-advice>([^<]*)/.exec(text)?.[1] ?? '', advice)
    }
    assert.equal((await page(shop.agent, path)).status, 403)
    const admin = await loginAs(shop.url, 'admin')
    assert.equal((await page(admin, path)).status, 200)
  })
})
