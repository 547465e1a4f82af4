import assert from 'node:assert/strict'
import { BadSignature, type Found, Refused, Unanswered } from '../../server/payment/gateway.ts'
import * as registered from '../../server/payment/gateways/index.ts'
import { type Bench, type Fault, type GatewayDriver, newAttempt } from '../support/gateway-bench.ts'

/**
 * One suite for every gateway. A new one needs a driver for its simulator, `test/support/gateways/<name>.ts`, and no
 * change here: what its platform cannot do is skipped, with the reason in the name.
 */
for (const name of Object.keys(registered)) {
  const { driver } = (await import(`../support/gateways/${name}.ts`)) as { driver: GatewayDriver }
  const benches = await driver.start()

  after(() => {
    for (const bench of benches) bench.close()
  })
  for (const bench of benches) {
    describe(`the gateway ${name}, method ${bench.method},`, () => {
      beforeEach(async () => {
        bench.calm()
        await bench.webhooks()
      })
      afterEach(() => bench.calm())
      opening(bench)
      lostAnswers(bench)
      reading(bench)
      closing(bench)
      refunding(bench)
      webhooks(bench)
      connecting(bench)
    })
  }
}

/** A test that applies only where the platform can do what it is about. */
function when(possible: unknown, why: string, title: string, test: () => Promise<void>): void {
  if (possible) it(title, test)
  else it.skip(`${title} (${why})`)
}

/** A test of one fault; `calm` comes by itself. */
function faulty(bench: Bench, fault: Fault, title: string, test: () => Promise<void>, times?: number): void {
  const possible = bench.fault(fault)
  bench.calm()
  when(possible, `this platform has no "${fault}"`, title, async () => {
    bench.fault(fault, times)
    await test()
  })
}

async function opened(bench: Bench) {
  const attempt = newAttempt(bench)
  const answer = await bench.gateway.open(attempt, await bench.details())
  return { attempt: { ...attempt, refs: answer.refs }, ...answer }
}

async function paid(bench: Bench) {
  const { attempt } = await opened(bench)
  await bench.customer.pays(attempt)
  return attempt
}

function assertPaid(found: Found, { money }: Bench): void {
  assert.equal(found.state, 'CAPTURED')
  assert.deepEqual(found.money, money)
  assert.equal(found.captured, money.amount)
  assert.equal(found.refunded, 0)
}

/** What one may call to try something that must end in an answer or in "we do not know", never in a wrong state. */
async function attempted<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Unanswered) return null
    throw error
  }
}

function opening(bench: Bench): void {
  const { gateway, method, money } = bench

  it('offers its method for this currency', () => {
    const offered = gateway.methods.find((one) => one.name === method)
    const limits = offered?.amounts[money.currency]
    assert.ok(limits && limits.min <= money.amount && money.amount <= limits.max)
  })

  it('opens one payment and tells the customer what to do', async () => {
    const { attempt, next, refs, found } = await opened(bench)
    assert.ok(['redirect', 'qr', 'code', 'popup'].includes(next.kind), next.kind)
    if (next.kind === 'qr') assert.ok(Date.parse(next.expiresAt) > Date.now())
    assert.ok(refs.length)
    assert.ok(!found || found.state === 'PENDING')
    assert.equal(bench.payments(attempt), 1)
  })

  it('sees a payment that the customer made', async () => {
    assertPaid(await gateway.check(await paid(bench)), bench)
  })

  when(bench.declined, 'only the customer declines here', 'tells why a card was declined', async () => {
    const attempt = newAttempt(bench)
    const details = (await bench.declined?.()) ?? (await bench.details())
    const { found } = await gateway.open(attempt, details)
    assert.equal(found?.state, 'FAILED')
    assert.match(found.failureCode ?? '', /^[a-z_]+$/)
    assert.equal((await gateway.check(attempt)).state, 'FAILED')
  })

  when(bench.customer.declines, 'nobody can decline', 'sees a payment that was refused', async () => {
    const { attempt } = await opened(bench)
    await bench.customer.declines?.(attempt)
    const { state, failureCode, captured } = await gateway.check(attempt)
    assert.equal(state, 'FAILED')
    assert.ok(failureCode)
    assert.equal(captured, 0)
  })

  when(bench.customer.cancels, 'nobody can cancel', 'sees that the customer turned back', async () => {
    const { attempt } = await opened(bench)
    await bench.customer.cancels?.(attempt)
    assert.ok(['FAILED', 'CANCELED'].includes((await gateway.check(attempt)).state))
  })

  when(bench.runsOut, 'it never runs out', 'sees that the time ran out', async () => {
    const { attempt } = await opened(bench)
    await bench.runsOut?.(attempt)
    assert.equal((await gateway.check(attempt)).state, 'EXPIRED')
  })

  when(bench.customer.paysLate, 'late money cannot come', 'sees money that came late', async () => {
    const { attempt } = await opened(bench)
    await bench.runsOut?.(attempt)
    assert.equal((await gateway.check(attempt)).state, 'EXPIRED')
    await bench.customer.paysLate?.(attempt)
    assertPaid(await gateway.check(attempt), bench)
  })

  it('keeps two attempts of one order apart when both are paid', async () => {
    const [first, second] = [await paid(bench), await paid(bench)]
    assertPaid(await gateway.check(first), bench)
    assertPaid(await gateway.check(second), bench)
    assert.notDeepEqual(first.refs, second.refs)
  })

  it('refuses an amount that the platform does not take, and charges nothing', async () => {
    const attempt = { ...newAttempt(bench), money: { ...money, amount: 1 } }
    await assert.rejects(gateway.open(attempt, await bench.details()), Refused)
    assert.equal(bench.payments(attempt), 0)
  })

  const needsToken = gateway.methods.find((one) => one.name === method)?.needsCardToken
  when(needsToken, 'no token here', 'refuses a token that another attempt has used', async () => {
    const details = await bench.details()
    await gateway.open(newAttempt(bench), details)
    const second = newAttempt(bench)
    await assert.rejects(gateway.open(second, details), Refused)
    assert.equal(bench.payments(second), 0)
  })
  when(needsToken, 'no token here', 'refuses to open without a token', async () => {
    const { cardToken: _, ...details } = await bench.details()
    await assert.rejects(gateway.open(newAttempt(bench), details), Refused)
  })
}

