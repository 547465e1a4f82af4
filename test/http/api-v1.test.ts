import assert from 'node:assert/strict'
import { ApiTokens } from '../../models/api-token.ts'
import { Customers } from '../../models/customer.ts'
import { Orders } from '../../models/order.ts'
import { orderStates } from '../../models/states.ts'
import { type Product, Products } from '../../models/store.ts'
import type { IssuedToken } from '../../server/auth/contract.ts'
import { invoiceTypeOf } from '../../server/invoice/types.ts'
import { press } from '../support/bank-sandbox.ts'
import { pollNow, stockOf } from '../support/checkout.ts'
import { type Answer, expectStatus } from '../support/client.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { aProduct, eventually, type Story, startStory } from '../support/story.ts'

interface Body {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: another contract's words, looked at one by one
  data: any
  message: string
  [key: string]: unknown
}
type Goods = Product & { sku: string }

describe('the API of the banks’ contract', function () {
  this.timeout(60_000)
  let shop: Story
  let admin: StaffMember
  let token: string
  let product: Goods
  before(async () => {
    shop = await startStory()
    admin = await loginAs(shop.url, 'admin')
    token = await issue('Aşgabat Söwda')
    product = await inManat(1750)
  })
  after(() => shop.close())

  const issue = async (name: string) =>
    (await expectStatus(200, admin.post<IssuedToken>('/api/integrations', { name }))).token

  async function inManat(price: number, available = 10): Promise<Goods> {
    const made = await aProduct({ available })
    await Products.updateOne({ _id: made._id }, { $set: { 'prices.TMT': price } })
    return { ...made, prices: { ...made.prices, TMT: price } }
  }

  const call = (path: string, body: object, headers: Record<string, string> = { 'x-access-token': token }) =>
    shop.browser().post<Body>(`/api/v1/${path}`, body, { headers })
  const success = async (answer: Promise<Answer<Body>>): Promise<Body> => {
    const { body, text } = await answer
    assert.equal(body.status, 1, text)
    return body
  }
  async function failure(status: number, answer: Promise<Answer<Body>>): Promise<string> {
    const got = await answer
    assert.equal(got.status, status, got.text)
    assert.deepEqual(Object.keys(got.body).toSorted(), ['data', 'message', 'status'])
    assert.deepEqual([got.body.status, got.body.data], [0, null])
    assert.ok(got.body.message.length > 10)
    return got.body.message
  }

  const giveNumber = async () =>
    (await success(call('gen-reg-no/', { RegNumTypeId: 9, random_mode: 1 }))).data
  const invoice = (regNo: string, more: object = {}) => ({
    orderInv: {
      OInvTypeId: 13,
      OInvRegNo: regNo,
      OrderInvLines: [{ ResId: product.number, OInvLineAmount: 1, OInvLinePrice: 17.5 }],
      ...more,
    },
  })
  async function checkedOut(): Promise<string> {
    const regNo = await giveNumber()
    await success(call('checkout-sale-order-inv/', invoice(regNo)))
    return regNo
  }
  const register = (RegNo: string, bank = 'halkbank', TotalPrice: unknown = 17.5) =>
    call(`order-payment-register-request/?online_payment_type=${bank}`, {
      RegNo,
      TotalPrice,
      OrderDesc: 'Description text',
    })
  const validate = (regNo: string, OrderId?: string, bank = 'halkbank') =>
    call('order-inv-validation/', { OrderId, OInvRegNo: regNo, online_payment_type: bank })

  it('lets in whoever shows a token, in either header, until it is revoked', async () => {
    const other = await expectStatus(200, admin.post<IssuedToken>('/api/integrations', { name: 'Other' }))
    const wish = { RegNumTypeId: 9, random_mode: 1 }
    await success(call('gen-reg-no/', wish, { authorization: `Bearer ${other.token}` }))
    await success(call('gen-reg-no/', wish, { 'x-access-token': other.token }))
    for (const headers of [
      {},
      { authorization: `Bearer ${other.token.slice(0, -1)}x` },
      { authorization: `Basic ${other.token}` },
      { 'x-access-token': '' },
    ]) {
      await failure(401, call('gen-reg-no/', wish, headers as Record<string, string>))
    }
    await expectStatus(200, admin.delete(`/api/integrations/${other.id}`))
    await failure(401, call('gen-reg-no/', wish, { authorization: `Bearer ${other.token}` }))
  })

  it('keeps of a token only its hash, and shows its text once', async () => {
    const stored = JSON.stringify(await ApiTokens.find().lean())
    assert.ok(!stored.includes(token))
    const listed = await admin.get('/api/integrations')
    assert.ok(!listed.text.includes(token) && listed.text.includes(token.slice(-4)))
    assert.equal((await shop.manager.get('/api/integrations')).status, 403)
  })

  it('gives numbers out, drawn or counted on, never one twice', async () => {
    const drawn = await Promise.all(Array.from({ length: 20 }, giveNumber))
    assert.equal(new Set(drawn).size, 20)
    for (const regNo of drawn) assert.match(regNo, /^ASSSFK\d{5,}$/)
    const counted = []
    for (let i = 0; i < 3; i += 1) {
      const wish = { RegNumTypeName: 'goods_code', random_mode: '0' }
      counted.push((await success(call('gen-reg-no/', wish))).data)
    }
    assert.deepEqual(counted, ['ASGDS00001', 'ASGDS00002', 'ASGDS00003'])
    const asWritten = {
      RegNumTypeId: 9,
      random_mode: 1,
      RegNumTypeName: 'sale_order_invoice_code (could be blank)',
    }
    assert.equal((await success(call('gen-reg-no/', asWritten))).message, 'Pred Reg_no generation')
    for (const wrong of [
      {},
      { RegNumTypeId: 99 },
      { RegNumTypeName: 'no_such' },
      { RegNumTypeId: { $gt: 0 } },
    ]) {
      await failure(400, call('gen-reg-no/', wrong))
    }
  })

  it('checks an invoice out as one that awaits payment, once, with its goods held', async () => {
    const regNo = await giveNumber()
    const before = await stockOf(product.sku)
    const answer = await call('checkout-sale-order-inv/', invoice(regNo))
    assert.equal(answer.status, 201)
    const { data } = await success(Promise.resolve(answer))
    assert.deepEqual(
      [data.OInvTypeId, data.OInvRegNo, data.RegNo, data.OInvFTotal, data.CurrencyCode],
      [13, regNo, regNo, 17.5, 'TMT'],
    )
    assert.equal(data.OInvTypeName_tkTM, 'Tölege garaşylýar')
    assert.deepEqual(await stockOf(product.sku), {
      ...before,
      available: before.available - 1,
      reserved: before.reserved + 1,
    })
    await success(call('checkout-sale-order-inv/', invoice(regNo)))
    assert.equal((await stockOf(product.sku)).reserved, before.reserved + 1, 'the same again is the same')
    const more = { OrderInvLines: [{ ResId: product.number, OInvLineAmount: 2 }] }
    await failure(409, call('checkout-sale-order-inv/', invoice(regNo, more)))
  })

  it('refuses an invoice that is not as the shop sells', async () => {
    const line = { ResId: product.number, OInvLineAmount: 1 }
    for (const [status, more] of [
      [409, { OrderInvLines: [{ ...line, OInvLinePrice: 0.01 }] }],
      [409, { OrderInvLines: [{ ...line, ResId: 999_999 }] }],
      [409, { OrderInvLines: [{ ...line, OInvLineAmount: 500 }] }],
      [400, { OrderInvLines: [{ ...line, OInvLineAmount: 0.5 }] }],
      [400, { OrderInvLines: [{ ...line, OInvLineAmount: -1 }] }],
      [400, { OrderInvLines: [] }],
      [400, { OInvTypeId: 2 }],
      [404, { OInvRegNo: 'ASSSFK-made-up' }],
      [404, { RpAccGuid: '00000000-0000-0000-0000-000000000000' }],
    ] as const) {
      await failure(status, call('checkout-sale-order-inv/', invoice(await giveNumber(), more)))
    }
    await failure(400, call('checkout-sale-order-inv/', []))
  })

  for (const bank of ['halkbank', 'foreign_affairs_bank'] as const) {
    it(`takes an invoice from its number to its payment at ${bank}`, async () => {
      const regNo = await checkedOut()
      const registered = await success(register(regNo, bank))
      assert.deepEqual(
        [registered['RegNo'], registered['OInvRegNo'], registered['TotalPrice'], registered['OrderDesc']],
        [regNo, regNo, 17.5, 'Description text'],
      )
      const { data } = registered
      assert.equal(data.online_payment_type, bank)
      // The bank's own answer stands beside the named keys.
      assert.equal(bank === 'halkbank' ? data.orderId : data.response.orderId, data.OrderId)
      const again = await success(register(regNo, bank))
      assert.equal(again.data.checkout_url, data.checkout_url)

      await failure(200, validate(regNo, data.OrderId, bank))
      await press(data.checkout_url, 'pay')
      const paid = await success(validate(regNo, data.OrderId, bank))
      assert.equal(paid.message, 'Validation success')
      assert.deepEqual(
        [paid.data.OInvRegNo, paid.data.RegNo, paid.data.OrderId, paid.data.OInvTypeId],
        [regNo, regNo, data.OrderId, 14],
      )
      if (bank === 'halkbank') assert.equal(Number(paid.data.orderStatus), 2)
      else assert.equal(paid.data.response.operationResult, 'GEN-00000')
      assert.ok(!JSON.stringify(paid).includes('993412'), 'nothing of the card is told')
      await success(validate(regNo, undefined, bank))
      await failure(409, register(regNo, bank))
      await shop.clean()
    })
  }

  it('registers at another bank when the customer changes their mind', async () => {
    const regNo = await checkedOut()
    const first = await success(register(regNo))
    const second = await success(register(regNo, 'foreign_affairs_bank'))
    assert.notEqual(second.data.checkout_url, first.data.checkout_url)
    await press(second.data.checkout_url, 'pay')
    await success(validate(regNo, second.data.OrderId, 'foreign_affairs_bank'))
    await failure(404, validate(regNo, 'no-such-order', 'foreign_affairs_bank'))
  })

  it('refuses to register what does not fit, and says so when the bank says no', async () => {
    const regNo = await checkedOut()
    for (const total of [17.49, '17.51', 17.505, 1750]) await failure(409, register(regNo, 'halkbank', total))
    await failure(400, register(regNo, 'moneybank'))
    await failure(400, register(regNo, '__proto__'))
    await failure(400, register('', 'halkbank'))
    await failure(404, register('P-000001'))
    shop.sandbox.faults.set('halkbank', 'busy', 'any')
    await failure(503, register(regNo))
    shop.sandbox.faults.reset('halkbank')
  })

  it('shows an integration nobody else’s invoices, unless it names their customer', async () => {
    const regNo = await checkedOut()
    const stranger = { 'x-access-token': await issue('Mary Market') }
    const ask = { OInvRegNo: regNo, TotalPrice: 17.5 }
    await failure(404, call('order-payment-register-request/', ask, stranger))
    await failure(404, call('order-inv-validation/', ask, stranger))
    const nobody = { ...ask, RpAccGuid: '00000000-0000-0000-0000-000000000000' }
    await failure(404, call('order-payment-register-request/', nobody, stranger))
    const theirs = await giveNumber()
    await success(call('checkout-sale-order-inv/', invoice(theirs)))
    const owner = await Customers.findOne({ 'identities.channel': 'api' }).lean()
    await success(
      call(
        'order-payment-register-request/',
        { ...ask, OInvRegNo: theirs, RpAccGuid: owner?.guid },
        stranger,
      ),
    )
  })

  it('finds the payment of a customer who closed the page, without being asked', async () => {
    const regNo = await checkedOut()
    const { data } = await success(register(regNo))
    await press(data.checkout_url, 'pay')
    const order = await Orders.findOne({ regNo }).lean()
    const confirmed = async () => (await shop.staffView(String(order?._id))).state === 'CONFIRMED'
    const found = await shop.agent.get<{ rows: { regNo: string }[] }>(`/api/orders?q=${regNo.toLowerCase()}`)
    assert.deepEqual(
      found.body.rows.map((row) => row.regNo),
      [regNo],
    )
    await pollNow({ id: String(order?._id) })
    await eventually('the poll finds it', confirmed, 20_000)
    await success(validate(regNo, data.OrderId))
  })

  it('takes no harm from a token that sends nonsense', async () => {
    const regNo = await checkedOut()
    const nonsense = (value: unknown) => ({
      RegNumTypeId: value,
      RegNumTypeName: value,
      random_mode: value,
      OInvRegNo: value,
      RegNo: value,
      RpAccGuid: value,
      OrderId: value,
      TotalPrice: value,
      online_payment_type: value,
      OrderInvLines: [{ ResId: value, OInvLineAmount: value }],
      orderInv: value,
    })
    const paths = [
      'gen-reg-no/',
      'checkout-sale-order-inv/',
      'order-payment-register-request/',
      'order-inv-validation/',
    ]
    const values = [
      { $ne: null },
      { $gt: '' },
      [],
      -1,
      1e308,
      '\u0000',
      'x'.repeat(20_000),
      '__proto__',
      null,
    ]
    for (const path of paths) {
      for (const body of [...values.map(nonsense), { ...nonsense('x'), OInvRegNo: regNo }, [], 'x', null]) {
        const { status, body: answer, text } = await call(path, body as object)
        assert.ok(status < 500, `${path}: ${text}`)
        if (answer.status === 1) continue
        assert.deepEqual([answer.status, answer.data], [0, null], text)
      }
    }
    await shop.clean()
  })

  it('has one word for every state of an order, in six languages', () => {
    for (const state of orderStates) {
      const type = invoiceTypeOf(state)
      if (state === 'DRAFT') assert.equal(type, null)
      else
        assert.deepEqual(
          Object.keys(type?.name ?? {}).toSorted(),
          ['en', 'id', 'ja', 'ru', 'th', 'tk'],
          state,
        )
    }
    assert.equal(invoiceTypeOf('AWAITING_PAYMENT')?.id, 13)
  })
})
