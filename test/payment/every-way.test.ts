import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { Messages } from '../../models/conversation.ts'
import { Payments } from '../../models/payment.ts'
import { StaffTasks } from '../../models/shop.ts'
import { inMs } from '../../server/database/index.ts'
import { settle } from '../../server/payment/index.ts'
import { becomes, decide, paymentsOf, pollNow } from '../support/checkout.ts'
import { type Buyer, eventually, type Story, startStory } from '../support/story.ts'
import { attemptsOf, buyerBy, otherWays, type Way } from '../support/ways.ts'

/** What the stories try by Omise, by every other gateway: in a whole shop, with the platform in trouble. */
describe('a shop that is paid', function () {
  this.timeout(60_000)
  let shop: Story
  before(async () => {
    shop = await startStory()
    await decide({ 'limits.refundAlone': 1_000_000_000 })
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  for (const way of otherWays) describe(`by ${way.gateway}`, () => inTrouble(way))

  function inTrouble(way: Way): void {
    const pays = async ({ order }: Buyer) => way.pay(shop, await attemptsOf(order))
    const atPlatform = async ({ order }: Buyer) => way.payments(shop, await attemptsOf(order))
    const receipts = async ({ order }: Buyer) =>
      (await Messages.find({ order: order.id, direction: 'out' }).lean()).filter(({ once }) =>
        once?.startsWith('receipt'),
      ).length
    /** Paid in the end, by whoever looks, and once. */
    async function confirmedOnce(buyer: Buyer): Promise<void> {
      await eventually('confirmed', async () => {
        await pollNow(buyer.order)
        return (await buyer.reload()).state === 'CONFIRMED'
      })
      await shop.clean()
      const captured = (await atPlatform(buyer)).filter((one) => one.captured > 0)
      assert.deepEqual(
        captured.map((one) => one.captured),
        [buyer.order.totals.total],
      )
      assert.equal(await receipts(buyer), 1)
    }
    async function confirmed(): Promise<Buyer> {
      const buyer = await buyerBy(shop, way)
      await buyer.act('CONFIRM_PAYMENT_SELECTION')
      await pays(buyer)
      await pollNow(buyer.order)
      await becomes(buyer, 'CONFIRMED')
      return buyer
    }

    for (const fault of ['dropAfterCommit', 'htmlErrorBefore']) {
      it(`charges nobody twice, nor while nobody knows: ${fault}`, async () => {
        const buyer = await buyerBy(shop, way)
        shop.sandbox.faults.set(way.gateway, fault, way.opening)
        const first = await buyer.try('CONFIRM_PAYMENT_SELECTION')
        if ((await buyer.reload()).attempt?.next?.kind === 'checking') {
          // Nothing else is opened while the first may have gone through.
          assert.equal(buyer.order.state, 'AWAITING_PAYMENT', first.text)
          assert.equal((await buyer.try('CONFIRM_PAYMENT_SELECTION')).status, 409)
          assert.equal((await paymentsOf(buyer.order)).length, 1)
        }
        shop.sandbox.faults.reset()
        await isOver(buyer)
        if ((await buyer.reload()).state === 'DRAFT') await buyer.act('CONFIRM_PAYMENT_SELECTION')
        await pays(buyer)
        await confirmedOnce(buyer)
      })
    }

    it('is told of a payment by twenty who look at once, and takes it once', async () => {
      const buyer = await buyerBy(shop, way)
      await buyer.act('CONFIRM_PAYMENT_SELECTION')
      await pays(buyer)
      const [attempt] = await paymentsOf(buyer.order)
      assert(attempt)
      await Promise.all(Array.from({ length: 20 }, () => settle(attempt._id, 'test')))
      await confirmedOnce(buyer)
    })

    it('gives back 60 %, asked for a hundred times at once, once at most', async () => {
      const buyer = await confirmed()
      const [payment] = await paymentsOf(buyer.order)
      const part = partOf(way, buyer.order.totals.total)
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          shop.manager.post(`/api/orders/${buyer.order.id}/refunds`, {
            paymentId: String(payment?._id),
            amount: part,
            reason: 'bruised',
            opId: `refund-at-once-${n}`,
          }),
        ),
      )
      const made = answers.filter(({ status }) => status === 200)
      assert.equal(
        made.length,
        1,
        JSON.stringify([...new Set(answers.map(({ status, text }) => `${status} ${text.slice(0, 200)}`))]),
      )
      const back = (await atPlatform(buyer)).reduce((sum, { refunded }) => sum + refunded, 0)
      if (way.gateway === 'ipaymu') {
        // It gives nothing back by itself: a person is asked, once.
        assert.equal(back, 0)
        assert.equal(await StaffTasks.countDocuments({ kind: 'refund.by_hand', order: buyer.order.id }), 1)
      } else {
        assert.equal(back, part)
        assert.equal((await buyer.reload()).refunded, part)
      }
      await shop.clean()
    })

    /** The attempt in doubt can be paid after all, or is given up: at a platform that never heard of it, in time. */
    async function isOver(buyer: Buyer): Promise<void> {
      await Payments.collection.updateMany(
        { order: new mongoose.Types.ObjectId(buyer.order.id), open: true },
        { $set: { createdAt: inMs(-5 * 60_000) } },
      )
      await eventually('somebody knows', async () => {
        await pollNow(buyer.order)
        const { state, attempt } = await buyer.reload()
        return state === 'DRAFT' || (attempt !== null && attempt.next?.kind !== 'checking')
      })
    }
  }
})

/** A gateway that gives back everything or nothing is asked for everything. */
const partOf = ({ gateway }: Way, total: number): number =>
  gateway === 'ipaymu' ? total : Math.floor(total * 0.6)