function lostAnswers(bench: Bench): void {
  const { gateway } = bench
  const lost: Fault[] = [
    'answer lost after the work is done',
    '500 with HTML after the work',
    'JSON cut off',
    '500 with HTML before the work',
    'too many requests',
  ]
  for (const fault of lost) {
    faulty(bench, fault, `charges once after: ${fault}, five times over`, async () => {
      const attempt = newAttempt(bench)
      const details = await bench.details()
      for (let i = 0; i < 5; i += 1) await attempted(gateway.open(attempt, details))
      bench.calm()
      const { state } = await gateway.check(attempt)
      assert.ok(state === 'PENDING' || state === 'MISSING', state)
      // Whoever tries again after looking gets the payment that is there, or the first one.
      const old = { ...attempt, createdAt: new Date(Date.now() - 60_000) }
      const { next } = await gateway.open(old, details)
      assert.ok(
        next.kind === 'redirect' || next.kind === 'qr' || next.kind === 'popup' || next.kind === 'code',
      )
      assert.equal(bench.payments(attempt), 1)
      await bench.customer.pays(attempt)
      assertPaid(await gateway.check(attempt), bench)
    })
  }

  faulty(
    bench,
    'no answer at all',
    'does not know what became of a request without an answer, and looks it up',
    async () => {
      const attempt = newAttempt(bench)
      const answer = await attempted(bench.impatient.open(attempt, await bench.details()))
      bench.calm()
      assert.equal(bench.payments(attempt), 1)
      const { state, refs } = await gateway.check(attempt)
      assert.equal(state, 'PENDING')
      assert.ok(refs.length)
      if (answer) assert.deepEqual(answer.refs, refs)
    },
  )

  it('says that the platform never heard of an attempt that was not opened', async () => {
    assert.equal((await gateway.check(newAttempt(bench))).state, 'MISSING')
  })

  it('finds an attempt by our own reference when the platform’s was never stored', async () => {
    const attempt = await paid(bench)
    assertPaid(await gateway.check({ ...attempt, refs: [] }), bench)
  })

  it('is not misled by a reference of another payment', async () => {
    const [mine, other] = [await paid(bench), (await opened(bench)).attempt]
    assertPaid(await gateway.check({ ...mine, refs: other.refs }), bench)
    assertPaid(await gateway.check({ ...mine, refs: [...other.refs, ...mine.refs] }), bench)
  })
}

