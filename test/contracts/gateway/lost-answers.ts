import assert from 'node:assert/strict'
import { Unanswered } from '../../../server/payment/gateway.ts'
import { type Bench, type Fault, newAttempt } from '../../support/gateway-bench.ts'
import { assertPaid, attempted, faulty, opened, paid, when } from './cases.ts'

/** The work may be done though no answer came: look, never charge again. */
export function lostAnswers(bench: Bench): void {
  const { gateway } = bench
  const lost: Fault[] = [
    'answer lost after the work is done',
    '500 with HTML after the work',
    'JSON cut off',
    '500 with HTML before the work',
    'too many requests',
    'first request still running',
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
      const { next, refs } = await gateway.open(old, details)
      assert.ok(
        next.kind === 'redirect' || next.kind === 'qr' || next.kind === 'popup' || next.kind === 'code',
      )
      assert.equal(bench.payable?.(attempt) ?? bench.payments(attempt), 1)
      await bench.customer.pays(attempt)
      assertPaid(await gateway.check(bench.cannotLookUp ? { ...attempt, refs } : attempt), bench)
    })
  }

  when(
    !bench.cannotLookUp && bench.fault('no answer at all'),
    bench.cannotLookUp ?? 'every request is answered',
    'does not know what became of a request without an answer, and looks it up',
    async () => {
      bench.fault('no answer at all')
      const attempt = newAttempt(bench)
      const answer = await attempted(bench.impatient.open(attempt, await bench.details()))
      bench.calm()
      assert.equal(bench.payments(attempt), 1)
      const { state, refs } = await gateway.check(attempt)
      // Of what is in no list yet nobody knows the way, and so nobody can pay it.
      assert.equal(state, bench.unlisted ? 'MISSING' : 'PENDING')
      assert.equal(refs.length > 0, !bench.unlisted)
      if (bench.payable) assert.equal(bench.payable(attempt), 0)
      if (answer) assert.deepEqual(answer.refs, refs)
    },
  )

  it('says that the platform never heard of an attempt that was not opened', async () => {
    assert.equal((await gateway.check(newAttempt(bench))).state, 'MISSING')
  })

  when(
    !bench.cannotLookUp,
    bench.cannotLookUp ?? '',
    'finds an attempt by our own reference when the platform’s was never stored',
    async () => {
      const attempt = await paid(bench)
      assertPaid(await gateway.check({ ...attempt, refs: [] }), bench)
    },
  )

  when(
    bench.cannotLookUp,
    'what is lost is looked up',
    'leaves nothing behind that could be paid after a request without an answer',
    async () => {
      const attempt = newAttempt(bench)
      bench.fault('no answer at all')
      assert.equal(await attempted(bench.impatient.open(attempt, await bench.details())), null)
      bench.calm()
      assert.equal(bench.payments(attempt), 0)
      assert.equal((await gateway.check(attempt)).state, 'MISSING')
    },
  )

  it('is not misled by a reference of another payment', async () => {
    const [mine, other] = [await paid(bench), (await opened(bench)).attempt]
    if (!bench.cannotLookUp) assertPaid(await gateway.check({ ...mine, refs: other.refs }), bench)
    else await assert.rejects(gateway.check({ ...mine, refs: other.refs }), Unanswered)
    assertPaid(await gateway.check({ ...mine, refs: [...other.refs, ...mine.refs] }), bench)
  })
}
