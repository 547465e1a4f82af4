import assert from 'node:assert/strict'
import type { AskedRefund, Attempt } from '../../../server/payment/gateway.ts'
import type { Bench } from '../../support/gateway-bench.ts'
import { assertPaid, attempted, faulty, opened, paid, when } from './cases.ts'

/** Money goes back once for each refund that was asked for. */
export function refunding(bench: Bench): void {
  const { gateway, money } = bench
  const whole = money.amount
  const can = gateway.methods.find(({ name }) => name === bench.method)?.refund ?? gateway.can.refund
  const partial = can === 'partial'
  const any = can !== 'none'
  /** As the core asks: with its books of what was asked before, which then learn the answer. */
  const give = async (attempt: Attempt, amount: number, opId: string) => {
    attempt.refunds ??= []
    const known = attempt.refunds.find((refund) => refund.opId === opId)
    const asking = { ...attempt, refunds: attempt.refunds.map((refund) => ({ ...refund })) }
    const book: AskedRefund = known ?? { opId, amount, state: 'UNKNOWN' }
    if (!known) attempt.refunds.push(book)
    const answer = await gateway.refund(asking, { opId, amount, reason: 'came broken' })
    book.state = answer.state === 'PENDING' ? 'SENT' : answer.state
    return answer
  }

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

  when(!any, 'it gives back', 'gives nothing back by itself, and says that a person must', async () => {
    const attempt = await paid(bench)
    const { state, error } = await give(attempt, whole, 'r1')
    assert.equal(state, 'FAILED')
    assert.ok(error)
    assertPaid(await gateway.check(attempt), bench)
  })

  when(
    bench.givenBackByHand,
    'nobody can do it there',
    'sees what was given back at the platform',
    async () => {
      const attempt = await paid(bench)
      await bench.givenBackByHand?.(attempt)
      for (let looks = 0; looks < 2; looks += 1) {
        const found = await gateway.check(attempt)
        assert.deepEqual([found.state, found.captured, found.refunded], ['REFUNDED', whole, whole])
        assert.deepEqual(
          found.refunds.map(({ opId, amount, state }) => [opId, amount, state]),
          [[null, whole, 'SUCCEEDED']],
        )
      }
    },
  )

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