function reading(bench: Bench): void {
  const { gateway, money } = bench
  const unreadable: Fault[] = [
    'reads answered with 500',
    'reads answered with HTML',
    'another payment in the answer',
    'a payment of the other environment',
  ]
  for (const fault of unreadable) {
    it(`knows nothing of a payment after: ${fault}`, async () => {
      const attempt = await paid(bench)
      bench.fault(fault)
      await assert.rejects(gateway.check(attempt), Unanswered)
    })
  }

  it('knows nothing while nobody answers', async () => {
    await assert.rejects(bench.unreachable.check(newAttempt(bench)), Unanswered)
    await assert.rejects(bench.unreachable.open(newAttempt(bench), await bench.details()), Unanswered)
  })

  it('knows nothing with the wrong keys, and refuses to open', async () => {
    await assert.rejects(bench.stranger.check(newAttempt(bench)), Unanswered)
    await assert.rejects(bench.stranger.open(newAttempt(bench), await bench.details()), Refused)
  })

  const reported: [Fault, string, (found: Found) => void][] = [
    [
      'amount off by one',
      'reports the amount that the platform names',
      (found) => assert.equal(found.money?.amount, money.amount - 1),
    ],
    [
      'another currency',
      'reports the currency that the platform names',
      (found) => assert.notEqual(found.money?.currency, money.currency),
    ],
    [
      'captured less',
      'reports what was really captured',
      (found) => {
        assert.equal(found.captured, money.amount - 1)
        assert.deepEqual(found.money, money)
      },
    ],
    [
      'unknown status',
      'calls a status that it has never seen unknown',
      (found) => assert.equal(found.state, 'UNKNOWN'),
    ],
    [
      'currency in the other case',
      'reads a currency in either case',
      (found) => assert.deepEqual(found.money, money),
    ],
    ['numbers as strings', 'reads numbers that came as text', (found) => assertPaid(found, bench)],
  ]
  for (const [fault, title, verify] of reported) {
    faulty(bench, fault, title, async () => {
      bench.calm()
      const attempt = await paid(bench)
      bench.fault(fault)
      verify(await gateway.check(attempt))
    })
  }
}

function closing(bench: Bench): void {
  const { gateway } = bench

  when(
    gateway.can.cancel,
    'it cannot be closed',
    'closes an open payment, or says that it is still open',
    async () => {
      const { attempt } = await opened(bench)
      const closed = await gateway.cancel(attempt)
      const { state } = await gateway.check(attempt)
      assert.equal(closed, state === 'EXPIRED' || state === 'CANCELED')
      if (closed) await assert.rejects(bench.customer.pays(attempt))
    },
  )

  it('does not close a payment that was made', async () => {
    const attempt = await paid(bench)
    assert.equal(await gateway.cancel(attempt), false)
    assertPaid(await gateway.check(attempt), bench)
  })

  when(bench.customer.declines, 'nobody can decline', 'has nothing to close after a refusal', async () => {
    const { attempt } = await opened(bench)
    await bench.customer.declines?.(attempt)
    assert.equal(await gateway.cancel(attempt), true)
  })

  it('has nothing to close where nothing was opened', async () => {
    assert.equal(await gateway.cancel(newAttempt(bench)), true)
  })
}

function refunding(bench: Bench): void {
  const { gateway, money } = bench
  const whole = money.amount
  const partial = gateway.can.refund === 'partial'
  const any = gateway.can.refund !== 'none'
  const give = async (attempt: Awaited<ReturnType<typeof paid>>, amount: number, opId: string) =>
    gateway.refund(attempt, { opId, amount, reason: 'came broken' })

  when(partial, 'no partial refunds', 'gives back a part, then the rest', async () => {
    const attempt = await paid(bench)
    assert.equal((await give(attempt, 1000, 'r1')).state, 'SUCCEEDED')
    const part = await gateway.check(attempt)
    assert.deepEqual([part.state, part.captured, part.refunded], ['PARTIALLY_REFUNDED', whole, 1000])
    assert.deepEqual(
      part.refunds.map(({ opId, amount, state }) => [opId, amount, state]),
      [['r1', 1000, 'SUCCEEDED']],
    )
    assert.equal((await give(attempt, whole - 1000, 'r2')).state, 'SUCCEEDED')
    const rest = await gateway.check(attempt)
    assert.deepEqual([rest.state, rest.refunded, rest.refunds.length], ['REFUNDED', whole, 2])
  })

  when(any, 'no refunds', 'gives the whole back', async () => {
    const attempt = await paid(bench)
    assert.equal((await give(attempt, whole, 'r1')).state, 'SUCCEEDED')
    assert.equal((await gateway.check(attempt)).state, 'REFUNDED')
  })

  when(any, 'no refunds', 'gives nothing back twice when one refund is asked for again', async () => {
    const attempt = await paid(bench)
    const first = await give(attempt, whole, 'r1')
    assert.deepEqual(await give(attempt, whole, 'r1'), first)
    assert.deepEqual(bench.refunds(attempt), [whole])
  })

  when(partial, 'no partial refunds', 'makes two refunds of one amount when two were asked for', async () => {
    const attempt = await paid(bench)
    await give(attempt, 1000, 'r1')
    await give(attempt, 1000, 'r2')
    assert.deepEqual(bench.refunds(attempt), [1000, 1000])
  })

  when(any, 'no refunds', 'gives back no more than came in', async () => {
    const attempt = await paid(bench)
    const { state, error } = await give(attempt, whole + 1, 'r1')
    assert.equal(state, 'FAILED')
    assert.ok(error)
    assert.deepEqual(bench.refunds(attempt), [])
  })

  when(any, 'no refunds', 'gives nothing back for a payment that was never made', async () => {
    const { attempt } = await opened(bench)
    assert.equal((await give(attempt, 1000, 'r1')).state, 'FAILED')
  })

  for (const fault of ['refund answer lost', 'refund refused with 500'] as const) {
    faulty(bench, fault, `makes one refund after: ${fault}`, async () => {
      bench.calm()
      const attempt = await paid(bench)
      bench.fault(fault, 1)
      await attempted(give(attempt, whole, 'r1'))
      assert.equal((await give(attempt, whole, 'r1')).state, 'SUCCEEDED')
      assert.deepEqual(bench.refunds(attempt), [whole])
    })
  }
}

