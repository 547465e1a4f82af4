import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { Inbox } from '../../models/broker.ts'
import { becomes, chargesOf, payByCard, paymentsOf, pollNow, toldOf } from '../support/checkout.ts'
import { aProduct, eventually, type Story, startStory } from '../support/story.ts'

describe('a webhook of Omise', () => {
  let shop: Story
  before(async () => {
    shop = await startStory()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const knob = (name: string, value: boolean | number | string) =>
    shop.sandbox.faults.set('omise', name, value)
  const waiting = async () => {
    const buyer = await shop.buyer('promptpay', { product: await aProduct() })
    await buyer.act('CONFIRM_PAYMENT_SELECTION')
    return Object.assign(buyer, { charge: await shop.chargeOf(buyer.order.id) })
  }
  /** One transition for one payment, one receipt, and clean books. */
  const onceOnly = async (order: { id: string; regNo: string }) => {
    await shop.sandbox.omise.settled()
    await shop.clean()
    const { history } = await shop.staffView(order.id)
    assert.equal(history.filter(({ to }) => to === 'PAID').length, 1)
    assert.deepEqual(await toldOf(order), ['receipt'])
    assert.equal(chargesOf(shop, order).filter(({ status }) => status === 'successful').length, 1)
  }
  const post = (body: Buffer | string, headers: Record<string, string> = {}) =>
    fetch(`${shop.url}/webhooks/payments/omise`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: body as BodyInit,
    }).then(({ status }) => status)
  const signed = (body: string, secret = shop.settings.gateways.omise?.webhookSecret ?? '') => {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const hash = createHmac('sha256', Buffer.from(secret, 'base64')).update(`${timestamp}.${body}`)
    return { 'omise-signature': hash.digest('hex'), 'omise-signature-timestamp': timestamp }
  }
  const eventOf = (charge: string, more: object = {}, metadata: object = {}) =>
    JSON.stringify({
      object: 'event',
      id: `evnt_test_${charge.slice(10)}${Math.random()}`,
      livemode: false,
      key: 'charge.complete',
      data: { object: 'charge', id: charge, status: 'successful', metadata },
      ...more,
    })

  it('may come before the answer to the charge itself', async () => {
    knob('webhookTiming', 'before_answer')
    const buyer = await shop.buyer('card', { product: await aProduct() })
    assert.deepEqual(await payByCard(shop, buyer), { kind: 'paid' })
    await becomes(buyer, 'CONFIRMED')
    await onceOnly(buyer.order)
  })

  it('may come twenty times at once, under one id or under twenty', async () => {
    for (const withNewIds of [false, true]) {
      knob('webhookCopies', 20)
      knob('webhookCopiesWithNewIds', withNewIds)
      const buyer = await waiting()
      await shop.mark(buyer.charge, 'mark_as_paid')
      await becomes(buyer, 'CONFIRMED')
      await onceOnly(buyer.order)
    }
  })

  it('may be overtaken by the next one', async () => {
    knob('webhookOrder', 'reversed')
    const buyer = await waiting()
    await shop.mark(buyer.charge, 'mark_as_paid')
    await becomes(buyer, 'CONFIRMED')
    await onceOnly(buyer.order)
  })

  it('may never come: the payment is found by asking', async () => {
    knob('webhookTiming', 'never')
    const buyer = await waiting()
    await shop.mark(buyer.charge, 'mark_as_paid')
    await pollNow(buyer.order)
    await becomes(buyer, 'CONFIRMED')
    await onceOnly(buyer.order)
  })

  it('may never come: the customer who says that they have paid need not wait', async () => {
    knob('webhookTiming', 'never')
    const buyer = await waiting()
    await shop.mark(buyer.charge, 'mark_as_paid')
    await eventually('seen', async () => {
      await buyer.act('CHECK_PAYMENT')
      return buyer.order.state !== 'AWAITING_PAYMENT'
    })
    await becomes(buyer, 'CONFIRMED')
    await onceOnly(buyer.order)
  })

  it('that says expired after the money came changes nothing', async () => {
    const buyer = await waiting()
    await shop.mark(buyer.charge, 'mark_as_paid')
    await becomes(buyer, 'CONFIRMED')
    const body = eventOf(buyer.charge, { key: 'charge.expire' })
    assert.equal(await post(body, signed(body)), 200)
    knob('statusShown', 'expired')
    await pollNow(buyer.order)
    const again = eventOf(buyer.charge, { key: 'charge.expire' })
    assert.equal(await post(again, signed(again)), 200)
    await shop.idle()
    knob('statusShown', '')
    assert.equal((await paymentsOf(buyer.order))[0]?.state, 'CAPTURED')
    assert.equal((await buyer.reload()).state, 'CONFIRMED')
    await onceOnly(buyer.order)
  })

  it('of a refund may come before anybody has heard of the money', async () => {
    knob('webhookTiming', 'never')
    const buyer = await waiting()
    await shop.mark(buyer.charge, 'mark_as_paid')
    const refund = await fetch(`${shop.sandbox.url}/charges/${buyer.charge}/refunds`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${shop.settings.gateways.omise?.secretKey}:`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ amount: buyer.order.totals.total }),
    })
    assert.equal(refund.status, 200)
    const body = eventOf(buyer.charge, {
      key: 'refund.create',
      data: { object: 'refund', id: 'rfnd_test_1', charge: buyer.charge },
    })
    assert.equal(await post(body, signed(body)), 200)
    await shop.idle()
    const [payment] = await paymentsOf(buyer.order)
    assert.equal(payment?.state, 'REFUNDED')
    assert.equal(payment?.captured, payment?.refunded)
    // Whoever gave it back did not say that the order is off: that is for staff to say.
    await becomes(buyer, 'CONFIRMED')
    assert.equal(buyer.order.refunded, buyer.order.totals.total)
    await shop.clean()
  })

  it('that is not signed, wrongly signed or altered is refused, and leaves no trace', async () => {
    const buyer = await waiting()
    const before = await Inbox.countDocuments()
    const body = eventOf(buyer.charge)
    const good = signed(body)
    const timestamp = good['omise-signature-timestamp']
    const other = Buffer.from('the secret of somebody else').toString('base64')
    for (const [what, sent, headers] of [
      ['unsigned', body, {}],
      ['without its time', body, { 'omise-signature': good['omise-signature'] }],
      ['signed by another', body, signed(body, other)],
      ['altered', body.replace('charge.complete', 'charge.completE'), good],
      ['written anew', JSON.stringify(JSON.parse(body), null, 1), good],
      ['with another time', body, { ...good, 'omise-signature-timestamp': `${Number(timestamp) + 1}` }],
      ['short', body, { ...good, 'omise-signature': 'ab' }],
      ['not hexadecimal', body, { ...good, 'omise-signature': 'z'.repeat(64) }],
      ['signed by nothing', '', {}],
    ] as [string, string, Record<string, string>][]) {
      assert.equal(await post(sent, headers), 401, what)
    }
    assert.equal(await Inbox.countDocuments(), before)
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    await shop.clean()
  })

  it('that claims a payment is only a hint: Omise is asked, and nothing is paid', async () => {
    const buyer = await waiting()
    const attempt = String((await paymentsOf(buyer.order))[0]?._id)
    for (const body of [
      eventOf(buyer.charge, {}, { attempt }),
      eventOf('chrg_test_0000000000000000001', {}, { attempt }),
      eventOf(buyer.charge, { data: { object: 'charge', id: buyer.charge, amount: 1, currency: 'JPY' } }),
    ]) {
      assert.equal(await post(body, signed(body)), 200)
    }
    await shop.idle()
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    await shop.clean()
  })

  it('of a charge, a transfer or an environment that is not ours is left alone', async () => {
    const before = await Inbox.countDocuments({ state: { $ne: 'DONE' } })
    for (const body of [
      eventOf('chrg_test_0000000000000000009'),
      eventOf('chrg_test_0000000000000000008', {}, { attempt: 'somebody-elses' }),
      eventOf('chrg_5', { livemode: true }),
      eventOf('x', { key: 'transfer.update', data: { object: 'transfer', id: 'trsf_1' } }),
      eventOf('x', { key: 'never.heard.of', data: { object: 'thing' } }),
      '{"object":"event"}',
      '[]',
      'not JSON at all',
      '{"a":',
    ]) {
      assert.equal(await post(body, signed(body)), 200, body)
    }
    await shop.clean()
    // Charges without our mark are nobody's; one that names an attempt may still become ours.
    assert((await Inbox.countDocuments({ state: { $ne: 'DONE' } })) <= before + 1)
  })

  it('with foreign events around it settles just its own', async () => {
    knob('foreignEvents', true)
    const buyer = await waiting()
    await shop.mark(buyer.charge, 'mark_as_paid')
    await becomes(buyer, 'CONFIRMED')
    await onceOnly(buyer.order)
  })

  it('of the other environment is ignored even about our charge, and so is a charge that says so', async () => {
    knob('otherEnvironment', true)
    const buyer = await waiting()
    await shop.mark(buyer.charge, 'mark_as_paid')
    await shop.sandbox.omise.settled()
    await shop.idle()
    assert.equal(
      (await paymentsOf(buyer.order))[0]?.evidence.some(({ source }) => /webhook/.test(source)),
      false,
    )
    knob('liveCharge', true)
    await pollNow(buyer.order)
    await eventually('asked', async () => ((await paymentsOf(buyer.order))[0]?.checks ?? 0) > 1)
    assert.equal((await buyer.reload()).state, 'AWAITING_PAYMENT')
    shop.sandbox.faults.reset()
    await pollNow(buyer.order)
    await becomes(buyer, 'CONFIRMED')
    await shop.clean()
  })

  it('with a signature that is old, doubled for a new secret, or in an old version still counts', async () => {
    for (const [name, value] of [
      ['signature', 'stale'],
      ['signature', 'rotated'],
      ['eventVersion', '2014-07-27'],
      ['eventVersion', '2015-11-17'],
    ] as const) {
      knob(name, value)
      const buyer = await waiting()
      await shop.mark(buyer.charge, 'mark_as_paid')
      await becomes(buyer, 'CONFIRMED')
      await onceOnly(buyer.order)
      shop.sandbox.faults.reset()
    }
  })
})
