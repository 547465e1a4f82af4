import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { Payments } from '../../models/payment.ts'
import { Sagas } from '../../models/saga.ts'
import { transaction } from '../../server/database/index.ts'
import { releaseHolds } from '../../server/store/index.ts'
import { askedCard, chargesOf, paymentsOf, stockOf, toldOf } from '../support/checkout.ts'
import { expectStatus } from '../support/client.ts'
import { type Moment as KillMoment, killAt } from '../support/kill.ts'
import { turnsOperation, type Written } from '../support/moments.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { loginAs } from '../support/people.ts'
import { aProduct, type Buyer, eventually } from '../support/story.ts'

const everything = process.env['FAULTS'] === 'all'

interface Charge {
  status: string
  authorized_amount: number
  captured_amount?: number
}

interface Moment {
  /** The server is killed when … */
  when: string
  /** … this is written, or when Omise has done this and its answer has not arrived. */
  written?: (written: Written) => boolean
  silent?: { operation: 'charges' | 'captures'; done: (charge: Charge) => boolean }
  /** Its goods are gone when the bank agrees: what is held has to be let go. */
  undone?: boolean
  /** `npm test` runs this one. */
  sample?: boolean
}

const payment = (state: string) => (written: Written) =>
  written.collection === 'payments' && written.changed['state'] === state
const operation = (kind: string, state: string) => (written: Written) => turnsOperation(written, state, kind)
const order = (state: string) => (written: Written) =>
  written.collection === 'orders' && written.changed['state'] === state
const capturing = (state: string) => (written: Written) =>
  written.collection === 'sagas' &&
  (written.document['steps'] as { name: string; state: string }[]).some(
    (step) => step.name === 'CAPTURE' && step.state === state,
  )
const isTaken = ({ captured_amount = 0 }: Charge): boolean => captured_amount > 0
const isLetGo = ({ status }: Charge): boolean => status === 'reversed'

const moments: Moment[] = [
  {
    when: 'Omise holds the money and has not answered',
    silent: { operation: 'charges', done: ({ authorized_amount }) => authorized_amount > 0 },
  },
  { when: 'the hold is written down', written: payment('AUTHORIZED') },
  { when: 'the hold has paid the order', written: order('PAID') },
  { when: 'the capture is due', written: capturing('ASKED') },
  { when: 'the capture is stored', written: operation('capture', 'REQUESTED') },
  { when: 'the capture is being sent', written: operation('capture', 'SENT') },
  {
    when: 'Omise has taken the money and has not answered',
    silent: { operation: 'captures', done: isTaken },
    sample: true,
  },
  { when: 'the taking is written down', written: payment('CAPTURED') },
  { when: 'the saga knows of the taking', written: capturing('SUCCESS') },
  { when: 'the order is confirmed', written: order('CONFIRMED') },
  { when: 'the release is stored', written: operation('cancel', 'REQUESTED'), undone: true },
  { when: 'the release is being sent', written: operation('cancel', 'SENT'), undone: true },
  {
    when: 'Omise has let the money go and has not answered',
    silent: { operation: 'captures', done: isLetGo },
    undone: true,
  },
  { when: 'the release is written down', written: payment('CANCELED'), undone: true },
]

describe('kill -9 of the server while a bank holds the money', function () {
  this.timeout(180_000)
  let shop: OtherProcess
  before(async () => {
    shop = await startElsewhere()
    const admin = await loginAs(shop.url, 'admin')
    const { version } = await expectStatus(200, admin.get<{ version: number }>('/api/shop'))
    await expectStatus(200, admin.put('/api/shop', { version, captureLater: true }))
  })
  after(() => shop?.close())

  for (const moment of moments.filter(({ sample }) => everything || sample)) {
    it(`when ${moment.when}: taken once or let go, told once`, async () => {
      const product = await aProduct({ available: 3 })
      const buyer = await shop.buyer('card', { product })
      const agree = moment.undone ? await whoseGoodsAreGone(buyer) : () => confirm(buyer)
      if (moment.silent) shop.sandbox.faults.set('omise', 'neverAnswer', moment.silent.operation)
      await killAt(shop, killMoment(moment, buyer), agree)
      shop.sandbox.faults.reset()
      await shop.restart()
      const end = moment.undone ? 'CANCELED' : 'CONFIRMED'
      await eventually(end, async () => (await buyer.reload()).state === end, 90_000)
      await shop.clean()
      await (moment.undone ? checkLetGo(buyer, product.sku) : checkTaken(buyer, product.sku))
    })
  }

  const confirm = async (buyer: Buyer, card?: string) =>
    buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken(card) })

  /** What the cardholder does at their bank, while the goods have gone to somebody else. */
  async function whoseGoodsAreGone(buyer: Buyer): Promise<() => Promise<unknown>> {
    const next = await confirm(buyer, askedCard)
    assert(next?.kind === 'redirect')
    await transaction((session) => releaseHolds(session, new mongoose.Types.ObjectId(buyer.order.id)))
    const body = new URLSearchParams({ action: 'pay' })
    return () => fetch(next.url, { method: 'POST', body, redirect: 'manual' })
  }

  const atOmise = ({ order }: Buyer) => chargesOf(shop, order) as unknown as Charge[]

  function killMoment({ written, silent }: Moment, buyer: Buyer): KillMoment {
    if (written) return { isWritten: (one) => written(one) && isAbout(one, buyer.order) }
    return { hasHappened: async () => atOmise(buyer).some((charge) => silent?.done(charge)) }
  }

  async function checkTaken(buyer: Buyer, sku: string): Promise<void> {
    const { total } = buyer.order.totals
    assert.deepEqual(
      atOmise(buyer).map(({ captured_amount }) => captured_amount),
      [total],
    )
    const [attempt, ...more] = await paymentsOf(buyer.order)
    assert.deepEqual([attempt?.state, attempt?.captured, more.length], ['CAPTURED', total, 0])
    assert.deepEqual(
      attempt?.operations.map(({ kind, state }) => `${kind} ${state}`),
      ['capture SUCCEEDED'],
    )
    assert.equal((await stockOf(sku)).reserved, 1)
    assert.deepEqual(
      (await toldOf(buyer.order)).filter((one) => one === 'receipt'),
      ['receipt'],
    )
  }

  async function checkLetGo(buyer: Buyer, sku: string): Promise<void> {
    assert.deepEqual(
      atOmise(buyer).map(({ status, captured_amount = 0 }) => [status, captured_amount]),
      [['reversed', 0]],
    )
    assert.equal(await Payments.countDocuments({ order: buyer.order.id, captured: { $gt: 0 } }), 0)
    assert.equal((await Sagas.findOne({ order: buyer.order.id }).lean())?.state, 'CANCELED')
    assert.deepEqual(await stockOf(sku), { available: 3, reserved: 0, shipped: 0 })
    const told = await toldOf(buyer.order)
    assert.equal(told.filter((one) => one === 'canceled').length, 1, told.join())
  }
})

const isAbout = ({ collection, document }: Written, { id }: { id: string }): boolean =>
  String(document[collection === 'orders' ? '_id' : 'order']) === id
