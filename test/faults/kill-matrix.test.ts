import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { Conversations, Messages } from '../../models/conversation.ts'
import { Orders } from '../../models/order.ts'
import { becomes, chargesOf, stockOf } from '../support/checkout.ts'
import { atTheMoment, turnsOperation, type Written } from '../support/moments.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { aProduct, type Buyer, eventually } from '../support/story.ts'

const everything = process.env['FAULTS'] === 'all'
/** How long a customer waits at most for what was cut off to come to its end. */
const recovered = 60_000

interface Moment {
  /** The server is killed when … */
  when: string
  /** … this is written, or when Omise has done this and has not answered. */
  written?: (written: Written) => boolean
  omise?: 'charges' | 'refunds'
  /** The bank agrees to the QR only after the kill; by card, the money is taken at once. */
  method: 'card' | 'promptpay'
  /** The order is confirmed first, and then cancelled by a manager. */
  canceling?: boolean
  /** `npm test` runs these too. */
  sample?: boolean
}

const to = (collection: string, field: string, value: string) => (written: Written) =>
  written.collection === collection && written.changed[field] === value
const inserted =
  (collection: string, matches: Record<string, unknown> = {}) =>
  ({ collection: name, changed, document }: Written) =>
    name === collection &&
    changed['_id'] !== undefined &&
    Object.entries(matches).every(([field, value]) => document[field] === value)
interface Step {
  name: string
  action: string
  state: string
}
const step = (name: string, action: string, state: string) => (written: Written) =>
  written.collection === 'sagas' &&
  (written.document['steps'] as Step[]).some(
    (one) => one.name === name && one.action === action && one.state === state,
  )
const operation = (state: string) => (written: Written) => turnsOperation(written, state)
const receipt = (state: string) => (written: Written) =>
  written.collection === 'messages' &&
  String(written.document['once']).startsWith('receipt') &&
  written.document['state'] === state

const names = ['PAYMENT', 'STORE', 'DELIVERY']
const moments: Moment[] = [
  { when: 'the attempt is stored', written: inserted('payments'), method: 'card' },
  {
    when: 'the order waits for its payment',
    written: to('orders', 'state', 'AWAITING_PAYMENT'),
    method: 'promptpay',
  },
  { when: 'Omise has charged and has not answered', omise: 'charges', method: 'card', sample: true },
  { when: 'Omise has made the QR and has not answered', omise: 'charges', method: 'promptpay' },
  { when: 'the QR is shown', written: to('payments', 'state', 'PENDING'), method: 'promptpay' },
  {
    when: 'the webhook is stored',
    written: inserted('inbox', { source: 'payment:omise' }),
    method: 'promptpay',
  },
  {
    when: 'the money is written down',
    written: to('payments', 'state', 'CAPTURED'),
    method: 'promptpay',
  },
  { when: 'the order is paid', written: to('orders', 'state', 'PAID'), method: 'card' },
  { when: 'the saga is asked for', written: inserted('outbox', { type: 'order.process' }), method: 'card' },
  { when: 'the saga stands', written: inserted('sagas'), method: 'card' },
  ...names.map((name) => ({
    when: `${name} is asked to confirm`,
    written: step(name, 'CONFIRM', 'ASKED'),
    method: 'card' as const,
    sample: name === 'STORE',
  })),
  ...['STORE', 'DELIVERY'].map((confirmator) => ({
    when: `${confirmator} has confirmed and nobody has heard it`,
    written: inserted('confirmations', { confirmator }),
    method: 'card' as const,
  })),
  ...names.map((name) => ({
    when: `${name} is known to be confirmed`,
    written: step(name, 'CONFIRM', 'SUCCESS'),
    method: 'card' as const,
  })),
  { when: 'the order is confirmed', written: to('orders', 'state', 'CONFIRMED'), method: 'card' },
  { when: 'the receipt waits to be sent', written: receipt('queued'), method: 'card' },
  { when: 'the receipt is being sent', written: receipt('sending'), method: 'card' },
  {
    when: 'the order is being undone',
    written: to('orders', 'state', 'COMPENSATING'),
    method: 'card',
    canceling: true,
  },
  ...names.map((name) => ({
    when: `${name} is asked to undo`,
    written: step(name, 'REVERSE', 'ASKED'),
    method: 'card' as const,
    canceling: true,
  })),
  ...names.map((name) => ({
    when: `${name} is known to be undone`,
    written: step(name, 'REVERSE', 'SUCCESS'),
    method: 'card' as const,
    canceling: true,
  })),
  { when: 'the refund is stored', written: operation('REQUESTED'), method: 'card', canceling: true },
  { when: 'the refund is being sent', written: operation('SENT'), method: 'card', canceling: true },
  {
    when: 'Omise has given the money back and has not answered',
    omise: 'refunds',
    method: 'card',
    canceling: true,
    sample: true,
  },
  { when: 'the refund is written down', written: operation('SUCCEEDED'), method: 'card', canceling: true },
]

