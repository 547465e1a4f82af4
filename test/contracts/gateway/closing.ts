import assert from 'node:assert/strict'
import { type Bench, newAttempt } from '../../support/gateway-bench.ts'
import { assertPaid, opened, paid, when } from './cases.ts'

/** An open payment is closed at the platform, so that no late money comes. */
export function closing(bench: Bench): void {
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

  when(
    !gateway.can.cancel,
    'it can be closed',
    'does not say that it closed what can still be paid',
    async () => {
      const { attempt } = await opened(bench)
      assert.equal(await gateway.cancel(attempt), false)
      await bench.customer.pays(attempt)
      assertPaid(await gateway.check(attempt), bench)
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
