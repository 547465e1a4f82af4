import assert from 'node:assert/strict'
import sharp from 'sharp'
import { MoneyMovements } from '../../models/money-log.ts'
import { StaffTasks } from '../../models/shop.ts'
import { Slips } from '../../models/slip.ts'
import { promptPayPayload } from '../../server/payment/gateways/promptpay/payload.ts'
import { becomes, endAttempt, paymentsOf, toldOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { aProduct, type Buyer, eventually, type Story, startStory } from '../support/story.ts'

let last = 0
/** A photograph that nobody has sent before. */
const picture = (): Promise<Buffer> => {
  last += 1
  return sharp({ create: { width: 30 + last, height: 60, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer()
}

describe('the code of a PromptPay transfer', () => {
  it('is what every banking app reads', () => {
    assert.equal(
      promptPayPayload('0801234567'),
      // The published one has its country before its currency, as ours.
      '00020101021129370016A000000677010111011300668012345675802TH530376463046197',
    )
  })

  it('carries the amount, and ids of three kinds', () => {
    assert.match(promptPayPayload('0801234567', 30_050), /5406300\.506304[0-9A-F]{4}$/)
    assert.match(promptPayPayload('0107536000315'), /02130107536000315/)
    assert.match(promptPayPayload('123456789012345'), /0315123456789012345/)
  })
})

describe('a PromptPay transfer with its slip', () => {
  let shop: Story
  before(async () => {
    shop = await startStory({ PROMPTPAY_ID: '0801234567' })
  })
  after(() => shop.close())

  const waits = async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    await buyer.act('SELECT_PAYMENT_METHOD', { gateway: 'promptpay', method: 'promptpay_slip' })
    const next = await buyer.act('CONFIRM_PAYMENT_SELECTION')
    assert(next?.kind === 'qr')
    return Object.assign(buyer, { next })
  }
  const send = async (buyer: Buyer, bytes: Buffer | Promise<Buffer>) =>
    buyer.send<{ error: { code: string } }>('POST', `/api/payments/${buyer.order.id}/slip`, {
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(await bytes),
    })
  const slipOf = async (buyer: Buyer) => {
    const [payment] = await paymentsOf(buyer.order)
    const { slips } = await expectStatus(
      200,
      shop.manager.get<{ slips: { id: string; state: string; decidedBy: string | null }[] }>(
        `/api/payments/${payment?._id}/slips`,
      ),
    )
    assert(slips[0])
    return slips[0]
  }
  const confirm = async (buyer: Buyer, change: { amount?: number; bankReference?: string } = {}) => {
    const { id } = await slipOf(buyer)
    const seen = { amount: buyer.order.totals.total, bankReference: `REF ${id}`, ...change }
    return shop.manager.post<{ error: { code: string; message: string } }>(`/api/slips/${id}/confirm`, seen)
  }
  const tasksOf = async ({ order }: Buyer) =>
    (await StaffTasks.find({ order: order.id, state: 'open' }).lean()).map(({ kind }) => kind)

  it('is a QR with the price in it, drawn here', async () => {
    const buyer = await waits()
    assert.match(buyer.next.image, /^data:image\/png/)
    assert.equal(buyer.next.payload, promptPayPayload('0801234567', buyer.order.totals.total))
    assert.equal(buyer.order.attempt?.slip, 'wanted')
  })

  it('pays the order when a person has seen the money, and not before', async () => {
    const buyer = await waits()
    await expectStatus(200, send(buyer, picture()))
    await buyer.act('CHECK_PAYMENT')
    assert.equal(buyer.order.state, 'AWAITING_PAYMENT')
    assert.equal(buyer.order.attempt?.slip, 'waiting')
    assert.deepEqual(await tasksOf(buyer), ['payment.slip'])
    const { id } = await slipOf(buyer)
    const shown = await shop.agent.get(`/api/slips/${id}/picture`)
    assert.equal(shown.headers.get('content-type'), 'image/jpeg')

    // It cannot be given up meanwhile: the money may be there.
    assert.equal((await buyer.try('CANCEL_PAYMENT')).status, 409)
    await expectStatus(200, confirm(buyer, { bankReference: 'kb 2031-0405 x' }))
    await becomes(buyer, 'CONFIRMED')
    assert.deepEqual(await tasksOf(buyer), [])
    const [movement] = await MoneyMovements.find({ order: buyer.order.id }).lean()
    assert.equal(movement?.ref, 'KB20310405X', 'a bookkeeper finds it in the account')
    assert.deepEqual(await toldOf(buyer.order), ['receipt'])
    const again = await confirm(buyer)
    assert.equal(again.status, 409)
    await shop.clean()
  })

  it('is for managers to confirm, and its picture for staff alone', async () => {
    const buyer = await waits()
    await expectStatus(200, send(buyer, picture()))
    const { id } = await slipOf(buyer)
    const seen = { amount: buyer.order.totals.total, bankReference: 'ABCD' }
    const status = async (work: Promise<{ status: number }>) => (await work).status
    assert.ok([403, 404].includes(await status(shop.agent.post(`/api/slips/${id}/confirm`, seen))))
    assert.ok([401, 404].includes(await status(buyer.get(`/api/slips/${id}/picture`))))
    const other = await waits()
    assert.equal(await status(send(Object.assign(other, { order: buyer.order }), picture())), 404)
  })

  it('is refused when the same picture was used before: staff hear for what and when', async () => {
    const bytes = await picture()
    const first = await waits()
    await expectStatus(200, send(first, bytes))
    await expectStatus(200, confirm(first))
    const second = await waits()
    const { status, body } = await send(second, bytes)
    assert.deepEqual([status, body.error.code], [409, 'slip.used'])
    const task = await StaffTasks.findOne({ order: second.order.id, kind: 'payment.slip_used' }).lean()
    assert.match(task?.summary ?? '', new RegExp(`${first.order.regNo} .*confirmed by Ploy Manager at 20`))
    assert.equal(await Slips.countDocuments({ order: second.order.id }), 0)
  })

  it('is refused when its bank reference was used before, however it is typed', async () => {
    const first = await waits()
    await expectStatus(200, send(first, picture()))
    await expectStatus(200, confirm(first, { bankReference: 'abc-123 456' }))
    const second = await waits()
    await expectStatus(200, send(second, picture()))
    const { status, body } = await confirm(second, { bankReference: 'ABC123456' })
    assert.deepEqual([status, body.error.code], [409, 'slip.reference_used'])
    assert.match(body.error.message, new RegExp(`${first.order.regNo}.*Ploy Manager`))
    assert.equal((await slipOf(second)).state, 'waiting')
    assert.equal((await second.reload()).state, 'AWAITING_PAYMENT')
  })

  it('takes one picture twice at once as one', async () => {
    const bytes = await picture()
    const [one, other] = [await waits(), await waits()]
    const answers = await Promise.all([send(one, bytes), send(other, bytes)])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  })

  it('may be sent anew: after a wrong picture, and after a refusal that the customer hears of', async () => {
    const buyer = await waits()
    await expectStatus(200, send(buyer, picture()))
    await expectStatus(200, send(buyer, picture()))
    assert.equal(await Slips.countDocuments({ order: buyer.order.id, state: 'waiting' }), 1)
    const { id } = await slipOf(buyer)
    await expectStatus(200, shop.manager.post(`/api/slips/${id}/refuse`, { reason: 'another account' }))
    assert.equal((await buyer.reload()).attempt?.slip, 'refused')
    await eventually('told', async () => (await toldOf(buyer.order)).includes('payment.failed'))
    await expectStatus(200, send(buyer, picture()))
    await expectStatus(200, confirm(buyer))
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('goes to review when another amount came', async () => {
    const buyer = await waits()
    await expectStatus(200, send(buyer, picture()))
    await expectStatus(200, confirm(buyer, { amount: buyer.order.totals.total - 100 }))
    await becomes(buyer, 'MANUAL_REVIEW')
    assert.ok((await tasksOf(buyer)).includes('payment.conflict'))
  })

  it('ends without a slip, and counts as late money when its slip comes after all', async () => {
    const buyer = await waits()
    await endAttempt(buyer.order)
    await becomes(buyer, 'DRAFT')
    await expectStatus(200, send(buyer, picture()))
    assert.equal((await buyer.reload()).attempt?.slip, 'waiting')
    await expectStatus(200, confirm(buyer))
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('outlives its time while a slip waits for staff', async () => {
    const buyer = await waits()
    await expectStatus(200, send(buyer, picture()))
    await endAttempt(buyer.order)
    await eventually('looked at', async () => {
      const [payment] = await paymentsOf(buyer.order)
      return payment && payment.expiresAt.getTime() > Date.now()
    })
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
  })

  it('takes pictures only, and none where nothing is to be transferred', async () => {
    const buyer = await waits()
    assert.equal((await send(buyer, Buffer.from('%PDF-1.7'))).status, 415)
    const card = await shop.buyer('card', { product: await aProduct() })
    const { status, body } = await send(card, picture())
    assert.deepEqual([status, body.error.code], [409, 'slip.no_payment'])
  })
})