describe('kill -9 of the server', function () {
  this.timeout(180_000)
  let shop: OtherProcess
  before(async () => {
    shop = await startElsewhere()
  })
  after(() => shop?.close())

  for (const moment of moments.filter(({ sample }) => everything || sample)) {
    it(`when ${moment.when}: the order comes to its end, charged once at most, told once`, async () => {
      const product = await aProduct({ available: 3 })
      const buyer = await shop.buyer(moment.method, { product })
      const person = await makeReachable(buyer)
      if (moment.canceling) await confirmed(buyer)

      const cut = await cutAt(moment, buyer)
      const request = act(moment, buyer).catch(() => undefined)
      await Promise.race([cut.seen, failsAfter(30_000, moment.when)])
      await cut.stop()
      await request
      shop.sandbox.faults.reset()
      if (moment.method === 'promptpay') await payTheQr(buyer)
      await shop.restart()

      await eventually('an end', () => ended(buyer, moment), recovered)
      await shop.clean()
      await check(buyer, person, product.sku)
    })
  }

  /** Makes the customer somebody whom the simulated LINE knows. */
  async function makeReachable(buyer: Buyer): Promise<string> {
    const order = await Orders.findById(buyer.order.id, { conversation: 1 }).lean()
    const conversation = await Conversations.findById(order?.conversation).lean()
    const { userId } = shop.sandbox.line.createUser({ userId: conversation?.externalId ?? '' })
    return userId
  }

  async function confirmed(buyer: Buyer): Promise<void> {
    await buyer.act('CONFIRM_PAYMENT_SELECTION', { cardToken: await shop.cardToken() })
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  }

  async function cutAt({ written, omise }: Moment, buyer: Buyer) {
    if (written) {
      const about = (one: Written) => written(one) && isAbout(one, buyer.order)
      return atTheMoment(about, () => shop.kill())
    }
    // It does the work, and then never answers.
    shop.sandbox.faults.set('omise', 'neverAnswer', omise ?? 'none')
    const done = () => {
      const [charge] = chargesOf(shop, buyer.order)
      return omise === 'refunds' ? (charge?.refunds.total ?? 0) > 0 : charge !== undefined
    }
    let stopped = false
    const seen = (async () => {
      while (!done() && !stopped) await wait(10)
      if (!stopped) await shop.kill()
    })()
    const stop = async () => {
      stopped = true
    }
    return { seen, stop }
  }

  async function act({ canceling, method }: Moment, buyer: Buyer): Promise<void> {
    if (canceling) {
      const { version } = await shop.staffView(buyer.order.id)
      await shop.manager.post(`/api/orders/${buyer.order.id}/cancel`, { version, reason: 'sold out' })
      return
    }
    const next = await buyer.act('CONFIRM_PAYMENT_SELECTION', {
      ...(method === 'card' && { cardToken: await shop.cardToken() }),
    })
    if (next?.kind === 'qr') await payTheQr(buyer)
  }

  async function payTheQr(buyer: Buyer): Promise<void> {
    for (const { id, status } of chargesOf(shop, buyer.order)) {
      if (status === 'pending') await shop.mark(id, 'mark_as_paid')
    }
  }

  /** CONFIRMED, CANCELED with all money back, or a DRAFT that nothing was paid of. */
  async function ended(buyer: Buyer, { canceling }: Moment): Promise<boolean> {
    const { state, refunded, totals } = await buyer.reload()
    if (state === 'CANCELED') return refunded === totals.total
    if (state === 'CONFIRMED') {
      // Killed before the wish was stored: the manager, who got no answer, would see it confirmed still.
      return (
        !canceling || (await Orders.exists({ _id: buyer.order.id, 'history.to': 'COMPENSATING' })) === null
      )
    }
    const moneyIn = chargesOf(shop, buyer.order).some((one) => one.status === 'successful')
    return state === 'DRAFT' && !moneyIn
  }

  async function check(buyer: Buyer, person: string, sku: string): Promise<void> {
    const { state, id } = await buyer.reload()
    const charges = chargesOf(shop, buyer.order)
    assert(charges.length <= 1, `${charges.length} charges`)
    const kept = charges.reduce(
      (sum, one) => sum + (one.captured_amount ?? 0) - (one.refunded_amount ?? 0),
      0,
    )
    assert.equal(kept, state === 'CONFIRMED' ? buyer.order.totals.total : 0)
    const { available } = await stockOf(sku)
    assert(state === 'CONFIRMED' ? available === 2 : available >= 2, `${available} available`)

    const told = await Messages.find({ order: id, direction: 'out' }).lean()
    const heard = shop.sandbox.line.received(person).map(({ message }) => JSON.stringify(message))
    for (const { once, state: sent, text } of told) {
      assert.equal(sent, 'sent', `${once} is ${sent}`)
      const times = heard.filter((one) => one.includes(JSON.stringify(text).slice(1, -1))).length
      assert(times >= 1, `${once} was not heard`)
    }
    const mine = heard.filter((one) => one.includes(buyer.order.regNo))
    assert.equal(mine.length, new Set(mine).size, 'something was said twice')
    const receipts = told.filter(({ once }) => once?.startsWith('receipt'))
    assert.equal(receipts.length, state === 'DRAFT' ? 0 : 1)
    const mails = shop.sandbox.mailbox.mails('somchai@example.com')
    const subjects = mails
      .map(({ subject }) => subject)
      .filter((subject) => subject.includes(buyer.order.regNo))
    assert.equal(subjects.length, new Set(subjects).size, `mails: ${subjects.join(' | ')}`)
  }
})

const isAbout = ({ collection, document }: Written, { id }: { id: string }): boolean => {
  if (collection === 'orders') return String(document['_id']) === id
  if (collection === 'outbox') return document['key'] === id
  if (collection === 'inbox') return true
  return String(document['order']) === id
}

async function failsAfter(ms: number, what: string): Promise<never> {
  await wait(ms, undefined, { ref: false })
  throw new Error(`never written: ${what}`)
}
