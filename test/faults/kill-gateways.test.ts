import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { Messages } from '../../models/conversation.ts'
import { Payments } from '../../models/payment.ts'
import { now } from '../../server/database/index.ts'
import { becomes, stockOf } from '../support/checkout.ts'
import { atTheMoment, turnsOperation, type Written } from '../support/moments.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { type Buyer, eventually } from '../support/story.ts'
import { attemptsOf, buyerBy, otherWays, type Way } from '../support/ways.ts'

const everything = process.env['FAULTS'] === 'all'

interface Moment {
  /** The server is killed when … */
  when: string
  /** … this is written, or when the platform has done this and has not answered. */
  written?: (written: Written, way: Way) => boolean
  silent?: 'opening' | 'refunds'
  /** The order is confirmed first, and then cancelled by a manager. */
  canceling?: boolean
  /** The one that `npm test` runs, by one gateway. */
  sample?: string
}

const payment = (matches: (document: Record<string, unknown>) => boolean) => (written: Written) =>
  written.collection === 'payments' && matches(written.document)
const operation = (state: string) => (written: Written) => turnsOperation(written, state)

const moments: Moment[] = [
  { when: 'the attempt is stored', written: payment(({ state }) => state === 'CREATED') },
  { when: 'the platform has opened it and not answered', silent: 'opening', sample: 'komoju' },
  { when: 'the answer is written down', written: payment(({ state }) => state === 'PENDING') },
  {
    when: 'the webhook is stored',
    written: ({ collection, document }, { gateway }) =>
      collection === 'inbox' && document['source'] === `payment:${gateway}`,
  },
  { when: 'the money is written down', written: payment(({ state }) => state === 'CAPTURED') },
  { when: 'the refund is stored', written: operation('REQUESTED'), canceling: true },
  { when: 'the refund is being sent', written: operation('SENT'), canceling: true },
  { when: 'the platform has given the money back and not answered', silent: 'refunds', canceling: true },
  { when: 'the refund is written down', written: operation('SUCCEEDED'), canceling: true },
]
const polled = ['halkbank', 'foreignAffairsBank']
/** What cannot be: a webhook of a bank that calls nobody, a refund of a gateway that makes none. */
const applies = ({ written, canceling }: Moment, { gateway }: Way): boolean =>
  !(canceling && gateway === 'ipaymu') && !(written === moments[3]?.written && polled.includes(gateway))

describe('kill -9 of the server, by every other gateway', function () {
  this.timeout(180_000)
  let shop: OtherProcess
  before(async () => {
    shop = await startElsewhere()
  })
  after(() => shop?.close())

  for (const way of otherWays) {
    for (const moment of moments.filter((one) => applies(one, way))) {
      if (!everything && moment.sample !== way.gateway) continue
      it(`${way.gateway}: when ${moment.when}, the order comes to its end, paid once at most`, async () => {
        const buyer = await buyerBy(shop, way, 3)
        if (moment.canceling) await confirmed(buyer, way)
        const cut = await cutAt(moment, way, buyer)
        const request = act(moment, way, buyer).catch(() => undefined)
        await Promise.race([cut.seen, failsAfter(30_000, moment.when)])
        await cut.stop()
        await request
        shop.sandbox.faults.reset()
        await pays(way, buyer)
        await shop.restart()
        await eventually('an end', () => ended(moment, way, buyer), 90_000)
        await shop.clean()
        await check(way, buyer)
      })
    }
  }

  async function confirmed(buyer: Buyer, way: Way): Promise<void> {
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    await pays(way, buyer)
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  }

  const pays = async (way: Way, { order }: Buyer) => way.pay(shop, await attemptsOf(order))
  const atPlatform = async (way: Way, { order }: Buyer) => way.payments(shop, await attemptsOf(order))

  async function cutAt({ written, silent }: Moment, way: Way, buyer: Buyer) {
    if (written) {
      const about = (one: Written) => written(one, way) && isAbout(one, buyer.order)
      return atTheMoment(about, () => shop.kill())
    }
    shop.sandbox.faults.set(way.gateway, 'neverAnswer', silent === 'refunds' ? 'refunds' : way.opening)
    let stopped = false
    const done = async () => {
      const payments = await atPlatform(way, buyer)
      return silent === 'refunds'
        ? payments.some(({ refunded }) => refunded > 0)
        : payments.length > 0 || (await isAsked(buyer))
    }
    const seen = (async () => {
      while (!stopped && !(await done())) await wait(20)
      if (!stopped) await shop.kill()
    })()
    const stop = async () => {
      stopped = true
    }
    return { seen, stop }
  }

  /** Of some payments the platform shows nothing before its answer arrived: a moment after the attempt, then. */
  async function isAsked({ order }: Buyer): Promise<boolean> {
    const [attempt] = await Payments.find({ order: order.id }, { createdAt: 1 }).lean()
    return attempt !== undefined && now().getTime() - attempt.createdAt.getTime() > 500
  }

  async function act({ canceling }: Moment, way: Way, buyer: Buyer): Promise<void> {
    if (canceling) {
      const { version } = await shop.staffView(buyer.order.id)
      await shop.manager.post(`/api/orders/${buyer.order.id}/cancel`, { version, reason: 'sold out' })
      return
    }
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    await pays(way, buyer)
  }

  async function ended({ canceling }: Moment, way: Way, buyer: Buyer): Promise<boolean> {
    await pays(way, buyer)
    const { state, refunded, totals } = await buyer.reload()
    if (state === 'CANCELED') return refunded === totals.total
    if (state === 'CONFIRMED') return !canceling
    const moneyIn = (await atPlatform(way, buyer)).some(({ captured }) => captured > 0)
    return state === 'DRAFT' && !moneyIn
  }

  async function check(way: Way, buyer: Buyer & { sku: string }): Promise<void> {
    const { state, id, totals } = await buyer.reload()
    const payments = await atPlatform(way, buyer)
    assert(payments.filter(({ captured }) => captured > 0).length <= 1, 'paid twice')
    const kept = payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0)
    assert.equal(kept, state === 'CONFIRMED' ? totals.total : 0)
    const { available } = await stockOf(buyer.sku)
    assert(state === 'CONFIRMED' ? available === 2 : available >= 2, `${available} available`)
    const told = await Messages.find({ order: id, direction: 'out' }).lean()
    const receipts = told.filter(({ once }) => once?.startsWith('receipt'))
    assert.equal(receipts.length, state === 'DRAFT' ? 0 : 1)
  }
})

const isAbout = ({ collection, document }: Written, { id }: { id: string }): boolean =>
  collection === 'inbox' || String(document['order']) === id

async function failsAfter(ms: number, what: string): Promise<never> {
  await wait(ms, undefined, { ref: false })
  throw new Error(`never written: ${what}`)
}
