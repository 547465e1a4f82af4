import assert from 'node:assert/strict'
import { type Bench, newAttempt } from '../../support/gateway-bench.ts'

/** The report of the *ready to go live* page, and words without secrets. */
export function connecting(bench: Bench): void {
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
