import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { Notice } from '../../server/payment/gateway.ts'
import { readCallback } from '../../server/payment/gateways/ipaymu/callback.ts'
import { readEvent as readKomoju } from '../../server/payment/gateways/komoju/webhook.ts'
import { readEvent as readOmise } from '../../server/payment/gateways/omise/webhook.ts'
import { readNotification } from '../../server/payment/gateways/sbp/notification.ts'

const bytes = (body: unknown) => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
const omise = (body: unknown, live = false) =>
  readOmise({}, bytes(body), { secret: null, live, now: Date.now() })
const komoju = (body: unknown) => readKomoju({}, bytes(body), null)
const sbp = (body: unknown, live = false) => readNotification({}, bytes(body), { live, strict: false })
const ipaymu = (body: unknown, headers: Record<string, string> = {}, live = false) =>
  readCallback(headers, bytes(body), { va: '1179000899', live })
const about = (notice: Notice | null) => notice && [notice.attemptId, notice.ref?.kind, notice.ref?.value]

const readers = { omise, komoju, sbp, ipaymu }

/** Shapes of the platforms' own pages and of their libraries' fixtures, and what else a stranger may post. */
describe('a notice of a gateway', () => {
  const charge = { object: 'charge', id: 'chrg_test_1', livemode: false }
  const event = (key: string, data: object, more: object = {}) => ({
    object: 'event',
    id: `evnt_test_${key}`,
    livemode: false,
    location: '/events/evnt_test_1',
    webhook_deliveries: [],
    data,
    key,
    created_at: '2026-11-21T00:00:00Z',
    ...more,
  })

  it('of Omise names a charge, in whatever version it is written', () => {
    const ours = { ...charge, metadata: { attempt: 'a1', order: 'P-1' } }
    for (const key of ['create', 'update', 'capture', 'reverse', 'complete', 'expire']) {
      assert.deepEqual(about(omise(event(`charge.${key}`, ours))), ['a1', 'charge', 'chrg_test_1'])
    }
    // Of 2014: no status, no metadata, a currency in small letters.
    const old = { ...charge, amount: 100_000, currency: 'thb', captured: true, refunded: 0, created: 'x' }
    assert.deepEqual(about(omise(event('charge.complete', old))), [undefined, 'charge', 'chrg_test_1'])
    const inner = { object: 'refund', id: 'rfnd_1', amount: 5, status: 'closed' }
    for (const [key, data] of [
      ['refund.create', { ...inner, charge: 'chrg_test_1' }],
      ['refund.create', { ...inner, charge }],
      ['dispute.create', { object: 'dispute', id: 'dspt_1', status: 'open', charge: 'chrg_test_1' }],
      ['dispute.close', { object: 'dispute', id: 'dspt_1', status: 'lost', charge, metadata: {} }],
    ] as const) {
      assert.deepEqual(about(omise(event(key, data))), [undefined, 'charge', 'chrg_test_1'], key)
    }
  })

  it('of Omise is let pass when it is about something else', () => {
    for (const [key, data] of [
      ['transfer.pay', { object: 'transfer', id: 'trsf_1' }],
      ['customer.update.card', { object: 'customer', id: 'cust_1' }],
      ['card.destroy', { object: 'card', id: 'card_1' }],
      ['recipient.verify', { object: 'recipient', id: 'recp_1' }],
      ['link.create', { object: 'link', id: 'link_1' }],
      ['schedule.create', { object: 'schedule', id: 'schd_1' }],
      ['charge.create', { ...charge, metadata: { order_id: 'of another shop' } }],
      ['charge.create', { ...charge, metadata: null }],
      ['charge.create', { object: 'refund', id: 'rfnd_1' }],
      ['refund.create', { object: 'refund', id: 'rfnd_1', charge: null }],
    ] as const) {
      assert.equal(omise(event(key, data)), null, key)
    }
    const ours = { ...charge, metadata: { attempt: 'a1' } }
    assert.equal(omise(event('charge.complete', ours, { livemode: true })), null, 'of the other environment')
    assert.equal(omise(event('charge.complete', ours), true), null, 'of the other environment')
  })

  it('of Omise without an id is told apart by its bytes', () => {
    const ours = { ...charge, metadata: { attempt: 'a1' } }
    const [one, other] = [ours, { ...ours, id: 'chrg_test_2' }].map((data) =>
      omise(event('charge.create', data, { id: '' })),
    )
    assert.ok(one?.eventId && other?.eventId)
    assert.notEqual(one.eventId, other.eventId)
  })

  it('of KOMOJU names a payment by our number', () => {
    const payment = {
      id: 'k1',
      resource: 'payment',
      status: 'captured',
      amount: 1200,
      tax: 0,
      total: 1200,
      currency: 'JPY',
      external_order_num: 'a1',
      refunds: [{ id: 'r1', resource: 'refund', amount: 1200, chargeback: true }],
    }
    const told = (type: string, data: object = payment) => ({ id: type, type, resource: 'event', data })
    for (const type of [
      'authorized',
      'captured',
      'updated',
      'expired',
      'cancelled',
      'failed',
      'refunded',
      'refund.created',
      'marked.as.fraud',
    ]) {
      assert.deepEqual(about(komoju(told(`payment.${type}`))), ['a1', 'payment', 'k1'], type)
    }
    for (const [type, data] of [
      ['ping', {}],
      ['customer.created', { id: 'c1', resource: 'customer' }],
      ['settlement.created', { id: 's1', resource: 'settlement' }],
      ['subscription.captured', { id: 's1', resource: 'subscription' }],
      ['payment.captured', { ...payment, external_order_num: null }],
    ] as const) {
      assert.equal(komoju(told(type, data)), null, type)
    }
  })

  it('of SBP names a payment by our mark', () => {
    const object = {
      id: '22d6d597-000f-5000-9000-145f6df21d6f',
      status: 'succeeded',
      paid: true,
      amount: { value: '2.00', currency: 'RUB' },
      recipient: { account_id: '100500', gateway_id: '100700' },
      metadata: { attempt: 'a1' },
      test: true,
    }
    for (const word of ['succeeded', 'canceled', 'waiting_for_capture']) {
      const told = { type: 'notification', event: `payment.${word}`, object }
      assert.deepEqual(about(sbp(told)), ['a1', 'payment', object.id])
      assert.equal(sbp(told, true), null, 'of the other environment')
    }
    // A refund does not say of which environment it is.
    const refund = { id: 'r1', status: 'succeeded', payment_id: object.id, amount: object.amount }
    for (const live of [true, false]) {
      const told = sbp({ type: 'notification', event: 'refund.succeeded', object: refund }, live)
      assert.deepEqual(about(told), [undefined, 'payment', object.id])
    }
    for (const event of ['payout.succeeded', 'deal.closed', 'payment_method.active']) {
      assert.equal(sbp({ type: 'notification', event, object }), null, event)
    }
  })

  it('of iPaymu names a transaction, as form and as JSON, with names in any of their ways', () => {
    const fields = {
      trx_id: '12345678',
      sid: 'S-789',
      reference_id: 'a1',
      status_code: '1',
      is_sandbox: 'true',
    }
    const json = { 'content-type': 'application/json' }
    const wanted = ['a1', 'session', 'S-789']
    assert.deepEqual(about(ipaymu(new URLSearchParams(fields).toString())), wanted)
    assert.deepEqual(about(ipaymu(fields, json)), wanted)
    assert.deepEqual(about(ipaymu({ ...fields, trx_id: 12345678, status_code: 1 }, json)), wanted)
    assert.deepEqual(about(ipaymu(fields, { 'content-type': 'text/plain' })), wanted)
    assert.deepEqual(about(ipaymu({ TrxId: 1, SessionId: 'S-789', ReferenceId: 'a1' }, json)), wanted)
    assert.deepEqual(about(ipaymu('TRX_ID=12345678&Status=berhasil')), [undefined, 'transaction', '12345678'])
    assert.equal(ipaymu(fields, json, true), null, 'of the other environment')
    assert.equal(ipaymu({ ...fields, is_sandbox: 'false' }, json), null, 'of the other environment')
  })

  it('of iPaymu is told to be signed also where its JSON has texts for numbers', () => {
    const fields = { is_escrow: '0', reference_id: 'a1', status_code: '1', trx_id: '12345678' }
    const signed =
      '{"additional_info":[],"is_escrow":false,"reference_id":"a1","status_code":1,"trx_id":12345678}'
    const signature = createHmac('sha256', '1179000899').update(signed).digest('hex')
    const json = { 'content-type': 'application/json', 'x-signature': signature }
    assert.match(ipaymu(fields, json)?.said ?? '', /signature: bytes/)
  })

  it('is never an accident, whatever a stranger posts', () => {
    const odd = [
      '',
      'null',
      '[]',
      '1',
      '"x"',
      '{"a',
      '{"a":'.repeat(100_000),
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      '\u0000\ufffd',
      'trx_id=1&trx_id=2&sid[$ne]=1&__proto__[polluted]=1&reference_id=../../x',
      '{"__proto__":{"polluted":true},"object":"event","resource":"event","type":"notification"}',
      event('charge.create', { object: 'charge', id: { $ne: 1 }, metadata: { attempt: { $ne: 1 } } }),
      { resource: 'event', type: 'payment.captured', data: { resource: 'payment', id: ['x'] } },
      { type: 'notification', event: 'payment.succeeded', object: { id: 7, metadata: [] } },
      { trx_id: { $gt: '' }, sid: ['x'], reference_id: true },
    ]
    for (const body of odd) {
      for (const [name, read] of Object.entries(readers)) {
        const notice = read(body)
        assert.ok(notice === null || name === 'ipaymu', `${name} took ${JSON.stringify(body).slice(0, 80)}`)
      }
    }
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  })
})
