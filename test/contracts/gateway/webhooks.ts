import assert from 'node:assert/strict'
import { BadSignature } from '../../../server/payment/gateway.ts'
import { type Bench, type Fault, newAttempt } from '../../support/gateway-bench.ts'
import { assertPaid, faulty, heard, opened, paid, when } from './cases.ts'

/** Events are hints: whose they are, whether they are authentic. */
export function webhooks(bench: Bench): void {
  const { gateway } = bench
  const has = gateway.can.webhooks !== 'none'
  const signed = gateway.can.webhooks === 'signed'
  const read = async (by = gateway) =>
    (await bench.webhooks()).map(({ headers, body }) => by.readWebhook(headers, body))

  when(has, 'no webhooks', 'hears of its attempt, authentically where events are signed', async () => {
    const attempt = await paid(bench)
    const notices = await read()
    assert.ok(notices.length)
    for (const notice of notices) {
      assert.equal(notice?.authentic, signed)
      assert.ok(
        notice.attemptId === attempt.id || attempt.refs.some((ref) => ref.value === notice.ref?.value),
      )
    }
  })

  faulty(
    bench,
    'webhook before the answer',
    'hears of an attempt by our own reference before the answer is there',
    async () => {
      const attempt = newAttempt(bench)
      await gateway.open(attempt, await bench.details())
      const [first] = await read()
      assert.equal(first?.attemptId, attempt.id)
    },
  )

  faulty(bench, 'webhooks twice', 'gives a doubled event one id', async () => {
    await heard(bench)
    const [first, second, ...more] = await read()
    assert.ok(first && second)
    assert.equal(first.eventId, second.eventId)
    assert.equal(more.length, 0)
  })

  faulty(bench, 'webhooks reversed', 'reads the same truth whatever order the events come in', async () => {
    const attempt = await paid(bench)
    for (const notice of await read()) {
      assert.equal(notice?.attemptId, attempt.id)
      assertPaid(await gateway.check(attempt), bench)
    }
  })

  const forged: Fault[] = [
    'webhook signature wrong',
    'webhook signature missing',
    'webhook signature short',
    'webhook body altered',
  ]
  for (const fault of forged) {
    const possible = signed && bench.fault(fault)
    bench.calm()
    when(possible, 'events are not signed', `refuses an event with: ${fault}`, async () => {
      bench.fault(fault)
      await heard(bench)
      const [event] = await bench.webhooks()
      assert.ok(event)
      assert.throws(() => gateway.readWebhook(event.headers, event.body), BadSignature)
    })
  }

  when(
    signed,
    'events are not signed',
    'refuses an event that was written anew, however little differs',
    async () => {
      await heard(bench)
      const [event] = await bench.webhooks()
      assert.ok(event)
      const spaced = Buffer.from(JSON.stringify(JSON.parse(event.body.toString()), null, 1))
      assert.throws(() => gateway.readWebhook(event.headers, spaced), BadSignature)
      assert.throws(() => gateway.readWebhook({}, Buffer.from('')), BadSignature)
    },
  )

  faulty(bench, 'webhook stale', 'takes an old event for a hint', async () => {
    await heard(bench)
    const [notice] = await read()
    assert.equal(notice?.authentic, false)
  })

  faulty(
    bench,
    'webhook with two signatures',
    'takes either signature while the secret is being changed',
    async () => {
      await heard(bench)
      assert.equal((await read())[0]?.authentic, true)
    },
  )

  faulty(bench, 'webhook of the other environment', 'ignores events of the other environment', async () => {
    await heard(bench)
    assert.deepEqual(await read(), [null])
  })

  faulty(bench, 'webhook in an old version', 'reads events in the words of an old account', async () => {
    const attempt = await paid(bench)
    for (const notice of await read()) assert.equal(notice?.attemptId, attempt.id)
  })

  faulty(bench, 'webhooks about others', 'ignores events about what is not ours', async () => {
    const attempt = await heard(bench)
    const notices = (await read()).filter((notice) => notice !== null)
    assert.deepEqual(
      notices.map((notice) => notice.attemptId),
      [attempt.id],
    )
  })

  when(bench.sign, 'events are not signed', 'ignores what is signed and makes no sense', () => {
    for (const text of [
      '',
      'null',
      '[]',
      '{}',
      '{"object":"event"}',
      '<html>',
      '{"__proto__":{"a":1}}',
      '\u0000',
    ]) {
      const body = Buffer.from(text)
      assert.equal(gateway.readWebhook(bench.sign?.(body) ?? {}, body), null, text)
    }
    return Promise.resolve()
  })

  const unprovable: Fault[] = [
    'webhook signature wrong',
    'webhook signature missing',
    'webhook signature short',
  ]
  for (const fault of unprovable) {
    const possible = has && !signed && bench.fault(fault)
    bench.calm()
    when(possible, 'events are signed, or have no signature', `takes for a hint: ${fault}`, async () => {
      bench.fault(fault)
      const attempt = await heard(bench)
      const [notice] = await read()
      assert.equal(notice?.authentic, false)
      assert.equal(notice.attemptId, attempt.id)
    })
  }

  when(has && !signed, 'events are signed', 'is not moved by an event that somebody made up', async () => {
    const other = await paid(bench)
    const event = (await bench.webhooks()).at(-1)
    assert.ok(event)
    const { attempt } = await opened(bench)
    const names = other.refs.map(({ kind, value }) => [
      value,
      attempt.refs.find((ref) => ref.kind === kind)?.value ?? value,
    ])
    const says = [[other.id, attempt.id], ...names].reduce(
      (text, [from = '', to = '']) => text.replaceAll(from, to),
      event.body.toString(),
    )
    const notice = gateway.readWebhook(event.headers, Buffer.from(says))
    assert.deepEqual([notice?.authentic, notice?.attemptId], [false, attempt.id])
    const { state, captured } = await gateway.check(attempt)
    assert.deepEqual([state, captured], ['PENDING', 0])
  })

  when(has && !signed, 'events are signed', 'ignores what makes no sense', () => {
    for (const text of [
      '',
      'null',
      '[]',
      '{}',
      '<html>',
      '{"__proto__":{"a":1}}',
      '\u0000',
      '%00=%',
      'a&b=&=c',
    ]) {
      for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
        const headers = { 'content-type': type }
        assert.equal(gateway.readWebhook(headers, Buffer.from(text)), null, `${type} ${text}`)
      }
    }
    return Promise.resolve()
  })

  when(
    bench.unsigned,
    'there is no secret',
    'takes every event for a hint while no secret is set',
    async () => {
      await heard(bench)
      const notices = await read(bench.unsigned)
      assert.ok(notices.length)
      for (const notice of notices) assert.equal(notice?.authentic, false)
    },
  )
}