function webhooks(bench: Bench): void {
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
    await opened(bench)
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
      await opened(bench)
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
      await opened(bench)
      const [event] = await bench.webhooks()
      assert.ok(event)
      const spaced = Buffer.from(JSON.stringify(JSON.parse(event.body.toString()), null, 1))
      assert.throws(() => gateway.readWebhook(event.headers, spaced), BadSignature)
      assert.throws(() => gateway.readWebhook({}, Buffer.from('')), BadSignature)
    },
  )

  faulty(bench, 'webhook stale', 'takes an old event for a hint', async () => {
    await opened(bench)
    const [notice] = await read()
    assert.equal(notice?.authentic, false)
  })

  faulty(
    bench,
    'webhook with two signatures',
    'takes either signature while the secret is being changed',
    async () => {
      await opened(bench)
      assert.equal((await read())[0]?.authentic, true)
    },
  )

  faulty(bench, 'webhook of the other environment', 'ignores events of the other environment', async () => {
    await opened(bench)
    assert.deepEqual(await read(), [null])
  })

  faulty(bench, 'webhook in an old version', 'reads events in the words of an old account', async () => {
    const attempt = await paid(bench)
    for (const notice of await read()) assert.equal(notice?.attemptId, attempt.id)
  })

  faulty(bench, 'webhooks about others', 'ignores events about what is not ours', async () => {
    const { attempt } = await opened(bench)
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

  when(
    bench.unsigned,
    'there is no secret',
    'takes every event for a hint while no secret is set',
    async () => {
      await opened(bench)
      const notices = await read(bench.unsigned)
      assert.ok(notices.length)
      for (const notice of notices) assert.equal(notice?.authentic, false)
    },
  )
}

function connecting(bench: Bench): void {
  it('says that the connection works', async () => {
    const { ok, mode, latencyMs } = await bench.gateway.test()
    assert.deepEqual([ok, mode], [true, 'test'])
    assert.ok(latencyMs >= 0)
  })

  it('says what to do when it does not', async () => {
    for (const broken of [bench.stranger, bench.unreachable]) {
      const { ok, advice, answer } = await broken.test()
      assert.equal(ok, false)
      assert.ok(advice && answer)
    }
  })

  it('lets no secret into its words', async () => {
    const words: string[] = []
    const listen = async (work: Promise<unknown>) => {
      try {
        words.push(JSON.stringify(await work))
      } catch (error) {
        const { message, stack, cause } = error as Error
        words.push(message, stack ?? '', String(cause), JSON.stringify(error))
      }
    }
    const details = await bench.details()
    const unknown = { ...details, cardToken: 'tokn_test_0000000000000000000' }
    await listen(bench.stranger.open(newAttempt(bench), details))
    await listen(bench.stranger.test())
    await listen(bench.gateway.open(newAttempt(bench), details))
    await listen(bench.gateway.open(newAttempt(bench), details))
    await listen(bench.gateway.open(newAttempt(bench), unknown))
    await listen(bench.unreachable.open(newAttempt(bench), details))
    bench.fault('JSON cut off')
    await listen(bench.gateway.open(newAttempt(bench), await bench.details()))
    const all = words.join('\n')
    for (const secret of bench.secrets)
      assert.ok(!all.includes(secret), `a secret like ${secret.slice(0, 5)}… slipped out`)
  })
}
