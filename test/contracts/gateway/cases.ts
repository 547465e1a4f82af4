import assert from 'node:assert/strict'
import { type Attempt, type Found, Unanswered } from '../../../server/payment/gateway.ts'
import { type Bench, type Fault, newAttempt } from '../../support/gateway-bench.ts'

/** A test that applies only where the platform can do what it is about. */
export function when(possible: unknown, why: string, title: string, test: () => Promise<void>): void {
  if (possible) it(title, test)
  else it.skip(`${title} (${why})`)
}

/** A test of one fault; `calm` comes by itself. */
export function faulty(
  bench: Bench,
  fault: Fault,
  title: string,
  test: () => Promise<void>,
  times?: number,
): void {
  const possible = bench.fault(fault)
  bench.calm()
  when(possible, `this platform has no "${fault}"`, title, async () => {
    bench.fault(fault, times)
    await test()
  })
}

export async function opened(bench: Bench) {
  const attempt = newAttempt(bench)
  const answer = await bench.gateway.open(attempt, await bench.details())
  return { attempt: { ...attempt, refs: answer.refs }, ...answer }
}

/** An attempt that the platform has told something of: most do when it is opened, some when its page was used. */
export const heard = async (bench: Bench): Promise<Attempt> =>
  bench.firstNews?.() ?? (await opened(bench)).attempt

export async function paid(bench: Bench) {
  const { attempt } = await opened(bench)
  await bench.customer.pays(attempt)
  return attempt
}

export function assertPaid(found: Found, { money }: Bench): void {
  assert.equal(found.state, 'CAPTURED')
  assert.deepEqual(found.money, money)
  assert.equal(found.captured, money.amount)
  assert.equal(found.refunded, 0)
}

/** What one may call to try something that must end in an answer or in "we do not know", never in a wrong state. */
export async function attempted<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Unanswered) return null
    throw error
  }
}
