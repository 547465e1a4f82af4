import assert from 'node:assert/strict'
import { type Found, Refused, Unanswered } from '../../../server/payment/gateway.ts'
import { type Bench, type Fault, newAttempt } from '../../support/gateway-bench.ts'
import { assertPaid, faulty, opened, paid } from './cases.ts'

/** Reads that fail or say something odd. */
export function reading(bench: Bench): void {
  const { gateway, money } = bench
  const unreadable: Fault[] = [
    'reads answered with 500',
    'reads answered with HTML',
    'another payment in the answer',
    'a payment of the other environment',
  ]
  for (const fault of unreadable) {
    faulty(bench, fault, `knows nothing of a payment after: ${fault}`, async () => {
      bench.calm()
      const attempt = await paid(bench)
      bench.fault(fault)
      await assert.rejects(gateway.check(attempt), Unanswered)
    })
  }

  it('knows nothing while nobody answers', async () => {
    await assert.rejects(bench.unreachable.check((await opened(bench)).attempt), Unanswered)
    await assert.rejects(bench.unreachable.open(newAttempt(bench), await bench.details()), Unanswered)
  })

  it('knows nothing with the wrong keys, and refuses to open', async () => {
    await assert.rejects(bench.stranger.check((await opened(bench)).attempt), Unanswered)
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
      'payer’s currency converted',
      'counts what came in the shop’s own currency where the payer’s was converted',
      (found) => assertPaid(found, bench),
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
    ['keys in the other case', 'reads keys in either case', (found) => assertPaid(found, bench)],
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
