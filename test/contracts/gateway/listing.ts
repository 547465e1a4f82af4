import assert from 'node:assert/strict'
import type { Listed } from '../../../server/payment/gateway.ts'
import type { Bench } from '../../support/gateway-bench.ts'
import { paid, when } from './cases.ts'

const HOUR = 3600_000

/** What the platform has of a span of time, as reconciliation compares it with the books. */
export function listing(bench: Bench): void {
  const { gateway, money } = bench
  const lists = gateway.list !== undefined
  const around = () => ({ from: new Date(Date.now() - HOUR), to: new Date(Date.now() + HOUR) })

  async function listed(span: { from: Date; to: Date }): Promise<Listed[]> {
    const all: Listed[] = []
    for await (const one of gateway.list?.(span) ?? []) all.push(one)
    return all
  }

  when(lists, 'it lists nothing', 'lists a payment that was made, by its own names and ours', async () => {
    const attempt = await paid(bench)
    const { refs } = await gateway.check(attempt)
    const ours = (await listed(around())).filter(({ attemptId }) => attemptId === attempt.id)
    assert.equal(ours.length, 1)
    const [one] = ours
    assert.deepEqual([one?.money, one?.captured, one?.refunded], [money, money.amount, 0])
    assert.ok(refs.some(({ kind, value }) => kind === one?.ref.kind && value === one.ref.value))
    assert.ok(one && Math.abs(one.at.getTime() - Date.now()) < HOUR)
  })

  when(lists, 'it lists nothing', 'lists many payments, each once', async () => {
    const ids: string[] = []
    for (let i = 0; i < 25; i += 1) ids.push((await paid(bench)).id)
    const ours = (await listed(around())).filter(({ attemptId }) => attemptId && ids.includes(attemptId))
    assert.deepEqual(ours.map(({ attemptId }) => attemptId).toSorted(), ids.toSorted())
  })

  when(lists, 'it lists nothing', 'lists nothing of another time', async () => {
    const attempt = await paid(bench)
    const yesterday = { from: new Date(Date.now() - 48 * HOUR), to: new Date(Date.now() - 24 * HOUR) }
    const found = await listed(yesterday)
    assert.ok(!found.some(({ attemptId }) => attemptId === attempt.id))
  })
}
