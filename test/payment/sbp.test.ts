import assert from 'node:assert/strict'
import { type Attempt, BadSignature, type Gateway, type Listed } from '../../server/payment/gateway.ts'
import { gateway as sbpGateway } from '../../server/payment/gateways/sbp.ts'
import { newAttempt } from '../support/gateway-bench.ts'
import { driver } from '../support/gateways/sbp.ts'
import { keys, type SbpSandbox, startSbp } from '../support/sbp-sandbox.ts'

const money = { amount: 129_900, currency: 'RUB' } as const
const details = {
  orderRegNo: 'P-1001',
  description: 'Заказ P-1001',
  returnUrl: 'http://127.0.0.1:3000/pay/back/unguessable',
  customer: { name: 'Иван', email: '', phone: '', language: 'ru', ip: '' },
}

describe('SBP', () => {
  let platform: SbpSandbox
  let gateway: Gateway
  before(async () => {
    platform = await startSbp()
    gateway = sbpGateway({ ...keys, apiUrl: platform.url })
  })
  after(() => platform.close())
  afterEach(() => platform.faults.reset())

  const open = async () => {
    const attempt = newAttempt({ method: 'sbp', money })
    const answer = await gateway.open(attempt, details)
    return { ...answer, attempt: { ...attempt, refs: answer.refs } }
  }
  const idOf = ({ refs }: Attempt) => refs[0]?.value ?? ''
  const told = async () => {
    await platform.handle.settled()
    return platform.received.splice(0)
  }

  it('draws the code here, as a picture that any chat shows', async () => {
    const { next } = await open()
    assert(next.kind === 'qr')
    assert.match(next.image, /^data:image\/png;base64,/)
    assert.match(next.payload ?? '', /\/sbp\/pay\//)
    assert.ok(next.image.length < 4000)
  })

  it('goes to the bank where the shop is not given the code', async () => {
    const [, bench] = await driver.start()
    assert(bench)
    const first = await bench.gateway.open(newAttempt(bench), await bench.details())
    assert.equal(first.next.kind, 'redirect')
    bench.close()
  })

  it('asks again with the same key while the platform is still at it', async () => {
    platform.faults.set('sbp', 'processing', 'payments', 2)
    const { attempt } = await open()
    const ours = platform.handle.payments().filter(({ metadata }) => metadata['attempt'] === attempt.id)
    assert.equal(ours.length, 1)
    assert.equal(idOf(attempt), ours[0]?.id)
  })

  it('may be refused in the answer that makes the payment', async () => {
    platform.faults.set('sbp', 'refusedAtOnce', true, 1)
    const { found } = await open()
    assert.deepEqual([found?.state, found?.failureCode], ['FAILED', 'general_decline'])
  })

  it('tells until when it can be paid, and ends with the attempt when the shop gave less time', async () => {
    const { attempt, found } = await open()
    assert.ok(found?.expiresAt && found.expiresAt > attempt.expiresAt)
    const later = { ...attempt, now: new Date(attempt.expiresAt.getTime() + 1) }
    assert.equal((await gateway.check(later)).state, 'EXPIRED')
    platform.handle.pay(idOf(attempt))
    assert.equal((await gateway.check(later)).state, 'CAPTURED')
  })

  it('hears notifications as hints: unsigned, the same bytes one event, others’ payments none of ours', async () => {
    await told()
    platform.faults.set('sbp', 'webhookCopies', 2)
    platform.faults.set('sbp', 'foreignEvents', true)
    const { attempt } = await open()
    platform.handle.pay(idOf(attempt))
    const notices = (await told()).map(({ headers, body }) => gateway.readWebhook(headers, body))
    const ours = notices.filter((notice) => notice !== null)
    assert.equal(notices.length, 6)
    assert.equal(ours.length, 2)
    assert.equal(new Set(ours.map(({ eventId }) => eventId)).size, 1)
    assert.deepEqual(
      ours.map(({ attemptId, authentic }) => [attemptId, authentic]),
      [
        [attempt.id, false],
        [attempt.id, false],
      ],
    )
  })

  it('hears of refunds, and not of what happens in the other environment', async () => {
    const { attempt } = await open()
    platform.handle.pay(idOf(attempt))
    await told()
    await gateway.refund(attempt, { opId: 'r1', amount: 100, reason: 'late' })
    const [refund] = await told()
    assert(refund)
    const notice = gateway.readWebhook(refund.headers, refund.body)
    assert.deepEqual(notice?.ref, { kind: 'payment', value: idOf(attempt) })

    platform.faults.set('sbp', 'otherEnvironment', true)
    const other = await open()
    platform.handle.pay(idOf(other.attempt))
    const [event] = await told()
    assert(event)
    assert.equal(gateway.readWebhook(event.headers, event.body), null)
    for (const text of ['', 'null', '[]', '{}', '<html>', '{"type":"notification"}']) {
      assert.equal(gateway.readWebhook({}, Buffer.from(text)), null)
    }
  })

  it('refuses a notification that a proxy says came from elsewhere', () => {
    const genuine = sbpGateway({ ...keys, apiUrl: 'https://api.yookassa.ru' })
    const body = Buffer.from(
      JSON.stringify({
        type: 'notification',
        event: 'payment.succeeded',
        object: { id: 'p1', test: true, metadata: { attempt: 'a1' } },
      }),
    )
    const from = (address: string) => genuine.readWebhook({ 'x-forwarded-for': address }, body)
    for (const address of ['185.71.76.5', '77.75.156.11, 10.0.0.1', '2a02:5180:0:1509::7']) {
      assert.equal(from(address)?.attemptId, 'a1')
    }
    for (const address of ['203.0.113.7', '185.71.76.99', 'nonsense']) {
      assert.throws(() => from(address), BadSignature)
    }
    assert.equal(genuine.readWebhook({}, body)?.attemptId, 'a1')
  })

  it('lists what the platform has of a day, page after page', async () => {
    const from = new Date(Date.now() - 1)
    platform.clock.advance(24 * 3600_000)
    const begin = new Date(from.getTime() + 24 * 3600_000)
    const attempts = []
    for (let i = 0; i < 103; i += 1) attempts.push((await open()).attempt)
    const [first] = attempts
    assert(first)
    platform.handle.pay(idOf(first))
    const listed: Listed[] = []
    const span = { from: begin, to: new Date(begin.getTime() + 3600_000) }
    for await (const one of gateway.list?.(span) ?? []) listed.push(one)
    platform.clock.advance(-24 * 3600_000)
    assert.equal(listed.length, 103)
    const paid = listed.filter(({ captured }) => captured > 0)
    assert.deepEqual(
      paid.map(({ attemptId, captured, said }) => [attemptId, captured, said]),
      [[first.id, money.amount, 'succeeded']],
    )
  })
})
