import assert from 'node:assert/strict'
import { Types } from 'mongoose'
import { IdempotencyRecords } from '../../models/broker.ts'
import { Payments } from '../../models/payment.ts'
import { Products } from '../../models/store.ts'
import { inMs, now } from '../../server/database/index.ts'
import { becomes, paymentsOf } from '../support/checkout.ts'
import { client } from '../support/client.ts'
import { customersOf, hidden, jakarta, PRICE, startIpaymuShop } from '../support/ipaymu-shop.ts'
import { customerOf } from '../support/people.ts'
import { aProduct, type Story } from '../support/story.ts'

describe('the pages of one’s own orders, paid with iPaymu', function () {
  this.timeout(60_000)
  let shop: Story
  const { knob, anOrder, page, send, press, transactionsOf, atIpaymu, paid } = customersOf(() => shop)
  before(async () => {
    shop = await startIpaymuShop()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

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
    // While nobody has chosen how it is sent, the total says what is not in it.
    assert.ok(text.includes('Total without delivery') && list.text.includes('plus delivery'))
    await paid(buyer)
    const [after, listed] = [
      await page(buyer, `/my/orders/${buyer.order.id}`),
      await page(buyer, '/my/orders'),
    ]
    assert.ok(!after.text.includes('Total without delivery') && listed.text.includes('delivery included'))
    await shop.clean()
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
    assert.ok(text.includes('The last payment was cancelled') && text.includes('Pay now'))
    const { back: second } = await paid(buyer)
    assert.ok(second)
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('says so when the customer has cancelled where nothing was chosen yet, and leads on', async () => {
    const buyer = await anOrder()
    const url = (await press(buyer)).headers.get('location') ?? ''
    const back = new URL(await atIpaymu(url, 'cancel'))
    const { headers } = await page(buyer, back.pathname + back.search)
    const { text } = await page(buyer, headers.get('location') ?? '')
    assert.ok(text.includes('You cancelled on the payment page') && !text.includes('Finish on the payment'))
    assert.ok(text.includes(url) && text.includes(`/my/orders/${buyer.order.id}/another-way`))
    // It is what the address says, and no more than that: the platform has closed nothing.
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    await atIpaymu(url, 'pay', 'va bca')
    await becomes(buyer, 'CONFIRMED')
    const after = await page(buyer, headers.get('location') ?? '')
    assert.ok(!after.text.includes('You cancelled'))
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
    // Whoever answered the first died before they could remember their answer.
    await IdempotencyRecords.deleteMany({})
    const again = await send(buyer, '/my/orders', fields)
    assert.equal(again.headers.get('location'), places[0])
    await IdempotencyRecords.deleteMany({})
    const other = await send(buyer, '/my/orders', { ...fields, quantity: '3' })
    assert.notEqual(other.headers.get('location'), places[0])
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
})
