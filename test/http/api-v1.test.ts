import assert from 'node:assert/strict'
import { ApiTokens } from '../../models/api-token.ts'
import { Customers } from '../../models/customer.ts'
import { Orders } from '../../models/order.ts'
import { orderStates } from '../../models/states.ts'
import type { IssuedToken } from '../../server/auth/contract.ts'
import { invoiceTypeOf } from '../../server/invoice/types.ts'
import { press } from '../support/bank-sandbox.ts'
import { pollNow, stockOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { aProgram, failure, inManat, issueTo, type Program, success } from '../support/program.ts'
import { eventually, type Story, startStory } from '../support/story.ts'

describe('the API of the banks’ contract', function () {
  this.timeout(60_000)
  let shop: Story
  let admin: StaffMember
  let product: Awaited<ReturnType<typeof inManat>>
  let program: Program
  before(async () => {
    shop = await startStory()
    admin = await loginAs(shop.url, 'admin')
    product = await inManat(1750)
    program = aProgram(shop, await issueTo(admin, 'Aşgabat Söwda'), product)
  })
  after(() => shop.close())

  it('lets in whoever shows a token, in either header, until it is revoked', async () => {
    const other = await expectStatus(200, admin.post<IssuedToken>('/api/integrations', { name: 'Other' }))
    const wish = { RegNumTypeId: 9, random_mode: 1 }
    await success(program.call('gen-reg-no/', wish, { authorization: `Bearer ${other.token}` }))
    await success(program.call('gen-reg-no/', wish, { 'x-access-token': other.token }))
    for (const headers of [
      {},
      { authorization: `Bearer ${other.token}x` },
      { authorization: `Basic ${other.token}` },
      { 'x-access-token': '' },
    ]) {
      await failure(401, program.call('gen-reg-no/', wish, headers as Record<string, string>))
    }
    await expectStatus(200, admin.delete(`/api/integrations/${other.id}`))
    await failure(401, program.call('gen-reg-no/', wish, { authorization: `Bearer ${other.token}` }))
  })

  it('keeps of a token only its hash, and shows its text once', async () => {
    const stored = JSON.stringify(await ApiTokens.find().lean())
    assert.ok(!stored.includes(program.token))
    const listed = await admin.get('/api/integrations')
    assert.ok(!listed.text.includes(program.token) && listed.text.includes(program.token.slice(-4)))
    assert.equal((await shop.manager.get('/api/integrations')).status, 403)
  })

  it('gives numbers out, drawn or counted on, never one twice', async () => {
    const drawn = await Promise.all(Array.from({ length: 20 }, program.giveNumber))
    assert.equal(new Set(drawn).size, 20)
    for (const regNo of drawn) assert.match(regNo, /^ASSSFK\d{5,}$/)
    const counted = []
    for (let i = 0; i < 3; i += 1) {
      const wish = { RegNumTypeName: 'goods_code', random_mode: '0' }
      counted.push((await success(program.call('gen-reg-no/', wish))).data)
    }
    assert.deepEqual(counted, ['ASGDS00001', 'ASGDS00002', 'ASGDS00003'])
    const asWritten = {
      RegNumTypeId: 9,
      random_mode: 1,
      RegNumTypeName: 'sale_order_invoice_code (could be blank)',
    }
    assert.equal((await success(program.call('gen-reg-no/', asWritten))).message, 'Pred Reg_no generation')
    for (const wrong of [
      {},
      { RegNumTypeId: 99 },
      { RegNumTypeName: 'no_such' },
      { RegNumTypeId: { $gt: 0 } },
    ]) {
      await failure(400, program.call('gen-reg-no/', wrong))
    }
  })

  it('checks an invoice out as one that awaits payment, once, with its goods held', async () => {
    const regNo = await program.giveNumber()
    const before = await stockOf(product.sku)
    const answer = await program.call('checkout-sale-order-inv/', program.invoice(regNo))
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
    await success(program.call('checkout-sale-order-inv/', program.invoice(regNo)))
    assert.equal((await stockOf(product.sku)).reserved, before.reserved + 1, 'the same again is the same')
    const more = { OrderInvLines: [{ ResId: product.number, OInvLineAmount: 2 }] }
    await failure(409, program.call('checkout-sale-order-inv/', program.invoice(regNo, more)))
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
      await failure(
        status,
        program.call('checkout-sale-order-inv/', program.invoice(await program.giveNumber(), more)),
      )
    }
    await failure(400, program.call('checkout-sale-order-inv/', []))
  })

  for (const bank of ['halkbank', 'foreign_affairs_bank'] as const) {
    it(`takes an invoice from its number to its payment at ${bank}`, async () => {
      const regNo = await program.checkedOut()
      const registered = await success(program.register(regNo, bank))
      assert.deepEqual(
        [registered['RegNo'], registered['OInvRegNo'], registered['TotalPrice'], registered['OrderDesc']],
        [regNo, regNo, 17.5, 'Description text'],
      )
      const { data } = registered
      assert.equal(data.online_payment_type, bank)
      // The bank's own answer stands beside the named keys.
      assert.equal(bank === 'halkbank' ? data.orderId : data.response.orderId, data.OrderId)
      const again = await success(program.register(regNo, bank))
      assert.equal(again.data.checkout_url, data.checkout_url)

      await failure(200, program.validate(regNo, data.OrderId, bank))
      await press(data.checkout_url, 'pay')
      const paid = await success(program.validate(regNo, data.OrderId, bank))
      assert.equal(paid.message, 'Validation success')
      assert.deepEqual(
        [paid.data.OInvRegNo, paid.data.RegNo, paid.data.OrderId, paid.data.OInvTypeId],
        [regNo, regNo, data.OrderId, 14],
      )
      if (bank === 'halkbank') assert.equal(Number(paid.data.orderStatus), 2)
      else assert.equal(paid.data.response.operationResult, 'GEN-00000')
      assert.ok(!JSON.stringify(paid).includes('993412'), 'nothing of the card is told')
      await success(program.validate(regNo, undefined, bank))
      await failure(409, program.register(regNo, bank))
      await shop.clean()
    })
  }

  it('registers at another bank when the customer changes their mind', async () => {
    const regNo = await program.checkedOut()
    const first = await success(program.register(regNo))
    const second = await success(program.register(regNo, 'foreign_affairs_bank'))
    assert.notEqual(second.data.checkout_url, first.data.checkout_url)
    await press(second.data.checkout_url, 'pay')
    await success(program.validate(regNo, second.data.OrderId, 'foreign_affairs_bank'))
    await failure(404, program.validate(regNo, 'no-such-order', 'foreign_affairs_bank'))
  })

  it('refuses to register what does not fit, and says so when the bank says no', async () => {
    const regNo = await program.checkedOut()
    for (const total of [17.49, '17.51', 17.505, 1750])
      await failure(409, program.register(regNo, 'halkbank', total))
    await failure(400, program.register(regNo, 'moneybank'))
    await failure(400, program.register(regNo, '__proto__'))
    await failure(400, program.register('', 'halkbank'))
    await failure(404, program.register('P-000001'))
    shop.sandbox.faults.set('halkbank', 'busy', 'any')
    await failure(503, program.register(regNo))
    shop.sandbox.faults.reset('halkbank')
  })

  it('shows an integration nobody else’s invoices, unless it names their customer', async () => {
    const regNo = await program.checkedOut()
    const stranger = { 'x-access-token': await issueTo(admin, 'Mary Market') }
    const ask = { OInvRegNo: regNo, TotalPrice: 17.5 }
    await failure(404, program.call('order-payment-register-request/', ask, stranger))
    await failure(404, program.call('order-inv-validation/', ask, stranger))
    const nobody = { ...ask, RpAccGuid: '00000000-0000-0000-0000-000000000000' }
    await failure(404, program.call('order-payment-register-request/', nobody, stranger))
    const theirs = await program.giveNumber()
    await success(program.call('checkout-sale-order-inv/', program.invoice(theirs)))
    const owner = await Customers.findOne({ 'identities.channel': 'api' }).lean()
    await success(
      program.call(
        'order-payment-register-request/',
        { ...ask, OInvRegNo: theirs, RpAccGuid: owner?.guid },
        stranger,
      ),
    )
  })

  it('finds the payment of a customer who closed the page, without being asked', async () => {
    const regNo = await program.checkedOut()
    const { data } = await success(program.register(regNo))
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
    await success(program.validate(regNo, data.OrderId))
  })

  it('takes no harm from a token that sends nonsense', async () => {
    const regNo = await program.checkedOut()
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
        const { status, body: answer, text } = await program.call(path, body as object)
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
